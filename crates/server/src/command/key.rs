//! `hufu key`.

use std::process::ExitCode;

use clap::Subcommand;
use protocol::jose::KeyStatus;
use serde_json::json;
use store::signing_key::{self, StoredSigningKey};

use super::{Context, output};
use crate::{
    key,
    operation::{self, key::Family},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the keys that sign tokens
    #[command(visible_alias = "ls")]
    List {
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
    /// Bring in a new key; the old one is published on
    Rotate {
        /// The kind of key
        #[arg(
            long = "type",
            value_name = "TYPE",
            default_value = "rsa",
            ignore_case = true
        )]
        family: Family,
        #[arg(
            help = "Seconds to publish the key before it signs; PRIVATE_KEY_ROTATION_GRACE_PERIOD when not given"
        )]
        #[arg(long, value_parser = clap::value_parser!(i64).range(0..=31_536_000))]
        grace_period: Option<i64>,
        /// The tenant
        #[arg(long, default_value = "default")]
        tenant: String,
    },
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let (db, vault) = context.open().await?;
        match self {
            Self::List { tenant } => {
                print(&context, &signing_key::list(&db, &vault, &tenant).await?)?;
            }
            Self::Rotate {
                family,
                grace_period,
                tenant,
            } => {
                let known = signing_key::list(&db, &vault, &tenant).await?;
                anyhow::ensure!(!known.is_empty(), "there is no tenant {tenant:?}");
                // Making an RSA key takes a while, and SQLite has one writer: make it before the transaction.
                let new = key::generate(operation::key::successor(&known, family))?;
                let grace_period =
                    grace_period.unwrap_or(context.config.keys.rotation_grace_period);
                let mut tx = db.begin().await?;
                operation::key::rotate(&mut tx, &vault, &tenant, &new, grace_period, context.now())
                    .await?;
                tx.commit().await?;
                print(&context, &signing_key::list(&db, &vault, &tenant).await?)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(context: &Context, keys: &[StoredSigningKey]) -> anyhow::Result<()> {
    if context.json {
        let value = |stored: &StoredSigningKey| {
            json!({
                "id": stored.key.kid(), "algorithm": stored.key.algorithm(), "status": status(stored.status),
                "createdAt": stored.created_at.as_millis(), "publicKey": stored.key.public_jwk(),
            })
        };
        return output::json(&keys.iter().map(value).collect::<Vec<_>>());
    }
    let row = |stored: &StoredSigningKey| {
        vec![
            stored.key.algorithm().as_str().to_owned(),
            status(stored.status).to_owned(),
            output::time(stored.created_at),
            stored.key.kid().to_owned(),
        ]
    };
    Ok(output::table(
        &["ALGORITHM", "STATUS", "CREATED (UTC)", "ID"],
        keys.iter().map(row).collect(),
        "no keys",
    )?)
}

const fn status(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Current => "Current",
        KeyStatus::Next => "Next",
        KeyStatus::Previous => "Previous",
    }
}
