//! What an application is shown as instead of what the tenant's sign-in experience says.

use serde_json::{Map, Value};
use store::application::sign_in_experience;

use crate::{
    api::application_sign_in_experience::Change,
    apply::kind::World,
    operation::{OperationError, Refused},
};

/// What of it says something.
pub(in crate::apply) async fn read(
    world: &mut World<'_>,
    id: &str,
) -> Result<Map<String, Value>, OperationError> {
    let stored = sign_in_experience::find(&mut *world.tx, world.tenant, id).await?;
    let mut stored = stored.unwrap_or_default();
    stored.retain(|_, value| {
        !value.is_null() && value.as_object().is_none_or(|members| !members.is_empty())
    });
    Ok(stored)
}

/// Makes this what an application is shown as that was shown as `held`, or is new.
pub(in crate::apply) async fn write(
    world: &mut World<'_>,
    id: &str,
    wanted: &Map<String, Value>,
    held: Option<&Map<String, Value>>,
) -> Result<(), OperationError> {
    if held.is_some_and(|held| held == wanted) {
        return Ok(());
    }
    let invalid = |message: String| Refused::new("guard.invalid_input", message);
    let change: Result<Change, _> = serde_json::from_value(Value::Object(wanted.clone()));
    let change = change.map_err(|error| invalid(format!("`signInExperience`: {error}")))?;
    let known = change.apply(Map::new());
    if let Some(name) = wanted.keys().find(|name| !known.contains_key(*name)) {
        return Err(invalid(format!("there is no member {name:?} in signInExperience")).into());
    }
    if wanted.is_empty() && read(world, id).await?.is_empty() {
        return Ok(());
    }
    Ok(sign_in_experience::set(world.tx, world.tenant, id, &known).await?)
}
