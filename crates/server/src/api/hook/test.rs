//! `POST /api/hooks/{id}/test`.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use connectors::http::{Answer, CallFailed};
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;
use utoipa::ToSchema;

use super::{EventName, HookConfigInput, names};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::{ApiError, Failure},
    hook::{Event, attempt::shown, call::call, sample::sample},
    operation::Refused,
};

/// What is tried.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Trial {
    #[schema(min_items = 1)]
    events: Vec<EventName>,
    config: HookConfigInput,
}

/// Tells the address an example of each event, signed with the hook's key: once, without another try.
#[utoipa::path(
    post,
    path = "/hooks/{id}/test",
    operation_id = "CreateHookTest",
    tag = "Hooks",
    params(("id" = String, Path)),
    request_body = Trial,
    responses((status = 204))
)]
pub(super) async fn test(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(trial): Input<Trial>,
) -> Result<StatusCode, ApiError> {
    let names = names(&trial.events)?;
    let found = store::hook::find(app.db(), app.vault(), &caller.tenant.id, &id).await?;
    let mut hook = found.ok_or_else(|| Refused::not_exists("hook", &id))?;
    hook.config = trial.config.check(Some(&hook.config))?;
    let hook = Arc::new(hook);
    let mut calls = JoinSet::new();
    for event in names.iter().filter_map(|name| Event::named(name)) {
        let (app, hook) = (app.clone(), Arc::clone(&hook));
        let body = sample(event, &hook.id, app.now()).to_string();
        calls.spawn(async move { call(&app, &hook, &body).await });
    }
    while let Some(called) = calls.join_next().await {
        let answer = called.map_err(Failure::internal)?;
        check(answer)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn check(answer: Result<Answer, CallFailed>) -> Result<(), Refused> {
    match answer {
        Ok(answer) if answer.is_success() => Ok(()),
        Ok(answer) => {
            let status = answer.status;
            let message = format!("The endpoint answered with status {status}.");
            let body = match shown(&answer) {
                serde_json::Value::String(text) => text,
                json => json.to_string(),
            };
            let data = json!({ "responseStatus": status, "responseBody": body });
            Err(Refused::new("hook.endpoint_responded_with_error", message).with(data))
        }
        Err(failed) => {
            let message = format!("The test could not be sent: {failed}.");
            Err(Refused::new("hook.send_test_payload_failed", message))
        }
    }
}
