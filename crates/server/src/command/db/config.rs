//! `hufu db config` (`contract/logto-core.md` §2).

use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use protocol::{jose::KeyStatus, secret::Secret, time::Time};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{
    Tx, Vault, config,
    cookie_key::{self, CookieKey},
    signing_key::{self, StoredSigningKey},
    tenant,
};
use zeroize::Zeroizing;

use super::Context;
use crate::{
    command::output,
    config::keys::private_key,
    key,
    operation::{
        self,
        key::Family,
        setting::{COOKIE_KEYS, PRIVATE_KEYS, check_key, check_safe, check_value},
    },
};

#[derive(Debug, Subcommand)]
pub(in crate::command) enum Command {
    /// Print settings as key=JSON; keys are printed with their secrets
    Get {
        /// The keys
        #[arg(required = true)]
        keys: Vec<String>,
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Change a setting
    Set {
        /// The key
        key: String,
        /// The value as JSON
        value: String,
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Bring in a new key
    Rotate {
        /// oidc.privateKeys or oidc.cookieKeys
        key: String,
        /// The kind of signing key
        #[arg(long = "type", value_name = "TYPE", ignore_case = true)]
        family: Option<Family>,
        #[arg(
            help = "Seconds to publish a signing key before it signs; PRIVATE_KEY_ROTATION_GRACE_PERIOD when not given"
        )]
        #[arg(long, visible_alias = "gracePeriod", value_parser = clap::value_parser!(i64).range(0..=31_536_000))]
        grace_period: Option<i64>,
        #[command(flatten)]
        tenant: Tenant,
    },
    /// Drop the oldest keys
    Trim {
        /// oidc.privateKeys or oidc.cookieKeys
        key: String,
        /// How many
        #[arg(default_value_t = 1)]
        length: usize,
        #[command(flatten)]
        tenant: Tenant,
    },
}

/// Whose settings.
#[derive(Debug, Args)]
pub(in crate::command) struct Tenant {
    /// The tenant
    #[arg(
        long = "tenant",
        visible_alias = "tenantId",
        alias = "tenant-id",
        value_name = "ID",
        default_value = "default"
    )]
    id: String,
}

impl Command {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<ExitCode> {
        let (Self::Get { tenant, .. }
        | Self::Set { tenant, .. }
        | Self::Rotate { tenant, .. }
        | Self::Trim { tenant, .. }) = &self;
        let id = tenant.id.clone();
        match &self {
            Self::Get { keys, .. } => keys.iter().try_for_each(|key| check_key(key))?,
            Self::Set { key, .. } => check_key(key)?,
            Self::Rotate {
                key,
                family,
                grace_period,
                ..
            } => {
                keys_only(key)?;
                if key == COOKIE_KEYS && (family.is_some() || grace_period.is_some()) {
                    bail!("--type and --gracePeriod are for {PRIVATE_KEYS} only");
                }
            }
            Self::Trim { key, .. } => keys_only(key)?,
        }
        let (db, vault) = context.open().await?;
        let mut tx = db.begin().await?;
        if !tenant::list(&mut tx).await?.contains(&id) {
            bail!("there is no tenant {id:?}");
        }
        let mut on = On {
            tx: &mut tx,
            vault: &vault,
            tenant: &id,
            context: &context,
        };
        match self {
            Self::Get { keys, .. } => on.get(&keys).await?,
            Self::Set { key, value, .. } => on.set(&key, &value).await?,
            Self::Rotate {
                key,
                family,
                grace_period,
                ..
            } => on.rotate(&key, family, grace_period).await?,
            Self::Trim { key, length, .. } => on.trim(&key, length).await?,
        }
        tx.commit().await?;
        Ok(ExitCode::SUCCESS)
    }
}

fn keys_only(key: &str) -> anyhow::Result<()> {
    ensure!(
        [PRIVATE_KEYS, COOKIE_KEYS].contains(&key),
        "{key:?} is no list of keys; use {PRIVATE_KEYS} or {COOKIE_KEYS}"
    );
    Ok(())
}

struct On<'a> {
    tx: &'a mut Tx,
    vault: &'a Vault,
    tenant: &'a str,
    context: &'a Context,
}

