//! `PUT /api/organizations/{id}/users`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    api::{
        caller::Caller,
        input::Input,
        list::Ids,
        organization::member::{self, USERS},
    },
    app::App,
    error::ApiError,
};

/// Who belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationUsers)]
#[serde(rename_all = "camelCase")]
pub(super) struct Members {
    user_ids: Ids,
}

/// Makes these people the only ones of an organization. Those who stay keep their roles.
#[utoipa::path(
    put,
    path = "/organizations/{id}/users",
    operation_id = "ReplaceOrganizationUsers",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = Members,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(wanted): Input<Members>,
) -> Result<StatusCode, ApiError> {
    member::replace(&app, &caller, &USERS, &id, &wanted.user_ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
