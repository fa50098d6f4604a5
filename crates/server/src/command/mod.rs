//! `hufu COMMAND`: what is typed, and where it is done.

mod app;
mod apply;
mod ask;
mod connector;
mod context;
mod db;
mod doctor;
mod export;
mod help;
mod key;
mod log;
mod output;
mod serve;
mod user;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{ArgAction, Args, Parser, Subcommand};

use self::context::Context;
use crate::script;

/// Hufu signs people in for the applications in front of it.
#[derive(Debug, Parser)]
#[command(
    name = "hufu",
    version,
    disable_help_subcommand = true,
    disable_version_flag = true,
    propagate_version = false
)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
    /// Print the version
    #[arg(short = 'v', short_alias = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
struct Options {
    /// Read variables from this file instead of the .env found from here upwards
    #[arg(short = 'e', long, aliases = ["env"], global = true, value_name = "PATH")]
    env_file: Option<PathBuf>,
    #[arg(help = "The database, in place of DB_URL")]
    #[arg(long, aliases = ["db", "database-url"], global = true, value_name = "ADDRESS")]
    db_url: Option<String>,
    /// Print JSON instead of tables
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server; what hufu does without a command
    Serve,
    /// Create, update and look into the database
    #[command(subcommand, visible_alias = "database")]
    Db(db::Command),
    /// People's accounts
    #[command(subcommand)]
    User(user::Command),
    /// Applications that people sign in to
    #[command(subcommand)]
    App(app::Command),
    /// Keys that sign tokens
    #[command(subcommand)]
    Key(key::Command),
    /// Ways to sign in with another provider
    #[command(subcommand, visible_aliases = ["c", "connectors"])]
    Connector(connector::Command),
    /// Bring settings to what a document says, after showing the difference
    Apply(apply::Command),
    /// Print settings as a document that `hufu apply` takes, without secrets
    Export(export::Command),
    /// Check what breaks in practice, and say how to mend it
    Doctor(doctor::Command),
    /// Run scripts for a server; only a server calls this
    #[command(hide = true)]
    ScriptWorker,
    /// Explain a command; `hufu help env` lists the variables
    Help(help::Command),
}

/// Does what the command line of this process asks for. Errors go to standard error, with exit code 1.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(code) => code,
        // Whoever reads our output has read enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::fatal(&error);
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let command = match arguments.command.unwrap_or(Command::Serve) {
        Command::Help(help) => return help.run(),
        Command::ScriptWorker => {
            script::worker::serve()?;
            return Ok(ExitCode::SUCCESS);
        }
        command => command,
    };
    let is_server = matches!(command, Command::Serve);
    let context = Context::new(&arguments.options)?;
    log::start(&context.config.log, is_server);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(dispatch(command, context))
}

async fn dispatch(command: Command, context: Context) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => serve::run(context).await,
        Command::Db(command) => command.run(context).await,
        Command::User(command) => command.run(context).await,
        Command::App(command) => command.run(context).await,
        Command::Key(command) => command.run(context).await,
        Command::Connector(command) => command.run(context).await,
        Command::Apply(command) => command.run(context).await,
        Command::Export(command) => command.run(context).await,
        Command::Doctor(command) => command.run(context).await,
        Command::Help(command) => command.run(),
        Command::ScriptWorker => Ok(ExitCode::FAILURE),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Arguments, Command};

    #[test]
    fn the_commands_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_command_means_serve() {
        assert!(
            Arguments::try_parse_from(["hufu"])
                .unwrap()
                .command
                .is_none()
        );
    }

    #[test]
    fn logtos_spellings_are_understood() {
        for line in [
            "hufu db seed --swe",
            "hufu db seed --skip-when-exists --dapc",
            "hufu database seed --disable-admin-pwned-password-check --encrypt-base-role",
            "hufu db alt list",
            "hufu db alter deploy latest",
            "hufu db alteration r 1",
            "hufu db alteration rollback-to-timestamp 1",
            "hufu db configs get oidc.session oidc.cookieKeys --tenantId admin",
            "hufu db config rotate oidc.privateKeys --type rsa --gracePeriod 60",
            "hufu db config trim oidc.cookieKeys 2",
            "hufu db system get alterationState",
            "hufu --db sqlite:a.db db seed",
            "hufu db seed --database-url sqlite:a.db --env a.env",
            "hufu connector add --official",
            "hufu c l",
            "hufu help env",
        ] {
            let read = Arguments::try_parse_from(line.split(' '));
            assert!(read.is_ok(), "{line}: {}", read.unwrap_err());
        }
    }

    #[test]
    fn unknown_commands_and_options_are_errors() {
        for line in [
            "hufu frobnicate",
            "hufu db seed --frobnicate",
            "hufu serve now",
        ] {
            assert!(
                Arguments::try_parse_from(line.split(' ')).is_err(),
                "{line}"
            );
        }
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        for line in ["hufu --json user list", "hufu user list --json"] {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert!(arguments.options.json && matches!(arguments.command, Some(Command::User(_))));
        }
    }
}