impl On<'_> {
    async fn get(&mut self, keys: &[String]) -> anyhow::Result<()> {
        let mut values = serde_json::Map::new();
        let mut lines = Vec::new();
        for key in keys {
            let value = self.value(key).await?;
            lines.push(format!(
                "{key}={}",
                value
                    .as_ref()
                    .map_or_else(|| "undefined".to_owned(), Value::to_string)
            ));
            values.insert(key.clone(), value.unwrap_or_default());
        }
        if self.context.json {
            return output::json(&values);
        }
        Ok(output::text(&lines.join("\n"))?)
    }

    async fn value(&mut self, key: &str) -> anyhow::Result<Option<Value>> {
        Ok(match key {
            PRIVATE_KEYS => Some(signing_keys(
                &signing_key::list(&mut *self.tx, self.vault, self.tenant).await?,
            )?),
            COOKIE_KEYS => Some(cookie_keys(
                &cookie_key::list(&mut *self.tx, self.vault, self.tenant).await?,
            )),
            _ => config::find(&mut *self.tx, self.tenant, key).await?,
        })
    }

    async fn set(&mut self, key: &str, text: &str) -> anyhow::Result<()> {
        let value: Value = serde_json::from_str(text)
            .with_context(|| format!("the value of {key} must be JSON"))?;
        match key {
            PRIVATE_KEYS => self.replace_signing_keys(value).await?,
            COOKIE_KEYS => self.replace_cookie_keys(value).await?,
            _ => {
                check_value(key, &value)?;
                check_safe(key, &value, &self.context.config.outbound)?;
                config::set(self.tx, self.tenant, key, &value).await?;
            }
        }
        self.done(&format!("{key} is set"))
    }

    async fn replace_signing_keys(&mut self, value: Value) -> anyhow::Result<()> {
        let new = read_signing_keys(value, self.context.now())?;
        for old in signing_key::list(&mut *self.tx, self.vault, self.tenant).await? {
            signing_key::delete(self.tx, self.tenant, old.key.kid()).await?;
        }
        for stored in &new {
            signing_key::insert(self.tx, self.vault, self.tenant, stored).await?;
        }
        Ok(())
    }

    async fn replace_cookie_keys(&mut self, value: Value) -> anyhow::Result<()> {
        let new = read_cookie_keys(value, self.context.now())?;
        for old in cookie_key::list(&mut *self.tx, self.vault, self.tenant).await? {
            cookie_key::delete(self.tx, self.tenant, &old.id).await?;
        }
        for key in &new {
            cookie_key::insert(self.tx, self.vault, self.tenant, key).await?;
        }
        Ok(())
    }

    async fn rotate(
        &mut self,
        name: &str,
        family: Option<Family>,
        grace_period: Option<i64>,
    ) -> anyhow::Result<()> {
        let now = self.context.now();
        if name == COOKIE_KEYS {
            let id =
                operation::key::rotate_cookie_key(self.tx, self.vault, self.tenant, now).await?;
            return self.done(&format!("the new cookie key is {id}"));
        }
        let grace_period = grace_period.unwrap_or(self.context.config.keys.rotation_grace_period);
        let keys = signing_key::list(&mut *self.tx, self.vault, self.tenant).await?;
        let new = key::generate(operation::key::successor(
            &keys,
            family.unwrap_or(Family::Ec),
        ))?;
        operation::key::rotate(self.tx, self.vault, self.tenant, &new, grace_period, now).await?;
        let when = if grace_period > 0 {
            format!("signs in {grace_period} seconds")
        } else {
            "signs from now on".to_owned()
        };
        self.done(&format!(
            "the new {} key {} {when}",
            new.algorithm().as_str(),
            new.kid()
        ))
    }

    async fn trim(&mut self, name: &str, length: usize) -> anyhow::Result<()> {
        let dropped = match name {
            COOKIE_KEYS => {
                operation::key::trim_cookie_keys(self.tx, self.vault, self.tenant, length).await?
            }
            _ => operation::key::trim(self.tx, self.vault, self.tenant, length).await?,
        };
        self.done(&format!("{dropped} dropped"))
    }

    fn done(&self, sentence: &str) -> anyhow::Result<()> {
        if self.context.json {
            return output::json(&json!({ "done": sentence }));
        }
        Ok(output::text(sentence)?)
    }
}

fn signing_keys(keys: &[StoredSigningKey]) -> anyhow::Result<Value> {
    let status = |status| match status {
        KeyStatus::Current => "Current",
        KeyStatus::Next => "Next",
        KeyStatus::Previous => "Previous",
    };
    let item = |stored: &StoredSigningKey| {
        let pem = stored.key.to_pkcs8_pem()?;
        Ok(
            json!({ "id": stored.key.kid(), "value": *pem, "createdAt": stored.created_at.0, "status": status(stored.status) }),
        )
    };
    keys.iter().map(item).collect()
}

fn cookie_keys(keys: &[CookieKey]) -> Value {
    let item = |key: &CookieKey| json!({ "id": key.id, "value": String::from_utf8_lossy(&key.value), "createdAt": key.created_at.0 });
    keys.iter().map(item).collect()
}

/// An item of either list, as Logto writes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: Option<String>,
    value: String,
    created_at: Option<i64>,
    status: Option<Status>,
}

#[derive(Clone, Copy, Deserialize)]
enum Status {
    Current,
    Next,
    Previous,
}

fn items(value: Value, key: &str) -> anyhow::Result<Vec<Item>> {
    let items: Vec<Item> = serde_json::from_value(value)
        .with_context(|| format!("{key} must be a list such as [{{\"id\": \"…\", \"value\": \"…\", \"createdAt\": 1795208700}}]"))?;
    ensure!(!items.is_empty(), "{key} must have at least one key");
    Ok(items)
}

