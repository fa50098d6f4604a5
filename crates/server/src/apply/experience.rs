//! The sign-in experience: a tenant has one.

use serde_json::{Map, Value};

use super::{
    ApplyError, Fault,
    change::{Change, Shown},
    kind::{World, at, refused},
    node::Node,
};
use crate::{
    api::sign_in_exp::{case_conflict, checked, ignores_case_from_now_on},
    operation::{self, OperationError},
};

/// Its member of the document.
pub(super) const SECTION: &str = "signInExperience";
pub(super) const NOUN: &str = "sign-in experience";

/// Every member of it that says something.
pub(super) async fn read(world: &mut World<'_>) -> Result<Map<String, Value>, OperationError> {
    operation::experience::find(&mut *world.tx, world.tenant).await
}

/// Replaces the members that the document mentions, each as a whole.
pub(super) async fn apply(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let members = section.members(SECTION)?;
    let before = read(world).await?;
    let mut wanted = Map::new();
    for (name, node) in members {
        // One by one, so that what is wrong has its line.
        let member = Map::from_iter([(name.clone(), node.value())]);
        let member = checked(&member).map_err(|error| {
            let refused = refused(error);
            // It begins with the path to what is wrong.
            let path = refused.message.split(':').next().unwrap_or_default();
            let line = section.line_within(path.split('.'));
            Fault::new(line, refused.message)
        })?;
        if member.is_empty() {
            let message = format!("{SECTION} has no member {name:?}");
            return Err(Fault::new(node.line, message).into());
        }
        wanted.extend(member);
    }
    date_expiration(&mut wanted, &before, world.now.as_millis());
    wanted.retain(|name, value| before.get(name) != Some(value));
    if wanted.is_empty() {
        return Ok(());
    }
    let after = write(world, before.clone(), wanted).await;
    let after = after.map_err(|error| at(section, error))?;
    let change = Change::between(
        NOUN,
        world.tenant.to_owned(),
        Some(&Shown::open(before)),
        &Shown::open(after),
        &section.given(),
    );
    if !change.fields.is_empty() {
        changes.push(change);
    }
    Ok(())
}

async fn write(
    world: &mut World<'_>,
    before: Map<String, Value>,
    wanted: Map<String, Value>,
) -> Result<Map<String, Value>, OperationError> {
    let tenant = world.tenant;
    if ignores_case_from_now_on(&before, &wanted) {
        let conflicts = store::user::case_conflicts(&mut *world.tx, tenant, 20).await?;
        if conflicts.total > 0 {
            return Err(case_conflict(&conflicts).into());
        }
    }
    let languages = store::custom_phrase::languages(&mut *world.tx, tenant).await?;
    let connectors = store::connector::list(&mut *world.tx, world.vault, tenant).await?;
    let after = operation::experience::apply(&connectors, &languages, before, wanted)?;
    operation::experience::save(world.tx, tenant, after.clone()).await?;
    Ok(after)
}

/// Since when passwords expire, unless the document says it: since they do here, or from now on.
fn date_expiration(wanted: &mut Map<String, Value>, before: &Map<String, Value>, now: i64) {
    const SINCE: &str = "enabledAt";
    let held = before.get("passwordExpiration");
    let held = held.and_then(|held| held.get(SINCE)).cloned();
    let expiration = wanted.get_mut("passwordExpiration");
    let Some(expiration) = expiration.and_then(Value::as_object_mut) else {
        return;
    };
    let is_on = expiration.get("enabled").is_some_and(|on| on == true);
    if is_on && !expiration.contains_key(SINCE) {
        expiration.insert(SINCE.to_owned(), held.unwrap_or_else(|| now.into()));
    }
}
