//! What is asked of the person at the terminal.

use std::io::{self, IsTerminal, Read};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use console::Term;
use protocol::secret::Secret;

/// Where a password comes from.
#[derive(Clone, Debug, Args)]
pub(super) struct PasswordFrom {
    /// The password; other users of this machine may see it, so rather use --password-stdin
    #[arg(long, conflicts_with = "password_stdin")]
    password: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordFrom {
    /// The password that was given or is asked for twice at the terminal.
    pub(super) fn read(self) -> anyhow::Result<Secret> {
        let password = if let Some(password) = self.password {
            Secret::new(password)
        } else if self.password_stdin {
            let mut text = String::new();
            io::stdin()
                .lock()
                .take(4096)
                .read_to_string(&mut text)
                .context("the password could not be read")?;
            Secret::new(text.trim_end_matches(['\r', '\n']))
        } else {
            at_terminal()?
        };
        ensure!(!password.reveal().is_empty(), "the password is empty");
        Ok(password)
    }
}

fn at_terminal() -> anyhow::Result<Secret> {
    let terminal = Term::stderr();
    if !terminal.is_term() || !io::stdin().is_terminal() {
        bail!("there is no terminal to ask for the password: use --password-stdin");
    }
    let ask = |prompt: &str| -> io::Result<Secret> {
        terminal.write_str(prompt)?;
        terminal.read_secure_line().map(Secret::new)
    };
    let first = ask("Password: ")?;
    ensure!(first == ask("Once more: ")?, "the two passwords differ");
    Ok(first)
}

/// The answer to a question, or `None` without a terminal. Nothing typed means `default`.
pub(super) fn line(question: &str, default: &str) -> anyhow::Result<Option<String>> {
    let terminal = Term::stderr();
    if !terminal.is_term() || !io::stdin().is_terminal() {
        return Ok(None);
    }
    terminal.write_str(&format!("{question} [{default}]: "))?;
    let answer = terminal.read_line()?;
    let answer = answer.trim();
    Ok(Some(if answer.is_empty() {
        default.to_owned()
    } else {
        answer.to_owned()
    }))
}

/// Whether the person agrees; without a terminal only `--yes` does.
pub(super) fn agrees(question: &str, yes: bool) -> anyhow::Result<bool> {
    if yes {
        return Ok(true);
    }
    match line(question, "no")? {
        Some(answer) => Ok(matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")),
        None => bail!("there is no terminal to ask: add --yes"),
    }
}
