//! `PUT /api/users/{userId}/roles`.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use store::{
    relation::{self, USER_ROLES},
    role::RoleType,
};
use utoipa::ToSchema;

use super::{add_roles::Roles, find_user};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation,
};

/// The roles of the account now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReplacedRoles {
    role_ids: Vec<String>,
}

/// Makes these the roles of an account.
#[utoipa::path(
    put,
    path = "/users/{userId}/roles",
    operation_id = "ReplaceUserRoles",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Roles,
    responses((status = 200, body = ReplacedRoles))
)]
pub(super) async fn replace_roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(roles): Input<Roles>,
) -> Result<Json<ReplacedRoles>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, tenant, &id).await?;
    operation::role::check_kind(&mut tx, tenant, &roles.role_ids, RoleType::User).await?;
    relation::replace(&mut tx, USER_ROLES, tenant, &[&id], &roles.role_ids).await?;
    app.commit(tx).await?;
    let mut seen = BTreeSet::new();
    let role_ids = roles.role_ids.iter().filter(|id| seen.insert(*id)).cloned();
    Ok(Json(ReplacedRoles {
        role_ids: role_ids.collect(),
    }))
}
