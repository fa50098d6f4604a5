//! `hufu db system` (`contract/logto-core.md` §2).

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::{Value, json};
use store::{Db, alteration, system};

use super::Context;
use crate::{asset, command::output};

/// The keys that Logto knows. `alterationState` is read from the alterations themselves.
const KEYS: &[&str] = &[
    ALTERATION_STATE,
    "storageProvider",
    "experienceBlobsProvider",
    "experienceZipsProvider",
    "demoSocial",
    "cloudflareHostnameProvider",
    "cloudflareProtectedAppConfigProvider",
    "cloudflareProtectedAppHostnameProvider",
    "cloudflareCustomJwtWorkerConfig",
    "emailServiceProvider",
];
const ALTERATION_STATE: &str = "alterationState";

#[derive(Debug, Subcommand)]
pub(in crate::command) enum Command {
    /// Print a setting
    Get {
        /// Its key
        key: String,
    },
    /// Change a setting
    Set {
        /// Its key
        key: String,
        /// Its value as JSON
        value: String,
    },
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let (Self::Get { key } | Self::Set { key, .. }) = &self;
        if !KEYS.contains(&key.as_str()) {
            bail!(
                "there is no system setting {key:?}; the keys are {}",
                KEYS.join(", ")
            );
        }
        let db = context.connect().await?;
        match self {
            Self::Get { key } => get(&context, &db, &key).await?,
            Self::Set { key, value } => set(&context, &db, &key, &value).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn get(context: &Context, db: &Db, key: &str) -> anyhow::Result<()> {
    let value = if key == ALTERATION_STATE {
        alteration_state(db).await?
    } else {
        find(context, db, key).await?
    };
    if context.json {
        let value: Value = value
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?
            .unwrap_or_default();
        return output::json(&json!({ key: value }));
    }
    Ok(output::text(&format!(
        "{key}={}",
        value.as_deref().unwrap_or("undefined")
    ))?)
}

async fn find(context: &Context, db: &Db, key: &str) -> anyhow::Result<Option<String>> {
    let key = stored(key);
    Ok(if key == asset::SETTING {
        system::find_sealed(db, &context.vault()?, &key).await?
    } else {
        system::find(db, &key).await?
    })
}

async fn set(context: &Context, db: &Db, key: &str, value: &str) -> anyhow::Result<()> {
    if key == ALTERATION_STATE {
        bail!(
            "alterationState follows from the alterations that were deployed; use hufu db alteration"
        );
    }
    let value: Value = serde_json::from_str(value).with_context(|| {
        format!("the value of {key} must be JSON, for example '{{\"provider\":\"S3Storage\"}}'")
    })?;
    let (key_stored, text) = (stored(key), value.to_string());
    let mut tx = db.begin().await?;
    if key_stored == asset::SETTING {
        asset::Storage::read(&text).map_err(anyhow::Error::msg)?;
        system::set_sealed(&mut tx, &context.vault()?, &key_stored, &text).await?;
    } else {
        system::set(&mut tx, &key_stored, &text).await?;
    }
    tx.commit().await?;
    Ok(output::text(&format!("{key} is set"))?)
}

async fn alteration_state(db: &Db) -> anyhow::Result<Option<String>> {
    let newest = alteration::deployed(db).await?.pop();
    Ok(newest.map(|newest| json!({ "timestamp": newest.version, "updatedAt": output::time(newest.deployed_at).replace(' ', "T") + "Z" }).to_string()))
}

/// Hufu keeps other values in the same table, so Logto's keys have a prefix there.
fn stored(key: &str) -> String {
    format!("logto.{key}")
}
