//! `hufu doctor`: what breaks in practice, and how to mend it.

mod date;
mod finding;
mod inside;
mod outside;
mod visit;

use std::process::ExitCode;

use clap::Args;

use self::finding::{Finding, Verdict};
use super::{Context, output};
use crate::config::UrlSet;

#[derive(Debug, Args)]
pub(super) struct Command {
    /// The address at which people open the server; ENDPOINT when not given
    #[arg(long, value_name = "ADDRESS")]
    url: Option<String>,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let mut findings = inside::findings(&context).await;
        findings.extend(self.outside(&context).await);
        print(&context, &findings)?;
        let is_broken = findings
            .iter()
            .any(|finding| finding.verdict == Verdict::Broken);
        Ok(if is_broken {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    async fn outside(self, context: &Context) -> Vec<Finding> {
        let core: &UrlSet = &context.config.addresses.core;
        let configured = core
            .primary()
            .map(|address| address.replacen('*', "default", 1))
            .unwrap_or_default();
        let address = self
            .url
            .map_or(configured, |url| url.trim_end_matches('/').to_owned());
        match visit::server(context, &address).await {
            Ok(outside) => outside::findings(&outside),
            Err(error) => vec![Finding::broken(
                "reachable",
                format!("{address} cannot be asked: {error:#}"),
                "give the address as --url https://id.example.com",
            )],
        }
    }
}

fn print(context: &Context, findings: &[Finding]) -> anyhow::Result<()> {
    if context.json {
        return output::json(&findings);
    }
    for finding in findings {
        output::text(&format!(
            "{} {}: {}",
            finding.verdict.mark(),
            finding.check,
            finding.message
        ))?;
        if let Some(mend) = &finding.mend {
            output::text(&format!("       -> {mend}"))?;
        }
    }
    Ok(())
}
