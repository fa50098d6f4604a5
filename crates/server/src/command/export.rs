//! `hufu export`.

use std::process::ExitCode;

use clap::Args;

use super::{Context, output};
use crate::apply::{self, World};

/// What to export.
#[derive(Debug, Args)]
pub(super) struct Command {
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let (db, vault) = context.open().await?;
        // One transaction sees one state, and writes nothing.
        let mut tx = db.begin().await?;
        let mut world = World {
            tx: &mut tx,
            vault: &vault,
            config: &context.config,
            tenant: &self.tenant,
            now: context.now(),
        };
        let export = apply::export(&mut world).await?;
        output::text(&export.text)?;
        if !export.variables.is_empty() {
            output::remark(&format!(
                "secrets are not written: set these variables where the document is applied: {}",
                export.variables.join(", ")
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}
