//! Settings with a name: how long people stay signed in, scripts, and the like.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    ApplyError, Fault,
    change::{Change, SECRET, Shown},
    kind::{Hide, World, at, object, partial},
    node::Node,
};
use crate::{
    api::config::{
        action::ActionView,
        jwt_customizer::{JwtCustomizer, allowed},
    },
    operation::{OperationError, setting},
    script::{
        action::{POST_FIRST_FACTOR, POST_SIGN_IN},
        customizer::{ACCESS_TOKEN, CLIENT_CREDENTIALS},
    },
};

/// Their member of the document.
pub(super) const SECTION: &str = "configs";
const NOUN: &str = "setting";

/// Those that a document says something of. The others are no settings: keys, what the console remembers, what a rotation remembers.
const KEYS: [&str; 9] = [
    "oidc.session",
    SEEDED,
    ACCESS_TOKEN,
    CLIENT_CREDENTIALS,
    POST_FIRST_FACTOR,
    POST_SIGN_IN,
    "sessionNotFoundRedirectUrl",
    "messageRateLimitOverride",
    "cimd",
];

/// Every tenant begins with it, so it is never taken away.
const SEEDED: &str = "idToken";

/// Those that are set, by name.
pub(super) async fn read(
    world: &mut World<'_>,
) -> Result<BTreeMap<&'static str, Map<String, Value>>, OperationError> {
    let mut settings = BTreeMap::new();
    for key in KEYS {
        let found = store::config::find(&mut *world.tx, world.tenant, key).await?;
        if let Some(Value::Object(members)) = found {
            settings.insert(key, members);
        }
    }
    Ok(settings)
}

/// Conceals what a script finds as `environmentVariables`.
pub(super) fn conceal(key: &str, setting: &mut Map<String, Value>, hide: Hide<'_>) {
    let variables = setting.get_mut("environmentVariables");
    for (name, value) in variables
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if let Value::String(text) = value {
            hide(&["config", key, name], text);
        }
    }
}

/// Brings the settings that the document mentions to what it says of them. `null` removes a member.
pub(super) async fn apply(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let mut held = read(world).await?;
    for (name, node) in section.members(SECTION)? {
        let Some(key) = KEYS.into_iter().find(|key| key == name) else {
            let message = format!(
                "there is no setting {name:?}; there are {}",
                KEYS.join(", ")
            );
            return Err(Fault::new(node.line, message).into());
        };
        if node.is_nothing() {
            continue;
        }
        node.members(key)?;
        let before = held.remove(key);
        let wanted = partial(before.clone().map(Value::Object), node.value());
        let after = checked(world.tenant, key, wanted, node)?;
        if before.as_ref() == Some(&after) {
            continue;
        }
        let setting = Value::Object(after.clone());
        let safe = setting::check_safe(key, &setting, &world.config.outbound);
        safe.map_err(|refused| at(node, refused.into()))?;
        store::config::set(world.tx, world.tenant, key, &setting).await?;
        let was = before.as_ref().map(|before| shown(key, before));
        changes.push(Change::between(
            NOUN,
            key.to_owned(),
            was.as_ref(),
            &shown(key, &after),
            &node.given(),
        ));
    }
    Ok(())
}

/// Takes away the settings that the document does not mention.
pub(super) async fn prune(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let members = section.members(SECTION)?;
    for key in read(world).await?.into_keys() {
        let is_mentioned = |(name, node): &(String, Node)| name == key && !node.is_nothing();
        if key == SEEDED || members.iter().any(is_mentioned) {
            continue;
        }
        changes.push(Change::removal(NOUN, key.to_owned()));
        store::config::delete(world.tx, world.tenant, key).await?;
    }
    Ok(())
}

/// The setting, if it has the shape that the API asks for.
fn checked(
    tenant: &str,
    key: &str,
    setting: Value,
    node: &Node,
) -> Result<Map<String, Value>, ApplyError> {
    setting::check_value(key, &setting).map_err(|refused| at(node, refused.into()))?;
    let setting = match key {
        ACCESS_TOKEN | CLIENT_CREDENTIALS => {
            allowed(tenant).map_err(|refused| at(node, refused.into()))?;
            json!(node.read_as::<JwtCustomizer>(setting)?)
        }
        POST_FIRST_FACTOR | POST_SIGN_IN => json!(node.read_as::<ActionView>(setting)?),
        _ => setting,
    };
    Ok(object(&setting))
}

fn shown(key: &str, setting: &Map<String, Value>) -> Shown {
    let mut concealed = setting.clone();
    conceal(key, &mut concealed, &mut |_, secret| {
        SECRET.clone_into(secret);
    });
    Shown {
        real: setting.clone(),
        concealed,
    }
}
