//! `hufu db`.

mod alteration;
mod config;
mod seed;
mod system;

use std::process::ExitCode;

use clap::Subcommand;

use super::Context;

#[derive(Debug, Subcommand)]
pub(in crate::command) enum Command {
    /// Create the tables and what they hold at first
    Seed(seed::Command),
    /// Changes of the tables
    #[command(subcommand, visible_aliases = ["alt", "alter"])]
    Alteration(alteration::Command),
    /// Settings of a tenant
    #[command(subcommand, visible_alias = "configs")]
    Config(config::Command),
    /// Settings of the whole installation
    #[command(subcommand)]
    System(system::Command),
}

impl Command {
    pub(in crate::command) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        match self {
            Self::Seed(command) => command.run(context).await,
            Self::Alteration(command) => command.run(context).await,
            Self::Config(command) => command.run(context).await,
            Self::System(command) => command.run(context).await,
        }
    }
}
