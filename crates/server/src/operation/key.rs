//! Rotating and trimming keys (`contract/logto-core.md` §2 and §3.7).

use protocol::{
    jose::{KeyStatus, SigningAlgorithm, SigningKey},
    time::Time,
};
use serde_json::{Value, json};
use store::{
    Db, Source, Tx, Vault, config,
    cookie_key::{self, CookieKey},
    signing_key::{self, Rotation, StoredSigningKey},
};
use zeroize::Zeroizing;

use super::{OperationError, Refused};
use crate::random;

/// Where a tenant's waiting keys say when they take over.
const STATE: &str = "signingKeyRotationState";
const DUE: &str = "signingKeyRotationAt";

/// The kinds of signing keys that rotate apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Family {
    /// RS256
    Rsa,
    /// ES384, or the curve of the key that signs now
    Ec,
}

/// The algorithm of the key that follows: the same curve as now, so that nothing changes for clients.
pub fn successor(keys: &[StoredSigningKey], family: Family) -> SigningAlgorithm {
    match family {
        Family::Rsa => SigningAlgorithm::RS256,
        Family::Ec => {
            let current = keys
                .iter()
                .filter(|stored| stored.status == KeyStatus::Current);
            let mut curves = current
                .map(|stored| stored.key.algorithm())
                .filter(|algorithm| algorithm.is_elliptic());
            curves.next().unwrap_or(SigningAlgorithm::ES384)
        }
    }
}

/// Brings `key` in: at once, or `grace_period` seconds after it is published.
///
/// # Errors
/// When it should sign at once while another key waits, or the database fails.
pub async fn rotate(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    key: &SigningKey,
    grace_period: i64,
    now: Time,
) -> Result<(), OperationError> {
    let rotation = if grace_period > 0 {
        Rotation::Staged
    } else {
        Rotation::AtOnce
    };
    if !signing_key::rotate(tx, vault, tenant, key, rotation, now).await? {
        let message = "a next key is waiting to take over: wait for it, or rotate with a grace period to replace it";
        return Err(Refused::new("oidc.invalid_request", message).into());
    }
    if grace_period > 0 {
        let state = json!({ DUE: now.plus(grace_period).as_millis() });
        config::set(tx, tenant, STATE, &state).await?;
    }
    Ok(())
}

/// Lets keys take over whose time has come; how many did. Several nodes may do this at once.
///
/// # Errors
/// When the database fails.
pub async fn promote_due(db: &Db, tenant: &str, now: Time) -> Result<usize, OperationError> {
    let state = config::find(db, tenant, STATE).await?;
    if !state.is_some_and(|state| is_due(&state, now)) {
        return Ok(0);
    }
    let mut tx = db.begin().await?;
    let mut promoted = 0;
    for algorithm in SigningAlgorithm::ALL {
        promoted += usize::from(signing_key::promote(&mut tx, tenant, algorithm).await?);
    }
    config::delete(&mut tx, tenant, STATE).await?;
    tx.commit().await?;
    Ok(promoted)
}

fn is_due(state: &Value, now: Time) -> bool {
    state
        .get(DUE)
        .and_then(Value::as_i64)
        .is_some_and(|due| due <= now.as_millis())
}

/// Drops the last `length` signing keys: next, current and previous in this order, newest first.
///
/// # Errors
/// When one of them still signs, none would stay, or the database fails.
pub async fn trim(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    length: usize,
) -> Result<usize, OperationError> {
    let keys = signing_key::list(&mut *tx, vault, tenant).await?;
    let dropped = last(keys, length)?;
    for stored in &dropped {
        signing_key::delete(tx, tenant, stored.key.kid()).await?;
    }
    Ok(dropped.len())
}

fn last(mut keys: Vec<StoredSigningKey>, length: usize) -> Result<Vec<StoredSigningKey>, Refused> {
    let rank = |status| match status {
        KeyStatus::Next => 0,
        KeyStatus::Current => 1,
        KeyStatus::Previous => 2,
    };
    if length >= keys.len() {
        return Err(key_required());
    }
    keys.sort_by_key(|stored| (rank(stored.status), std::cmp::Reverse(stored.created_at)));
    let dropped = keys.split_off(keys.len() - length);
    if dropped
        .iter()
        .any(|stored| stored.status != KeyStatus::Previous)
    {
        return Err(only_previous());
    }
    Ok(dropped)
}

/// When the keys that wait take over; `None` when none waits.
///
/// # Errors
/// When the database fails.
pub async fn takes_over_at(
    source: impl Source,
    tenant: &str,
) -> Result<Option<i64>, OperationError> {
    let state = config::find(source, tenant, STATE).await?;
    Ok(state.and_then(|state| state.get(DUE)?.as_i64()))
}

