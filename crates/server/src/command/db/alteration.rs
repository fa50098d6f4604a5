//! `hufu db alteration` (`contract/logto-core.md` §2).

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::json;
use store::alteration::{self, Alteration};

use super::Context;
use crate::command::{ask, output};

#[derive(Debug, Subcommand)]
pub(in crate::command) enum Command {
    /// Print every alteration, oldest first
    List,
    /// Deploy what the database lacks
    #[command(visible_alias = "d")]
    Deploy {
        /// The last alteration to deploy: its number, latest, or next
        target: Option<String>,
    },
    /// Take alterations back
    #[command(visible_alias = "r", alias = "rollback-to-timestamp")]
    Rollback {
        /// The number of the last alteration to keep
        version: String,
    },
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        match self {
            Self::List => list(&context)?,
            Self::Deploy { target } => deploy(&context, target).await?,
            Self::Rollback { version } => {
                let taken_back =
                    alteration::rollback(&context.connect().await?, number(&version)?).await?;
                report(&context, "rolled back", &taken_back)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(context: &Context) -> anyhow::Result<()> {
    if context.json {
        let all: Vec<_> = alteration::list().iter().map(value).collect();
        return output::json(&all);
    }
    let names: Vec<_> = alteration::list().iter().map(file).collect();
    Ok(output::text(&names.join("\n"))?)
}

async fn deploy(context: &Context, target: Option<String>) -> anyhow::Result<()> {
    let target = match target {
        Some(target) => target,
        None => ask::line("Deploy up to which alteration?", "latest")?
            .context("missing target; write for example: hufu db alteration deploy latest")?,
    };
    let target = match target.as_str() {
        "latest" | "next" | env!("CARGO_PKG_VERSION") => None,
        other => Some(number(other)?),
    };
    let deployed = alteration::deploy(&context.connect().await?, target, context.now()).await?;
    report(context, "deployed", &deployed)
}

fn number(text: &str) -> anyhow::Result<i64> {
    let number = text.parse().ok();
    let Some(number) = number.filter(|&number| {
        number == 0
            || alteration::list()
                .iter()
                .any(|known| known.version == number)
    }) else {
        bail!("there is no alteration {text:?}; hufu db alteration list prints them");
    };
    Ok(number)
}

fn report(context: &Context, done: &str, alterations: &[Alteration]) -> anyhow::Result<()> {
    if context.json {
        let all: Vec<_> = alterations.iter().map(value).collect();
        return output::json(&all);
    }
    if alterations.is_empty() {
        output::text("nothing to do")?;
    }
    for alteration in alterations {
        output::text(&format!("{done} {}", file(alteration)))?;
    }
    Ok(())
}

fn value(alteration: &Alteration) -> serde_json::Value {
    json!({ "version": alteration.version, "name": alteration.name })
}

fn file(alteration: &Alteration) -> String {
    format!("{:04}_{}.sql", alteration.version, alteration.name)
}
