//! `POST /api/configs/jwt-customizer/test`.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::view::TokenType;
use crate::{
    api::{caller::Caller, config::setting, input::Input},
    app::App,
    error::ApiError,
    script::customizer::Customizer,
};

/// A script to try out. Other members are refused.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = JwtCustomizerTest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Trial {
    #[serde(rename = "tokenType")]
    _token_type: TokenType,
    /// JavaScript that declares `getCustomJwtClaims`.
    script: String,
    #[serde(default)]
    environment_variables: BTreeMap<String, String>,
    #[schema(value_type = Object)]
    token: Map<String, Value>,
    #[serde(default)]
    #[schema(value_type = Object)]
    context: Map<String, Value>,
}

/// Runs a script with the token and the context that are sent, and answers with its claims.
#[utoipa::path(
    post,
    path = "/configs/jwt-customizer/test",
    operation_id = "TestJwtCustomizer",
    tag = "Configs",
    request_body = Trial,
    responses(
        (status = 200, body = Object),
        (status = 500, description = "The script was stopped for its time or memory.")
    )
)]
pub(super) async fn test(
    State(app): State<App>,
    _: Caller,
    Input(trial): Input<Trial>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let variables = trial.environment_variables.into_iter();
    let customizer = Customizer {
        script: trial.script,
        environment_variables: variables
            .map(|(name, value)| (name, value.into()))
            .collect(),
        block_issuance_on_error: false,
    };
    let (token, context) = (trial.token.into(), trial.context.into());
    let claims = customizer.claims(app.scripts(), token, context).await;
    claims
        .map(Json)
        .map_err(|error| setting::failed("jwt_customizer.general", &error))
}
