//! Settings with a name, of which there is one or none: what their routes have in common.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Source;

use crate::{
    api::caller::Caller,
    app::App,
    error::{ApiError, Failure},
    operation::Refused,
    script::ScriptError,
};

/// How refusals call such a setting.
const WHAT: &str = "setting";

/// The setting's members; refused when it is not there.
pub(super) async fn find(
    source: impl Source,
    tenant_id: &str,
    key: &str,
) -> Result<Map<String, Value>, ApiError> {
    match store::config::find(source, tenant_id, key).await? {
        Some(Value::Object(members)) => Ok(members),
        Some(_) | None => Err(Refused::not_exists(WHAT, key).into()),
    }
}

/// Puts the setting in place of the one before: 201 when there was none, 200 otherwise.
pub(super) async fn put(
    app: &App,
    caller: &Caller,
    key: &str,
    setting: &impl Serialize,
) -> Result<(StatusCode, Value), ApiError> {
    let setting = members(setting)?.into();
    let tenant_id = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    let before = store::config::find(&mut tx, tenant_id, key).await?;
    store::config::set(&mut tx, tenant_id, key, &setting).await?;
    app.commit(tx).await?;
    let status = match before {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    Ok((status, setting))
}

/// Replaces the members of the setting that `change` has; refused when it is not there.
pub(super) async fn patch(
    app: &App,
    caller: &Caller,
    key: &str,
    change: &impl Serialize,
) -> Result<Value, ApiError> {
    let change = members(change)?;
    let tenant_id = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    let mut setting = find(&mut tx, tenant_id, key).await?;
    setting.extend(change);
    let setting = Value::Object(setting);
    store::config::set(&mut tx, tenant_id, key, &setting).await?;
    app.commit(tx).await?;
    Ok(setting)
}

/// Takes the setting away; refused when it is not there.
pub(super) async fn delete(app: &App, caller: &Caller, key: &str) -> Result<StatusCode, ApiError> {
    let tenant_id = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    if !store::config::delete(&mut tx, tenant_id, key).await? {
        return Err(Refused::not_found(WHAT, key).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the author of a script that was tried out is told.
pub(super) fn failed(code: &'static str, error: &ScriptError) -> ApiError {
    let (status, stack) = match error {
        ScriptError::Busy => return Failure::Busy(crate::hash::RETRY_AFTER).into(),
        ScriptError::Broken(_) => {
            return Failure::internal(error.clone()).into();
        }
        ScriptError::Denied(_) => (403, None),
        ScriptError::NotAnObject(_) => (400, None),
        ScriptError::Syntax(_) => (422, None),
        ScriptError::Runtime { stack, .. } => (422, stack.as_deref()),
        ScriptError::Timeout(_) | ScriptError::OutOfMemory(_) => (500, None),
    };
    let message = error.to_string();
    let data = json!({
        "message": message,
        "error": { "name": error.name(), "message": message, "stack": stack },
    });
    Refused::new(code, message).with(data).status(status).into()
}

fn members(setting: &impl Serialize) -> Result<Map<String, Value>, ApiError> {
    match serde_json::to_value(setting) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::internal("a setting is an object").into()),
        Err(error) => Err(Failure::internal(error).into()),
    }
}

/// The refusal of a path that names no such setting.
pub(super) fn unknown(given: &str, known: &[&str]) -> ApiError {
    ApiError::Input {
        part: "path",
        details: format!("{given:?} is none of {}", known.join(", ")),
    }
}
