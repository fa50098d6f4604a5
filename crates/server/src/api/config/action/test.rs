//! `POST /api/configs/actions/test`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::view::ActionType;
use crate::{
    api::{caller::Caller, config::setting, input::Input},
    app::App,
    error::ApiError,
    script::action::{Action, OnExecutionError},
};

/// A script to try out. Other members are refused.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ActionTest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Trial {
    #[serde(rename = "actionType")]
    _action_type: ActionType,
    /// JavaScript that declares `runAction`.
    script: String,
    #[schema(value_type = Object)]
    event: Map<String, Value>,
    #[serde(default)]
    environment_variables: BTreeMap<String, String>,
}

/// Runs a script with the event that is sent, and answers with what it returns: 204 for `undefined`.
#[utoipa::path(
    post,
    path = "/configs/actions/test",
    operation_id = "TestAction",
    tag = "Configs",
    request_body = Trial,
    responses(
        (status = 200, body = Value),
        (status = 204, description = "The script returned nothing."),
        (status = 500, description = "The script was stopped for its time or memory.")
    )
)]
pub(super) async fn test(
    State(app): State<App>,
    _: Caller,
    Input(trial): Input<Trial>,
) -> Result<Response, ApiError> {
    let variables = trial.environment_variables.into_iter();
    let action = Action {
        script: trial.script,
        environment_variables: variables
            .map(|(name, value)| (name, value.into()))
            .collect(),
        enabled: true,
        on_execution_error: OnExecutionError::Block,
    };
    let result = action.run(app.scripts(), trial.event.into()).await;
    match result.map_err(|error| setting::failed("action.general", &error))? {
        Some(value) => Ok(Json(value).into_response()),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
