//! `POST /api/roles/{id}/users`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::{
    relation::{self, ROLE_USERS},
    role::RoleType,
};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds},
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Who shall have the role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Users {
    user_ids: SomeIds,
}

/// Gives a role to users who do not have it yet.
#[utoipa::path(
    post,
    path = "/roles/{id}/users",
    operation_id = "CreateRoleUser",
    tag = "Roles",
    params(("id" = String, Path)),
    request_body = Users,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add_users(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(users): Input<Users>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let role = operation::role::find_changeable(&mut tx, tenant, &id).await?;
    if role.kind != RoleType::User {
        let message = "A machine-to-machine role cannot be given to people.";
        return Err(Refused::new("entity.db_constraint_violated", message).into());
    }
    let held = relation::children(&mut tx, ROLE_USERS, tenant, &[&id]).await?;
    if let Some(user) = users.user_ids.iter().find(|user| held.contains(user)) {
        let message = format!("The user {user:?} has the role already.");
        return Err(Refused::new("role.user_exists", message).into());
    }
    relation::add(&mut tx, ROLE_USERS, tenant, &[&id], &users.user_ids).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, "Created"))
}
