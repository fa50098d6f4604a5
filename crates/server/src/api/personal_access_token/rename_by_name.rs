//! `PATCH /api/users/{userId}/personal-access-tokens/{name}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{PersonalAccessTokenView, change_name};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
};

/// The new name.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewPersonalAccessTokenName)]
pub(super) struct NewName {
    name: Text<1, 256>,
}

/// Gives a personal access token another name.
#[utoipa::path(
    patch,
    path = "/users/{userId}/personal-access-tokens/{name}",
    operation_id = "UpdateUserPersonalAccessToken",
    tag = "Users",
    params(("userId" = String, Path), ("name" = String, Path)),
    request_body = NewName,
    responses((status = 200, body = PersonalAccessTokenView))
)]
pub(super) async fn rename_by_name(
    State(app): State<App>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    Input(new): Input<NewName>,
) -> Result<Json<PersonalAccessTokenView>, ApiError> {
    let view = change_name(&app, &caller, &id, (&name, &new.name)).await?;
    Ok(Json(view))
}
