//! `hufu serve`.

use std::process::ExitCode;

use super::Context;

/// Runs until it is told to stop.
pub(super) async fn run(context: Context) -> anyhow::Result<ExitCode> {
    crate::serve::serve(context.config).await?;
    Ok(ExitCode::SUCCESS)
}
