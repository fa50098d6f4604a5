//! `hufu apply`.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::Args;

use super::{Context, output};
use crate::{
    apply::{self, Action, ApplyError, Change, World},
    operation,
};

/// What to apply.
#[derive(Debug, Args)]
#[command(after_help = "\
A document says of resources, roles, organizationScopes, organizationRoles, ssoConnectors, organizations, applications,
samlApplications, connectors, hooks, customPhrases, emailTemplates, customProfileFields, captchaProvider, accountCenter,
cimdUserConsentScopes, configs and signInExperience what `hufu export` prints of them. Things are found by what they are called,
or by their id where it stands there; what the document does not mention stays as it is, but cimdUserConsentScopes is replaced
as a whole. With --prune each section that it has is the whole: other things of that kind are removed, and so is what its lists
of scopes, secrets and signingKeys leave out; what the server came with stays. ${NAME} in a text is a variable of the
environment or of the .env file: secrets belong there. $${ stands for the characters ${ themselves.")]
pub(super) struct Command {
    /// The document, in YAML; - is standard input
    file: PathBuf,
    /// Only show the difference
    #[arg(long)]
    dry_run: bool,
    /// Also remove what the document's sections do not mention
    #[arg(long)]
    prune: bool,
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let text = read(&self.file).with_context(|| self.file.display().to_string())?;
        let (db, vault) = context.open().await?;
        let settings = operation::setting::lock_name(&self.tenant);
        let mut tx = db.begin_alone(&settings).await?;
        let mut world = World {
            tx: &mut tx,
            vault: &vault,
            config: &context.config,
            tenant: &self.tenant,
            now: context.now(),
        };
        let applied = apply::apply(
            &mut world,
            &text,
            &|name| context.variable(name),
            self.prune,
        )
        .await;
        let changes = match applied {
            Ok(changes) => changes,
            Err(ApplyError::Fault(fault)) => {
                bail!("{}:{}: {}", self.file.display(), fault.line, fault.message)
            }
            Err(ApplyError::Operation(error)) => return Err(error.into()),
        };
        // Shown before it is true: whoever waits for the database at the end knows for what.
        self.show(&changes, context.json)?;
        if !self.dry_run {
            tx.commit().await?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, changes: &[Change], json: bool) -> anyhow::Result<()> {
        if json {
            return output::json(&changes);
        }
        if changes.is_empty() {
            return Ok(output::text("no differences")?);
        }
        let mut lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
        let tense = if self.dry_run { "to be " } else { "" };
        let mut counts = Vec::new();
        for (action, done) in [
            (Action::Make, "made"),
            (Action::Change, "changed"),
            (Action::Remove, "removed"),
        ] {
            let count = changes.iter().filter(|it| it.action == action).count();
            if self.prune || action != Action::Remove {
                counts.push(format!("{count} {tense}{done}"));
            }
        }
        lines.push(counts.join(", "));
        Ok(output::text(&lines.join("\n"))?)
    }
}

fn read(path: &Path) -> io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
}
