//! `hufu app`.

mod create;

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};
use store::{
    Page,
    application::{self, Application, FIELDS, Wanted, secret},
    search::Search,
};

use super::{Context, ask, output};
use crate::operation;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register an application and print what to paste into its settings
    Create(create::Command),
    /// List applications, newest first
    #[command(visible_alias = "ls")]
    List {
        /// Part of a name, an id or a description
        #[arg(long, default_value = "", hide_default_value = true)]
        search: String,
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
    /// Show one
    Show {
        /// Its id
        id: String,
        /// Show its secrets as well
        #[arg(long)]
        secrets: bool,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
    /// Delete one, with everything that people allowed it
    #[command(visible_alias = "rm")]
    Delete {
        /// Its id
        id: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(command) => command.run(context).await?,
            Self::List {
                search,
                limit,
                tenant,
            } => {
                let (db, _) = context.open().await?;
                let wanted = Wanted {
                    search: Search::containing(&search, &FIELDS),
                    ..Wanted::default()
                };
                let page = Page { limit, offset: 0 };
                let listed = application::page(&db, &tenant, &wanted, page).await?;
                list(&context, &listed.rows)?;
            }
            Self::Show {
                id,
                secrets,
                tenant,
            } => show(&context, &id, secrets, &tenant).await?,
            Self::Delete { id, yes, tenant } => delete(&context, &id, yes, &tenant).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// As Logto's API writes an application.
pub(super) fn value(application: &Application) -> Value {
    json!({
        "id": application.id, "name": application.name, "description": application.description, "type": application.kind,
        "isThirdParty": application.is_third_party, "oidcClientMetadata": application.oidc_client_metadata,
        "customClientMetadata": application.custom_client_metadata, "customData": application.custom_data,
        "createdAt": application.created_at.as_millis(),
    })
}

fn kind(application: &Application) -> String {
    serde_json::to_value(application.kind)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn list(context: &Context, applications: &[Application]) -> anyhow::Result<()> {
    if context.json {
        return output::json(&applications.iter().map(value).collect::<Vec<_>>());
    }
    let row = |application: &Application| {
        let first = application
            .oidc_client_metadata
            .redirect_uris
            .first()
            .cloned()
            .unwrap_or_default();
        vec![
            application.id.clone(),
            application.name.clone(),
            kind(application),
            output::time(application.created_at),
            first,
        ]
    };
    Ok(output::table(
        &["ID", "NAME", "TYPE", "CREATED (UTC)", "REDIRECT"],
        applications.iter().map(row).collect(),
        "no applications",
    )?)
}

async fn show(context: &Context, id: &str, with_secrets: bool, tenant: &str) -> anyhow::Result<()> {
    let (db, vault) = context.open().await?;
    let mut tx = db.begin().await?;
    let application = operation::application::find(&mut tx, tenant, id).await?;
    let mut secrets = Vec::new();
    for known in secret::list(&mut tx, tenant, id).await? {
        let value = if with_secrets {
            secret::reveal(&mut tx, &vault, tenant, id, &known.name).await?
        } else {
            None
        };
        secrets.push((known, value));
    }
    if context.json {
        let mut value = value(&application);
        let secrets = secrets.iter().map(|(known, value)| {
            json!({ "name": known.name, "value": value.as_ref().map(protocol::secret::Secret::reveal), "expiresAt": known.expires_at.map(protocol::time::Time::as_millis) })
        });
        if let Some(members) = value.as_object_mut() {
            members.insert("secrets".to_owned(), secrets.collect());
        }
        return output::json(&value);
    }
    let oidc = &application.oidc_client_metadata;
    let mut fields = vec![
        ("id", id.to_owned()),
        ("name", application.name.clone()),
        ("type", kind(&application)),
    ];
    fields.push((
        "third party",
        if application.is_third_party {
            "yes"
        } else {
            "no"
        }
        .to_owned(),
    ));
    fields.extend(
        oidc.redirect_uris
            .iter()
            .map(|uri| ("redirect", uri.clone())),
    );
    fields.extend(
        oidc.post_logout_redirect_uris
            .iter()
            .map(|uri| ("after logout", uri.clone())),
    );
    fields.extend(
        oidc.backchannel_logout_uri
            .iter()
            .map(|uri| ("logout notice", uri.clone())),
    );
    fields.push((
        "settings",
        serde_json::to_string(&application.custom_client_metadata)?,
    ));
    fields.extend(secrets.iter().map(|(known, value)| {
        let value = value
            .as_ref()
            .map_or("(show it with --secrets)", protocol::secret::Secret::reveal);
        ("secret", format!("{}: {value}", known.name))
    }));
    fields.push(("created", output::time(application.created_at)));
    Ok(output::record(&fields)?)
}

async fn delete(context: &Context, id: &str, yes: bool, tenant: &str) -> anyhow::Result<()> {
    let (db, _) = context.open().await?;
    let mut tx = db.begin().await?;
    let application = operation::application::find(&mut tx, tenant, id).await?;
    drop(tx);
    if !ask::agrees(
        &format!(
            "Delete {} ({id}) and everything that people allowed it?",
            application.name
        ),
        yes,
    )? {
        anyhow::bail!("nothing was deleted");
    }
    let mut tx = db.begin().await?;
    operation::application::delete(&mut tx, tenant, id).await?;
    tx.commit().await?;
    if context.json {
        return output::json(&json!({ "deleted": id }));
    }
    Ok(output::text(&format!("deleted {id}"))?)
}
