//! What people may see and change of their own account: a tenant has one account center.

use serde_json::{Map, Value};

use super::{
    ApplyError, Fault,
    change::{Change, Shown},
    kind::{World, at},
    node::Node,
};
use crate::{
    api::account_center::{AccountCenterChange, FIELDS, Settings, changed},
    operation::OperationError,
};

/// Its member of the document.
pub(super) const SECTION: &str = "accountCenter";
pub(super) const NOUN: &str = "account center";

/// Every member of it.
pub(super) async fn read(world: &mut World<'_>) -> Result<Map<String, Value>, OperationError> {
    let stored = store::account_center::find(&mut *world.tx, world.tenant).await?;
    Ok(Settings::read(stored).write())
}

/// Replaces the members that the document mentions; of `fields` those that it mentions.
pub(super) async fn apply(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let before = read(world).await?;
    for (name, node) in section.members(SECTION)? {
        if !before.contains_key(name) {
            return Err(Fault::new(node.line, format!("{SECTION} has no member {name:?}")).into());
        }
        if name == "fields" {
            check_fields(node)?;
        }
    }
    let wanted = Value::Object(section.object());
    let wanted: Result<AccountCenterChange, _> = serde_path_to_error::deserialize(wanted);
    let wanted = wanted.map_err(|error| {
        let message = format!("{}: {}", error.path(), error.inner());
        Fault::new(section.line_at(error.path()), message)
    })?;
    let held = Settings::read(Some(before.clone()));
    let after = changed(held, wanted).map_err(|refused| at(section, refused.into()))?;
    let after = after.write();
    if after == before {
        return Ok(());
    }
    store::account_center::set(world.tx, world.tenant, &after).await?;
    changes.push(Change::between(
        NOUN,
        world.tenant.to_owned(),
        Some(&Shown::open(before)),
        &Shown::open(after),
        &section.given(),
    ));
    Ok(())
}

fn check_fields(fields: &Node) -> Result<(), Fault> {
    for (name, node) in fields.members("fields")? {
        if !FIELDS.contains(&name.as_str()) {
            return Err(Fault::new(node.line, format!("there is no field {name:?}")));
        }
    }
    Ok(())
}
