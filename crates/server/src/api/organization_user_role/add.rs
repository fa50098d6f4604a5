//! `POST /api/organizations/{id}/users/{userId}/roles`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;
use store::relation;
use utoipa::ToSchema;

use super::roles::Roles;
use crate::{
    api::{
        caller::Caller,
        input::Input,
        organization::member::{self, USERS},
    },
    app::App,
    error::ApiError,
};

/// The roles that were asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssignedOrganizationRoles)]
#[serde(rename_all = "camelCase")]
pub(super) struct Assigned {
    organization_role_ids: Vec<String>,
}

/// Gives roles to a member; those they have already are passed over.
#[utoipa::path(
    post,
    path = "/organizations/{id}/users/{userId}/roles",
    operation_id = "AssignOrganizationRolesToUser",
    tag = "Organizations",
    params(("id" = String, Path), ("userId" = String, Path)),
    request_body = Roles,
    responses((status = 201, body = Assigned))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
    Input(new): Input<Roles>,
) -> Result<(StatusCode, Json<Assigned>), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = member::begin(&app, &caller, &USERS, &id, &user_id).await?;
    let organization_role_ids = new.ids(&mut tx, tenant).await?;
    let parent = [id.as_str(), user_id.as_str()];
    relation::add(
        &mut tx,
        USERS.roles,
        tenant,
        &parent,
        &organization_role_ids,
    )
    .await?;
    app.commit(tx).await?;
    let assigned = Assigned {
        organization_role_ids,
    };
    Ok((StatusCode::CREATED, Json(assigned)))
}
