//! `PUT /api/organizations/{id}/users/{userId}/roles`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation;

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

/// Makes these the only roles of a member.
#[utoipa::path(
    put,
    path = "/organizations/{id}/users/{userId}/roles",
    operation_id = "ReplaceOrganizationUserRoles",
    tag = "Organizations",
    params(("id" = String, Path), ("userId" = String, Path)),
    request_body = Roles,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
    Input(wanted): Input<Roles>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = member::begin(&app, &caller, &USERS, &id, &user_id).await?;
    let roles = wanted.ids(&mut tx, tenant).await?;
    relation::replace(&mut tx, USERS.roles, tenant, &[&id, &user_id], &roles).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
