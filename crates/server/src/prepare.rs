//! From an address to a database that is up to date, seeded, and opened with the right key.

use std::time::Duration;

use identity::experience::SignInExperience;
use protocol::{
    jose::{KeyStatus, SigningAlgorithm, SigningKey},
    secret::Secret,
    time::Time,
};
use store::{
    Db, Options, StoreError, Vault, alteration,
    cookie_key::CookieKey,
    seed::{self, Seed, Seeded, TenantSeed},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    clock::Clock,
    config::{Config, Database, Keys},
    key::{self, NotGenerated},
    operation, random,
};

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum NotPrepared {
    /// The store says why.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A signing key could not be made.
    #[error(transparent)]
    Key(#[from] NotGenerated),
    /// There is no database, or it cannot be reached.
    #[error("the database cannot be opened")]
    Unreachable(#[source] StoreError),
    /// The tables are older than this program, and it was told not to touch them.
    #[error("the database lacks {0}; deploy with: hufu db alteration deploy latest")]
    Outdated(String),
    /// The tables are empty, and the program was told not to touch them.
    #[error("the database is not seeded; seed it with: hufu db seed")]
    NotSeeded,
}

/// Connects to the database.
///
/// # Errors
/// When it is not there or cannot be reached.
pub async fn connect(database: &Database) -> Result<Db, StoreError> {
    Db::connect(database.url.reveal(), &options(database)).await
}

fn options(database: &Database) -> Options {
    Options {
        pool_size: database.pool_size,
        acquire_timeout: database.connection_timeout,
        statement_timeout: database.statement_timeout,
    }
}

/// The secret vault: its key is `SECRET_VAULT_KEK` or in the key file, which is made when it is missing.
///
/// # Errors
/// When the key file cannot be read or made.
pub fn vault(keys: &Keys) -> Result<Vault, StoreError> {
    match &keys.vault {
        Some(kek) => Vault::new(*kek.0),
        None => Vault::from_file(&keys.file),
    }
}

/// The database with its tables up to date and seeded, and the vault that opens its secrets. Several nodes may do this at once.
///
/// With `HUFU_AUTO_MIGRATE=false` nothing is changed: what is missing is an error that names the command.
///
/// # Errors
/// When the database cannot be reached, is not up to date, or was written with another vault key.
pub async fn database(config: &Config, now: Time) -> Result<(Db, Vault), NotPrepared> {
    let auto = config.database.auto_migrate;
    let db = if auto {
        connect_or_create(&config.database).await
    } else {
        connect(&config.database).await
    };
    let db = db.map_err(NotPrepared::Unreachable)?;
    if auto {
        alteration::deploy(&db, None, now).await?;
    } else if let Some(missing) = missing(&db).await? {
        return Err(NotPrepared::Outdated(missing));
    }
    let is_seeded = seed::is_seeded(&db).await?;
    if !is_seeded && !auto {
        return Err(NotPrepared::NotSeeded);
    }
    let vault = vault(&config.keys)?;
    vault.check(&db).await?;
    if !is_seeded {
        seed(
            &db,
            &vault,
            &config.keys,
            Existing::Skip,
            Breached::Refused,
            now,
        )
        .await?;
    } else if auto {
        seed::extend(&db, &vault, &mut || random::id(21), now).await?;
    }
    Ok((db, vault))
}

/// The same for a server that starts together with its database: what is out of reach is tried five times more, over some 15 seconds.
///
/// # Errors
/// As [`database`].
pub async fn database_patiently(
    config: &Config,
    clock: &Clock,
) -> Result<(Db, Vault), NotPrepared> {
    let mut pause = Duration::from_millis(500);
    for _ in 0..5 {
        match database(config, clock.now()).await {
            Err(NotPrepared::Unreachable(reason)) if reason.is_unavailable() => {
                let cause = std::error::Error::source(&reason).map(ToString::to_string);
                tracing::warn!(
                    "the database cannot be reached yet: {}",
                    cause.unwrap_or_default()
                );
            }
            prepared => return prepared,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
    database(config, clock.now()).await
}

/// Connects, after making the database when the server does not have it.
///
/// # Errors
/// When it is not there and cannot be made, or cannot be reached.
pub async fn connect_or_create(database: &Database) -> Result<Db, StoreError> {
    let error = match connect(database).await {
        Ok(db) => return Ok(db),
        Err(error) => error,
    };
    match Db::create_if_missing(database.url.reveal()).await {
        Ok(true) => connect(database).await,
        // A pool only says that it waited in vain; the single connection says why.
        Err(reason) if reason.is_unavailable() => Err(reason),
        // Otherwise the first error says more: the second is often only that the database `postgres` is closed to us.
        Ok(false) | Err(_) => Err(error),
    }
}

/// The alterations that the database lacks, in words; `None` when it has all.
async fn missing(db: &Db) -> Result<Option<String>, StoreError> {
    let pending = alteration::pending(db).await?;
    let names: Vec<_> = pending
        .iter()
        .map(|alteration| format!("alteration {} ({})", alteration.version, alteration.name))
        .collect();
    Ok((!names.is_empty()).then(|| names.join(", ")))
}

/// What to do with a database that is seeded already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Leave it alone.
    Skip,
    /// Fail, and leave it alone.
    Refuse,
}

/// Whether administrators may use passwords that are known from breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breached {
    /// They may not.
    Refused,
    /// Nobody looks: for networks that cannot ask.
    Unchecked,
}

/// Writes what a new installation begins with: keys that the operator brought or new ones, the two tenants, their APIs and roles.
///
/// # Errors
/// When the database fails, or is seeded and should not be.
pub async fn seed(
    db: &Db,
    vault: &Vault,
    keys: &Keys,
    existing: Existing,
    breached: Breached,
    now: Time,
) -> Result<Seeded, NotPrepared> {
    let mut admin = SignInExperience::admin();
    if breached == Breached::Unchecked {
        admin.password_policy.rejects.pwned = false;
    }
    // Both at once: looking for the primes of RSA keys is the longest part of a first start.
    let (default_keys, admin_keys) = tokio::join!(drawn_keys(keys), drawn_keys(keys));
    let tenant = |signing_keys, experience: &SignInExperience| TenantSeed {
        signing_keys,
        cookie_keys: cookie_keys(keys, now),
        sign_in_experience: serde_json::to_value(experience).unwrap_or_default(),
    };
    let seed = Seed {
        default: tenant(default_keys?, &SignInExperience::default()),
        admin: tenant(admin_keys?, &admin),
        m_default_secret: random::application_secret(),
        m_admin_secret: random::application_secret(),
        new_id: &mut || random::id(21),
    };
    Ok(seed::seed(db, vault, seed, existing == Existing::Skip, now).await?)
}

/// The keys of one tenant, drawn in a thread of their own.
async fn drawn_keys(keys: &Keys) -> Result<Vec<(KeyStatus, SigningKey)>, NotGenerated> {
    let brought = keys.private.clone();
    let drawn = tokio::task::spawn_blocking(move || signing_keys(&brought)).await;
    drawn.unwrap_or(Err(NotGenerated))
}

/// An RSA and an elliptic key: the operator's where there are, else new ones. The first of an algorithm signs.
fn signing_keys(brought: &[SigningKey]) -> Result<Vec<(KeyStatus, SigningKey)>, NotGenerated> {
    let mut seeded: Vec<(KeyStatus, SigningKey)> = Vec::new();
    for key in brought {
        let signs = seeded
            .iter()
            .any(|(_, known)| known.algorithm() == key.algorithm());
        let is_known = seeded.iter().any(|(_, known)| known.kid() == key.kid());
        if !is_known {
            seeded.push((
                if signs {
                    KeyStatus::Previous
                } else {
                    KeyStatus::Current
                },
                key.clone(),
            ));
        }
    }
    for (algorithm, is_elliptic) in [
        (SigningAlgorithm::RS256, false),
        (SigningAlgorithm::ES384, true),
    ] {
        if !seeded
            .iter()
            .any(|(_, key)| key.algorithm().is_elliptic() == is_elliptic)
        {
            seeded.push((KeyStatus::Current, key::generate(algorithm)?));
        }
    }
    Ok(seeded)
}

/// The operator's secrets, the first one newest, or one new secret.
fn cookie_keys(keys: &Keys, now: Time) -> Vec<CookieKey> {
    if keys.cookie.is_empty() {
        return vec![operation::key::new_cookie_key(now)];
    }
    let ages = 0..;
    let key = |(secret, age): (&Secret, i64)| CookieKey {
        value: Zeroizing::new(secret.reveal().as_bytes().to_vec()),
        created_at: now.plus(-age),
        ..operation::key::new_cookie_key(now)
    };
    keys.cookie.iter().zip(ages).map(key).collect()
}

#[cfg(test)]
mod tests {
    use protocol::{
        jose::{
            KeyStatus::{Current, Previous},
            SigningAlgorithm::{ES256, ES384, RS256},
            SigningKey,
        },
        time::Time,
    };

    use super::{cookie_keys, signing_keys};
    use crate::{
        config::{Config, Keys},
        key::generate,
    };

    fn with_cookie_keys(value: &str) -> Keys {
        let config = Config::load(|name| (name == "OIDC_COOKIE_KEYS").then(|| value.to_owned()));
        config.unwrap().keys
    }

    #[test]
    fn a_new_installation_signs_with_rsa_and_with_a_curve() {
        let (rsa, ec, p256) = (
            generate(RS256).unwrap(),
            generate(ES384).unwrap(),
            generate(ES256).unwrap(),
        );
        let cases: [(&[SigningKey], &[_]); 5] = [
            (&[], &[(Current, RS256), (Current, ES384)]),
            (
                std::slice::from_ref(&rsa),
                &[(Current, RS256), (Current, ES384)],
            ),
            (
                &[ec.clone(), generate(ES384).unwrap()],
                &[(Current, ES384), (Previous, ES384), (Current, RS256)],
            ),
            (
                std::slice::from_ref(&p256),
                &[(Current, ES256), (Current, RS256)],
            ),
            (
                &[p256.clone(), ec.clone(), ec, rsa.clone()],
                &[(Current, ES256), (Current, ES384), (Current, RS256)],
            ),
        ];
        for (brought, expected) in cases {
            let seeded: Vec<_> = signing_keys(brought)
                .unwrap()
                .into_iter()
                .map(|(status, key)| (status, key.algorithm()))
                .collect();
            assert_eq!(seeded, expected);
        }
    }

    #[test]
    fn cookie_keys_keep_their_order() {
        let made: Vec<_> = cookie_keys(&with_cookie_keys("new,old"), Time(100))
            .into_iter()
            .map(|key| (key.value.to_vec(), key.created_at))
            .collect();
        assert_eq!(
            made,
            [(b"new".to_vec(), Time(100)), (b"old".to_vec(), Time(99))]
        );
        assert_eq!(cookie_keys(&with_cookie_keys(""), Time(100)).len(), 1);
    }
}
