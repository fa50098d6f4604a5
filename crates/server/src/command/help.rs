//! `hufu help`.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, CommandFactory};

use super::{Arguments, output};
use crate::config;

/// What to explain.
#[derive(Debug, Args)]
pub(super) struct Command {
    /// A command, or `env` for the environment variables
    topic: Vec<String>,
}

impl Command {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        if self.topic == ["env"] {
            output::text(&config::help::text())?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut command = Arguments::command();
        command.build();
        let mut found = &mut command;
        for word in &self.topic {
            match found.find_subcommand_mut(word) {
                Some(inner) => found = inner,
                None => bail!("there is no command {word:?}; hufu help lists them"),
            }
        }
        output::text(&found.render_long_help().to_string())?;
        Ok(ExitCode::SUCCESS)
    }
}
