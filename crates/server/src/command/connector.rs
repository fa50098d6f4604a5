//! `hufu connector`.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::{Context, output};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a way to sign in
    #[command(visible_aliases = ["a", "i", "install"])]
    Add(Add),
    /// List them
    #[command(visible_alias = "l")]
    List {
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
    /// Remove one
    #[command(visible_aliases = ["rm", "delete"])]
    Remove {
        /// Its id
        id: String,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// github, oauth2 or oidc
    factory: Option<String>,
    /// Accepted for Logto's sake: all connectors are built in
    #[arg(short, long)]
    official: bool,
}

impl Command {
    #[expect(clippy::unused_async, reason = "the bodies will wait for the database")]
    pub(super) async fn run(self, _: Context) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add(Add { official: true, .. }) => {
                output::text("all connectors are built in: there is nothing to install")?;
                Ok(ExitCode::SUCCESS)
            }
            _ => bail!("soon"),
        }
    }
}
