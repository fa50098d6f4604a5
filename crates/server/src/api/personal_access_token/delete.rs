//! `POST /api/users/{userId}/personal-access-tokens/delete`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::remove;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
};

/// Which token.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PersonalAccessTokenName)]
pub(super) struct Name {
    name: Text<1, 256>,
}

/// Makes a personal access token stop working. Names of any characters fit into the body.
#[utoipa::path(
    post,
    path = "/users/{userId}/personal-access-tokens/delete",
    operation_id = "DeletePersonalAccessTokenPost",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Name,
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(input): Input<Name>,
) -> Result<StatusCode, ApiError> {
    remove(&app, &caller, &id, &input.name).await?;
    Ok(StatusCode::NO_CONTENT)
}