/// Without `status`, the first key of an algorithm signs.
fn read_signing_keys(value: Value, now: Time) -> anyhow::Result<Vec<StoredSigningKey>> {
    let mut keys: Vec<StoredSigningKey> = Vec::new();
    for (item, number) in items(value, PRIVATE_KEYS)?.into_iter().zip(1..) {
        let value = Secret::new(item.value);
        let key =
            private_key(value.reveal()).with_context(|| format!("key {number} cannot be used"))?;
        let signs = |status| {
            keys.iter().any(|known: &StoredSigningKey| {
                known.status == status && known.key.algorithm() == key.algorithm()
            })
        };
        let status = match item.status {
            Some(Status::Next) => KeyStatus::Next,
            Some(Status::Previous) => KeyStatus::Previous,
            None if signs(KeyStatus::Current) => KeyStatus::Previous,
            Some(Status::Current) | None => KeyStatus::Current,
        };
        ensure!(
            !signs(status),
            "key {number} is the second {status:?} key for {}",
            key.algorithm().as_str()
        );
        keys.push(StoredSigningKey {
            key,
            status,
            created_at: item.created_at.map_or(now, Time),
        });
    }
    ensure!(
        keys.iter()
            .any(|stored| stored.status == KeyStatus::Current),
        "one key must be Current"
    );
    Ok(keys)
}

/// The order of the list is kept, whatever the times in it say.
fn read_cookie_keys(value: Value, now: Time) -> anyhow::Result<Vec<CookieKey>> {
    let mut newest = now;
    let mut key = |item: Item| {
        let created_at = item
            .created_at
            .map_or(newest, |time| Time(time.min(newest.0)));
        newest = created_at.plus(-1);
        let value = Zeroizing::new(item.value.into_bytes());
        CookieKey {
            id: item.id.unwrap_or_else(|| crate::random::id(21)),
            value,
            created_at,
        }
    };
    let keys: Vec<_> = items(value, COOKIE_KEYS)?
        .into_iter()
        .map(&mut key)
        .collect();
    ensure!(
        keys.iter().all(|key| !key.value.is_empty()),
        "a cookie key is empty"
    );
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use protocol::{
        jose::KeyStatus::{Current, Next, Previous},
        time::Time,
    };
    use serde_json::json;

    use super::{cookie_keys, read_cookie_keys, read_signing_keys, signing_keys};

    const RSA: &str = include_str!("../../../tests/keys/rsa.pem");
    const P384: &str = include_str!("../../../tests/keys/p384.pem");
    const P384_OTHER: &str = include_str!("../../../tests/keys/p384_sec1.pem");

    #[test]
    fn without_status_the_first_key_of_an_algorithm_signs() {
        let keys = read_signing_keys(
            json!([{"value": P384}, {"value": RSA}, {"value": P384_OTHER}]),
            Time(7),
        )
        .unwrap();
        let read: Vec<_> = keys
            .iter()
            .map(|key| (key.status, key.created_at))
            .collect();
        assert_eq!(
            read,
            [(Current, Time(7)), (Current, Time(7)), (Previous, Time(7))]
        );
    }

    #[test]
    fn what_is_printed_can_be_set_again() {
        let keys = read_signing_keys(json!([{"value": P384, "status": "Next", "createdAt": 3}, {"value": P384_OTHER, "status": "Current"}]), Time(7)).unwrap();
        assert_eq!(
            keys.iter().map(|key| key.status).collect::<Vec<_>>(),
            [Next, Current]
        );
        let printed = signing_keys(&keys).unwrap();
        assert_eq!(
            signing_keys(&read_signing_keys(printed.clone(), Time(9)).unwrap()).unwrap(),
            printed
        );
        let printed = cookie_keys(
            &read_cookie_keys(
                json!([{"id": "a", "value": "x"}, {"id": "b", "value": "y"}]),
                Time(7),
            )
            .unwrap(),
        );
        assert_eq!(
            printed,
            json!([{"id": "a", "value": "x", "createdAt": 7}, {"id": "b", "value": "y", "createdAt": 6}])
        );
    }

    #[test]
    fn lists_that_leave_nothing_to_sign_with_are_refused() {
        for value in [
            json!([]),
            json!({}),
            json!([{"value": "nonsense"}]),
            json!([{"value": RSA, "status": "Previous"}]),
            json!([{"value": P384, "status": "Current"}, {"value": P384_OTHER, "status": "Current"}]),
        ] {
            assert!(
                read_signing_keys(value.clone(), Time(7)).is_err(),
                "{value}"
            );
        }
        assert!(read_cookie_keys(json!([]), Time(7)).is_err());
        assert!(read_cookie_keys(json!([{"value": ""}]), Time(7)).is_err());
    }
}
