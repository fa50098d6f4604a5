//! `PATCH /api/users/{userId}/personal-access-tokens`.

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

/// Which token, and its new name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Renaming {
    name: Text<1, 256>,
    /// The name until now; without it nothing changes.
    current_name: Option<Text<1, 256>>,
}

/// Gives a personal access token another name. Names of any characters fit into the body.
#[utoipa::path(
    patch,
    path = "/users/{userId}/personal-access-tokens",
    operation_id = "UpdatePersonalAccessTokenName",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Renaming,
    responses((status = 200, body = PersonalAccessTokenView))
)]
pub(super) async fn rename(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(renaming): Input<Renaming>,
) -> Result<Json<PersonalAccessTokenView>, ApiError> {
    let name = renaming.name;
    let current = renaming.current_name.unwrap_or_else(|| name.clone());
    let view = change_name(&app, &caller, &id, (&current, &name)).await?;
    Ok(Json(view))
}
