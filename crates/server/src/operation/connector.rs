//! Connectors: ways to sign in with a provider, and to send messages (`contract/logto-core.md` §8.1).

use connectors::{
    error::ConnectorError,
    factory::{self, Factory, Purpose},
    secret,
};
use identity::{
    connector::{Connector, Names},
    experience::change::{self, Facts},
};
use protocol::time::Time;
use serde_json::{Map, Value, json};
use store::{Tx, Vault};

use super::{OperationError, Refused, experience};
use crate::config::Config;

/// The factory with this id; those for tests only where the operator asked for them.
pub fn factory(config: &Config, id: &str) -> Option<&'static Factory> {
    factory::find(id).filter(|found| !found.is_mock || config.mock_messages.is_some())
}

/// The connector with this id, and its factory.
///
/// # Errors
/// When there is none, this release does not know its factory, or the database fails.
pub async fn find(
    source: impl store::Source,
    vault: &Vault,
    tenant: &str,
    id: &str,
) -> Result<(Connector, &'static Factory), OperationError> {
    let found = store::connector::find(source, vault, tenant, id).await?;
    let found = found.and_then(|found| Some((factory::find(&found.factory)?, found)));
    let (factory, connector) = found.ok_or_else(|| Refused::not_found("connector", id))?;
    Ok((connector, factory))
}

/// Adds a connector. Of those that send messages one way there is one: it takes the place of the one before.
///
/// # Errors
/// When it is not as its factory wants it, another is in its way, or the database fails.
pub async fn add(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    factory: &Factory,
    connector: &Connector,
    now: Time,
) -> Result<(), OperationError> {
    check(factory, connector)?;
    store::connector::lock(tx, tenant).await?;
    let known = store::connector::list(&mut *tx, vault, tenant).await?;
    check_place(factory, connector, &known)?;
    if factory.purpose != Purpose::Social {
        for replaced in known
            .iter()
            .filter(|other| purpose(other) == Some(factory.purpose))
        {
            store::connector::delete(tx, tenant, &replaced.id).await?;
        }
    }
    Ok(store::connector::insert(tx, vault, tenant, connector, now).await?)
}

/// Writes a connector that was changed; the tokens of a provider go when they are kept no longer.
///
/// # Errors
/// When it is not as its factory wants it, or the database fails.
pub async fn change(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    factory: &Factory,
    connector: &Connector,
) -> Result<(), OperationError> {
    check(factory, connector)?;
    if !connector.stores_tokens {
        store::secret::delete_of_connector(tx, tenant, &connector.id).await?;
    }
    if !store::connector::update(tx, vault, tenant, connector).await? {
        return Err(Refused::nothing_to_change("connector", &connector.id).into());
    }
    Ok(())
}

/// Forgets a connector, and its button on the sign-in page.
///
/// # Errors
/// When there is none, people with expired passwords would be left without a way in, or the database fails.
pub async fn remove(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    id: &str,
) -> Result<(), OperationError> {
    let left = take(tx, vault, tenant, id).await?;
    let stored = store::sign_in_experience::find(&mut *tx, tenant).await?;
    if let Some(Value::Object(document)) = stored {
        check_recovery(&document, &left)?;
    }
    Ok(())
}

/// Checks that expired passwords can still be replaced with these connectors.
///
/// # Errors
/// When they cannot.
pub fn check_recovery(document: &Map<String, Value>, left: &[Connector]) -> Result<(), Refused> {
    let facts = Facts {
        can_mail: sends(left, Purpose::Email),
        can_text: sends(left, Purpose::Sms),
        languages: &[],
    };
    change::check_recovery(document, &facts).map_err(|fault| experience::refused(&fault))
}

/// Forgets a connector, which is shown to nobody any more; returns those that are left.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn take(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    id: &str,
) -> Result<Vec<Connector>, OperationError> {
    store::connector::lock(tx, tenant).await?;
    let mut left = store::connector::list(&mut *tx, vault, tenant).await?;
    let place = left.iter().position(|connector| connector.id == id);
    let place = place.ok_or_else(|| Refused::not_exists("connector", id))?;
    let removed = left.remove(place);
    let stored = store::sign_in_experience::find(&mut *tx, tenant).await?;
    if let Some(Value::Object(mut document)) = stored {
        let is_shown = |target: &str| left.iter().any(|other| other.target == target);
        if !is_shown(&removed.target) && hide(&mut document, &removed.target) {
            experience::save(tx, tenant, document).await?;
        }
    }
    store::connector::delete(tx, tenant, id).await?;
    Ok(left)
}

/// Whether one of these sends messages this way.
pub fn sends(connectors: &[Connector], channel: Purpose) -> bool {
    let mut connectors = connectors.iter();
    connectors.any(|connector| purpose(connector) == Some(channel))
}

