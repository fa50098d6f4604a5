//! `POST /api/organizations/{id}/users`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        caller::Caller,
        input::Input,
        list::SomeIds,
        organization::member::{self, USERS},
    },
    app::App,
    error::ApiError,
};

/// Who joins.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = AddOrganizationUsers)]
#[serde(rename_all = "camelCase")]
pub(super) struct Members {
    user_ids: SomeIds,
}

/// Lets people join an organization; members are passed over.
#[utoipa::path(
    post,
    path = "/organizations/{id}/users",
    operation_id = "AddOrganizationUsers",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = Members,
    responses((status = 201, body = Members))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<Members>,
) -> Result<(StatusCode, Json<Members>), ApiError> {
    member::add(&app, &caller, &USERS, &id, &new.user_ids).await?;
    Ok((StatusCode::CREATED, Json(new)))
}
