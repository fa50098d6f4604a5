//! `hufu user`.

mod create;
mod import;
mod print;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use identity::user::User;
use protocol::secret::Secret;
use serde_json::json;
use store::{
    Db, Page, Tx,
    search::Search,
    user::{self, FIELDS, Wanted},
};

use super::{
    Context,
    ask::{self, PasswordFrom},
    output,
};
use crate::operation;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an account
    Create(create::Command),
    /// List accounts, newest first
    #[command(visible_alias = "ls")]
    List {
        /// Part of a name, e-mail address or phone number, or an id
        #[arg(long, default_value = "", hide_default_value = true)]
        search: String,
        /// How many at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        /// How many to leave out first
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
        offset: i64,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
    /// Show one
    Show(Named),
    /// Give somebody a new password
    SetPassword {
        #[command(flatten)]
        user: Named,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Bar somebody, which ends their sessions; or let them in again
    Suspend {
        #[command(flatten)]
        user: Named,
        /// Let them in again
        #[arg(long)]
        undo: bool,
    },
    /// Delete an account and all that belongs to it
    #[command(visible_alias = "rm")]
    Delete {
        #[command(flatten)]
        user: Named,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Make accounts from a file with one JSON object on each line
    Import(import::Command),
}

/// Whom a command is about.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Id, user name, e-mail address or phone number
    #[arg(value_name = "USER")]
    user: String,
    /// The tenant
    #[arg(long, default_value = "default")]
    tenant: String,
}

impl Named {
    async fn find(&self, context: &Context, tx: &mut Tx) -> anyhow::Result<User> {
        let case = operation::user::username_case(&context.config);
        Ok(operation::user::find(tx, &self.tenant, &self.user, case).await?)
    }

    async fn load(&self, context: &Context, db: &Db) -> anyhow::Result<User> {
        self.find(context, &mut db.begin().await?).await
    }
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let (db, _) = context.open().await?;
        match self {
            Self::Create(command) => command.run(&context, &db).await?,
            Self::List {
                search,
                limit,
                offset,
                tenant,
            } => {
                let wanted = Wanted {
                    search: Search::containing(&search, &FIELDS),
                    ..Wanted::default()
                };
                let listed = user::page(&db, &tenant, &wanted, Page { limit, offset }).await?;
                print::list(&context, &listed.rows, listed.total)?;
            }
            Self::Show(user) => print::one(&context, &user.load(&context, &db).await?)?,
            Self::SetPassword { user, password } => {
                set_password(&context, &db, &user, password).await?;
            }
            Self::Suspend { user, undo } => suspend(&context, &db, &user, !undo).await?,
            Self::Delete { user, yes } => delete(&context, &db, &user, yes).await?,
            Self::Import(command) => return command.run(&context, &db).await,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Hashes on a thread of its own: 20 ms of work do not belong on an async thread.
async fn hash(password: Secret) -> anyhow::Result<identity::user::StoredPassword> {
    let salt = crate::random::bytes();
    Ok(
        tokio::task::spawn_blocking(move || identity::password::hash(password.reveal(), salt))
            .await?,
    )
}

async fn set_password(
    context: &Context,
    db: &Db,
    named: &Named,
    password: PasswordFrom,
) -> anyhow::Result<()> {
    let user = named.load(context, db).await?;
    let password = hash(password.read()?).await?;
    let mut tx = db.begin().await?;
    user::set_password(
        &mut tx,
        &named.tenant,
        &user.id,
        Some(&password),
        context.now(),
    )
    .await?;
    tx.commit().await?;
    done(context, &user.id, "has a new password")
}

async fn suspend(
    context: &Context,
    db: &Db,
    named: &Named,
    is_suspended: bool,
) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    let user = named.find(context, &mut tx).await?;
    user::set_suspended(
        &mut tx,
        &named.tenant,
        &user.id,
        is_suspended,
        context.now(),
    )
    .await?;
    tx.commit().await?;
    done(
        context,
        &user.id,
        if is_suspended {
            "is suspended"
        } else {
            "may sign in again"
        },
    )
}

async fn delete(context: &Context, db: &Db, named: &Named, yes: bool) -> anyhow::Result<()> {
    let user = named.load(context, db).await?;
    if !ask::agrees(
        &format!("Delete the account {} ({})?", user.id, print::name(&user)),
        yes,
    )? {
        anyhow::bail!("nothing was deleted");
    }
    let mut tx = db.begin().await?;
    user::delete(&mut tx, &named.tenant, &user.id).await?;
    tx.commit().await?;
    done(context, &user.id, "is deleted")
}

fn done(context: &Context, id: &str, what: &str) -> anyhow::Result<()> {
    if context.json {
        return output::json(&json!({ "id": id, "done": what }));
    }
    Ok(output::text(&format!("{id} {what}"))?)
}
