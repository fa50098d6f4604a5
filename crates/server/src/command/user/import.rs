//! `hufu user import`.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use store::{Db, tenant};

use crate::{
    command::{Context, output},
    operation::user::{
        import::{Import, Progress, RefusedLine, Summary},
        username_case,
    },
};

#[derive(Debug, Args)]
pub(in crate::command) struct Command {
    /// The file, or - for standard input. Each line has the members of Logto's POST /api/users (username, primaryEmail, primaryPhone,
    /// name, avatar, profile, customData, passwordDigest with passwordAlgorithm, or password) and may have id, isSuspended, createdAt,
    /// updatedAt, lastSignInAt, applicationId and identities
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Command {
    pub(super) async fn run(self, context: &Context, db: &Db) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            tenant::list(db).await?.contains(&self.tenant),
            "there is no tenant {:?}",
            self.tenant
        );
        let (lines, length) = open(&self.file)?;
        let bar = bar(length);
        let import = Import {
            db,
            tenant: &self.tenant,
            case: username_case(&context.config),
            workers: context.config.hashing.workers,
            now: context.now(),
        };
        let mut written = Ok(());
        let summary = import.run(lines, |progress| match progress {
            Progress::Bytes(bytes) => bar.set_position(bytes),
            Progress::Refused(line) => {
                let result = bar.suspend(|| refused(context, line));
                if written.is_ok() {
                    written = result;
                }
            }
        });
        let summary = summary.await?;
        bar.finish_and_clear();
        written?;
        print(context, &summary)?;
        Ok(if summary.refused == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn open(path: &Path) -> anyhow::Result<(Box<dyn BufRead + Send>, Option<u64>)> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(io::stdin())), None));
    }
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let length = file.metadata().ok().map(|metadata| metadata.len());
    Ok((Box::new(BufReader::with_capacity(256 * 1024, file)), length))
}

/// Draws itself on standard error, and only when that is a terminal.
fn bar(length: Option<u64>) -> ProgressBar {
    let style = |template: &str| {
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    };
    match length {
        Some(length) => ProgressBar::new(length).with_style(style(
            "{percent:>3} % {wide_bar} {bytes} of {total_bytes}, {eta} left",
        )),
        None => ProgressBar::no_length().with_style(style("{bytes} read in {elapsed}")),
    }
}

/// Refused lines are printed as they come: a list of them could be as long as the file.
fn refused(context: &Context, line: &RefusedLine) -> anyhow::Result<()> {
    if context.json {
        let line =
            json!({ "line": line.number, "code": line.why.code, "message": line.why.message });
        return Ok(output::text(&line.to_string())?);
    }
    Ok(output::text(&format!(
        "line {}: {}",
        line.number, line.why
    ))?)
}

fn print(context: &Context, summary: &Summary) -> anyhow::Result<()> {
    if context.json {
        let summary = json!({ "taken": summary.taken, "refused": summary.refused, "ignored": summary.ignored });
        return Ok(output::text(&summary.to_string())?);
    }
    output::text(&format!(
        "{} taken, {} refused",
        summary.taken, summary.refused
    ))?;
    let known = ["tenantId", "hasPassword"];
    let ignored: Vec<_> = summary
        .ignored
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    if !ignored.is_empty() {
        output::remark(&format!("not read: {}", ignored.join(", ")));
    }
    Ok(())
}
