//! Who tells people from programs: a tenant has one or none.

use serde_json::{Map, Value, json};

use super::{
    ApplyError, Fault,
    change::{Change, SECRET, Shown},
    kind::{Hide, World, at, partial, shaped},
    node::Node,
};
use crate::{
    api::captcha_provider::CaptchaConfig,
    operation::{self, OperationError},
    random,
};

/// Its member of the document.
pub(super) const SECTION: &str = "captchaProvider";
const NOUN: &str = "captcha provider";

/// Members of configurations that are no secrets.
const OPEN: [&str; 5] = ["type", "siteKey", "projectId", "domain", "mode"];

/// What the document says of it.
pub(super) async fn read(
    world: &mut World<'_>,
) -> Result<Option<Map<String, Value>>, OperationError> {
    let found = store::captcha_provider::find(&mut *world.tx, world.vault, world.tenant).await?;
    Ok(found.map(|provider| Map::from_iter([("config".to_owned(), provider.config)])))
}

/// Conceals its secrets.
pub(super) fn conceal(provider: &mut Map<String, Value>, hide: Hide<'_>) {
    let config = provider.get_mut("config").and_then(Value::as_object_mut);
    for (name, value) in config.into_iter().flatten() {
        if let Value::String(text) = value
            && !OPEN.contains(&name.as_str())
        {
            hide(&["captcha", name], text);
        }
    }
}

/// Sets up the provider that the document names. A configuration of the same type may be mentioned in part.
pub(super) async fn apply(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    if section.is_nothing() {
        return Ok(());
    }
    let members = section.members(SECTION)?;
    if let Some((name, node)) = members.iter().find(|(name, _)| name != "config") {
        return Err(Fault::new(node.line, format!("{SECTION} has no member {name:?}")).into());
    }
    let Some((_, node)) = members.first() else {
        return Err(Fault::new(section.line, format!("{SECTION} needs `config`")).into());
    };
    node.members("config")?;
    let before = read(world).await?;
    let config = after(before.as_ref(), node.object());
    let written = write(world, &config).await;
    written.map_err(|error| at(section, error))?;
    let provider = Map::from_iter([("config".to_owned(), Value::Object(config))]);
    if before.as_ref() == Some(&provider) {
        return Ok(());
    }
    let was = before.as_ref().map(shown);
    let name = world.tenant.to_owned();
    changes.push(Change::between(
        NOUN,
        name,
        was.as_ref(),
        &shown(&provider),
        &section.given(),
    ));
    Ok(())
}

/// Takes the provider away where the document says that there is none.
pub(super) async fn prune(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    if section.is_nothing() && read(world).await?.is_some() {
        changes.push(Change::removal(NOUN, world.tenant.to_owned()));
        operation::captcha_provider::remove(world.tx, world.tenant).await?;
    }
    Ok(())
}

fn after(before: Option<&Map<String, Value>>, wanted: Map<String, Value>) -> Map<String, Value> {
    let held = before.and_then(|provider| provider.get("config"));
    let is_same = |held: &Value| wanted.get("type").is_none_or(|kind| held["type"] == *kind);
    let held = held.filter(|held| is_same(held)).cloned();
    match partial(held, Value::Object(wanted)) {
        Value::Object(config) => config,
        _ => Map::new(),
    }
}

async fn write(world: &mut World<'_>, config: &Map<String, Value>) -> Result<(), OperationError> {
    let config: CaptchaConfig = shaped("captcha provider", config)?;
    let config = json!(config);
    let before = read(world).await?;
    if before.is_some_and(|before| before.get("config") == Some(&config)) {
        return Ok(());
    }
    let (tenant, id) = (world.tenant, random::id(21));
    let set = store::captcha_provider::set(world.tx, world.vault, tenant, &id, &config, world.now);
    Ok(set.await?)
}

fn shown(provider: &Map<String, Value>) -> Shown {
    let mut concealed = provider.clone();
    conceal(&mut concealed, &mut |_, secret| SECRET.clone_into(secret));
    Shown {
        real: provider.clone(),
        concealed,
    }
}
