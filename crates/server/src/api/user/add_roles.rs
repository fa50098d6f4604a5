//! `POST /api/users/{userId}/roles`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use store::{
    relation::{self, USER_ROLES},
    role::RoleType,
};
use utoipa::ToSchema;

use super::find_user;
use crate::{
    api::{caller::Caller, input::Input, list::Ids},
    app::App,
    error::ApiError,
    operation,
};

/// Roles.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Roles {
    pub(super) role_ids: Ids,
}

/// What was asked for, and what of it is new.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddedRoles {
    role_ids: Vec<String>,
    added_role_ids: Vec<String>,
}

/// Gives an account roles; those that it has already are passed over.
#[utoipa::path(
    post,
    path = "/users/{userId}/roles",
    operation_id = "AssignUserRoles",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Roles,
    responses((status = 201, body = AddedRoles))
)]
pub(super) async fn add_roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(roles): Input<Roles>,
) -> Result<(StatusCode, Json<AddedRoles>), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, tenant, &id).await?;
    operation::role::check_kind(&mut tx, tenant, &roles.role_ids, RoleType::User).await?;
    let added = relation::add(&mut tx, USER_ROLES, tenant, &[&id], &roles.role_ids).await?;
    app.commit(tx).await?;
    let answer = AddedRoles {
        role_ids: roles.role_ids.to_vec(),
        added_role_ids: added,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}