/// What a connector is for; `None` when this release does not know its factory.
pub fn purpose(connector: &Connector) -> Option<Purpose> {
    factory::find(&connector.factory).map(|factory| factory.purpose)
}

/// What a configuration says, without what it leaves empty.
pub fn pruned(members: Map<String, Value>) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .filter_map(|(name, value)| Some((name, pruned_value(value)?)))
        .collect()
}

fn pruned_value(value: Value) -> Option<Value> {
    let value = match value {
        Value::Object(members) => Value::Object(pruned(members)),
        Value::Array(values) => values.into_iter().filter_map(pruned_value).collect(),
        other => other,
    };
    let is_empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    (!is_empty).then_some(value)
}

/// Puts what is stored in place of the masks in a configuration.
///
/// # Errors
/// When nothing is stored that a mask could stand for, or it would be sent elsewhere.
pub fn unmask(
    factory: &Factory,
    config: &mut Map<String, Value>,
    stored: Option<&Map<String, Value>>,
) -> Result<(), Refused> {
    secret::unmask(config, stored, factory).map_err(|why| refused(&why.into()))
}

/// What holds for a connector by itself.
fn check(factory: &Factory, connector: &Connector) -> Result<(), Refused> {
    let is_social = factory.purpose == Purpose::Social;
    let has_metadata = connector.name != Names::default()
        || connector.logo.is_some()
        || connector.logo_dark.is_some();
    if is_social && factory.is_standard && connector.target.is_empty() {
        let message =
            "A connector of a standard needs metadata.target: what the provider is known as.";
        return Err(Refused::new("connector.should_specify_target", message));
    }
    let has_target = connector.target != factory.target;
    if !factory.is_standard && (has_target || is_social && has_metadata) {
        let code = "connector.cannot_overwrite_metadata_for_non_standard_connector";
        let message = "Target, name and logo of this kind of connector are given.";
        return Err(Refused::new(code, message));
    }
    if !is_social && connector.sync_profile {
        let message = "Only those who sign people in have profiles to take over.";
        return Err(Refused::new(
            "connector.invalid_type_for_syncing_profile",
            message,
        ));
    }
    if !factory.stores_tokens && connector.stores_tokens {
        let message = "The tokens of this provider cannot be kept.";
        return Err(Refused::new(
            "connector.token_storage_not_supported",
            message,
        ));
    }
    if connector.config.is_empty() {
        return Ok(());
    }
    // A mask that is left stands for nothing.
    unmask(factory, &mut connector.config.clone(), None)?;
    factory
        .check(&connector.config)
        .map_err(|error| refused(&error))
}

/// What holds for a connector among the others.
fn check_place(factory: &Factory, new: &Connector, known: &[Connector]) -> Result<(), Refused> {
    if factory.purpose != Purpose::Social {
        return Ok(());
    }
    if !factory.is_standard && known.iter().any(|other| other.factory == factory.id) {
        let message = format!("There is a connector of {} already.", factory.name);
        return Err(Refused::new(
            "connector.multiple_instances_not_supported",
            message,
        ));
    }
    let platform = |connector: &Connector| factory::find(&connector.factory)?.platform;
    let same = known
        .iter()
        .find(|other| other.target == new.target && platform(other) == factory.platform);
    match same {
        Some(other) => {
            let message = format!(
                "The connector {:?} is known as {:?} already; choose another target, or remove it first.",
                other.id, other.target
            );
            let data = json!({
                "connectorId": other.id,
                "connectorTarget": other.target,
                "connectorPlatform": factory.platform.map(factory::Platform::name),
            });
            Err(Refused::new("connector.multiple_target_with_same_platform", message).with(data))
        }
        None => Ok(()),
    }
}

/// Takes a target off the list of those that are shown; `false` when it was not there.
fn hide(document: &mut Map<String, Value>, target: &str) -> bool {
    let targets = document.get_mut("socialSignInConnectorTargets");
    let Some(targets) = targets.and_then(Value::as_array_mut) else {
        return false;
    };
    let before = targets.len();
    targets.retain(|shown| shown != target);
    targets.len() < before
}

/// A connector's failure as callers of the API are told.
pub fn refused(error: &ConnectorError) -> Refused {
    let cause = std::error::Error::source(error);
    let message = cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    Refused::new(error.code(), message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::pruned;

    #[test]
    fn what_is_empty_is_left_out_however_deep_it_stands() {
        let config =
            json!({ "a": "", "b": null, "c": { "d": {} }, "e": ["", "f"], "g": false, "h": 0 });
        let pruned = pruned(config.as_object().unwrap().clone());
        assert_eq!(json!(pruned), json!({ "e": ["f"], "g": false, "h": 0 }));
    }
}