/// Drops one signing key that only checks what was signed before.
///
/// # Errors
/// When there is no such key, it signs or will sign, or the database fails.
pub async fn delete(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    kid: &str,
) -> Result<(), OperationError> {
    let keys = signing_key::list(&mut *tx, vault, tenant).await?;
    let found = keys.iter().find(|stored| stored.key.kid() == kid);
    match found.map(|stored| stored.status) {
        None => Err(no_such_key(kid).into()),
        Some(_) if keys.len() == 1 => Err(key_required().into()),
        Some(KeyStatus::Previous) => {
            signing_key::delete(tx, tenant, kid).await?;
            Ok(())
        }
        Some(_) => Err(only_previous().into()),
    }
}

/// Drops one cookie key.
///
/// # Errors
/// When there is no such key, it is the only one, or the database fails.
pub async fn delete_cookie_key(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    id: &str,
) -> Result<(), OperationError> {
    let keys = cookie_key::list(&mut *tx, vault, tenant).await?;
    if keys.iter().all(|key| key.id != id) {
        return Err(no_such_key(id).into());
    }
    if keys.len() == 1 {
        return Err(key_required().into());
    }
    cookie_key::delete(tx, tenant, id).await?;
    Ok(())
}

fn no_such_key(id: &str) -> Refused {
    Refused::new("oidc.key_not_found", format!("there is no key {id:?}"))
}

fn key_required() -> Refused {
    Refused::new("oidc.key_required", "at least one key must stay")
}

fn only_previous() -> Refused {
    Refused::new(
        "oidc.only_previous_key_can_be_deleted",
        "only previous keys can be removed: the others sign, or will",
    )
}

/// Puts a new cookie key before the others, which still verify.
///
/// # Errors
/// When the database fails.
pub async fn rotate_cookie_key(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    now: Time,
) -> Result<String, OperationError> {
    let key = new_cookie_key(now);
    cookie_key::insert(tx, vault, tenant, &key).await?;
    Ok(key.id)
}

/// A cookie key that nobody has seen: 32 letters and digits.
pub fn new_cookie_key(now: Time) -> CookieKey {
    let value = random::application_secret().reveal().as_bytes().to_vec();
    CookieKey {
        id: random::id(21),
        value: Zeroizing::new(value),
        created_at: now,
    }
}

/// Drops the oldest `length` cookie keys.
///
/// # Errors
/// When none would stay, or the database fails.
pub async fn trim_cookie_keys(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    length: usize,
) -> Result<usize, OperationError> {
    let keys = cookie_key::list(&mut *tx, vault, tenant).await?;
    if length >= keys.len() {
        return Err(key_required().into());
    }
    for key in keys.iter().rev().take(length) {
        cookie_key::delete(tx, tenant, &key.id).await?;
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use protocol::{
        jose::{
            KeyStatus::{self, Current, Next, Previous},
            SigningAlgorithm::{self, ES256, ES384, RS256},
        },
        time::Time,
    };
    use serde_json::json;
    use store::signing_key::StoredSigningKey;

    use super::{Family, is_due, last, successor};
    use crate::key::generate;

    fn stored(algorithm: SigningAlgorithm, status: KeyStatus, created_at: i64) -> StoredSigningKey {
        StoredSigningKey {
            key: generate(algorithm).unwrap(),
            status,
            created_at: Time(created_at),
        }
    }

    #[test]
    fn only_previous_keys_are_trimmed_the_oldest_first() {
        let keys = vec![
            stored(ES384, Previous, 1),
            stored(RS256, Current, 3),
            stored(ES256, Previous, 2),
            stored(ES384, Next, 4),
        ];
        let ages = |length| {
            last(keys.clone(), length)
                .map(|keys| keys.iter().map(|key| key.created_at.0).collect::<Vec<_>>())
        };
        assert_eq!(ages(1), Ok(vec![1]));
        assert_eq!(ages(2), Ok(vec![2, 1]));
        assert_eq!(
            ages(3).unwrap_err().code,
            "oidc.only_previous_key_can_be_deleted"
        );
        assert_eq!(ages(4).unwrap_err().code, "oidc.key_required");
    }

    #[test]
    fn a_curve_is_followed_by_the_same_curve() {
        let keys = [
            stored(RS256, Current, 1),
            stored(ES384, Previous, 1),
            stored(ES256, Current, 1),
        ];
        assert_eq!(successor(&keys, Family::Ec), ES256);
        assert_eq!(successor(&keys, Family::Rsa), RS256);
        assert_eq!(successor(&keys[..1], Family::Ec), ES384);
    }

    #[test]
    fn a_waiting_key_takes_over_when_its_time_has_come() {
        let state = json!({ "signingKeyRotationAt": 5000 });
        assert!(!is_due(&state, Time(4)));
        assert!(is_due(&state, Time(5)));
        assert!(!is_due(&json!({}), Time(5)));
    }
}
