//! `hufu db seed` (`contract/logto-core.md` §2).

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use store::{alteration, seed::Seeded};

use super::Context;
use crate::{
    command::output,
    prepare::{self, Breached, Existing},
};

#[derive(Debug, Args)]
pub(in crate::command) struct Command {
    /// Do nothing when the database is seeded already
    #[arg(long, visible_alias = "swe")]
    skip_when_exists: bool,
    /// Let administrators use passwords that are known from breaches, for networks that cannot ask
    #[arg(long, visible_alias = "dapc")]
    disable_admin_pwned_password_check: bool,
    /// Accepted for Logto's sake: Hufu makes no roles in the database
    #[arg(long)]
    encrypt_base_role: bool,
    /// Accepted for Logto's sake
    #[arg(hide = true)]
    kind: Option<String>,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let existing = if self.skip_when_exists {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        let breached = if self.disable_admin_pwned_password_check {
            Breached::Unchecked
        } else {
            Breached::Refused
        };
        if self.encrypt_base_role {
            output::remark(
                "--encrypt-base-role has no effect: Hufu makes no roles in the database",
            );
        }
        let db = prepare::connect_or_create(&context.config.database).await?;
        alteration::deploy(&db, None, context.now()).await?;
        let vault = context.vault()?;
        vault.check(&db).await?;
        let seeded = prepare::seed(
            &db,
            &vault,
            &context.config.keys,
            existing,
            breached,
            context.now(),
        )
        .await?;
        if context.json {
            output::json(&json!({ "seeded": seeded == Seeded::New }))?;
        } else {
            output::text(if seeded == Seeded::New {
                "the database is seeded"
            } else {
                "skipped: the database is seeded already"
            })?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
