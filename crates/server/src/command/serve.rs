//! `hufu serve`.

use std::process::ExitCode;

use anyhow::bail;

use super::Context;

/// Runs until it is told to stop.
#[expect(clippy::unused_async, reason = "the server will wait")]
pub(super) async fn run(_: Context) -> anyhow::Result<ExitCode> {
    bail!("the server is not put together yet")
}
