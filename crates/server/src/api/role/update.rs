//! `PATCH /api/roles/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::RoleView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation,
};

/// What may change: who can have it may not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleChange {
    name: Option<Text<1, 128>>,
    description: Option<Text<1, 128>>,
    /// Whether new users get it.
    is_default: Option<bool>,
}

/// Changes a role.
#[utoipa::path(
    patch,
    path = "/roles/{id}",
    operation_id = "UpdateRole",
    tag = "Roles",
    params(("id" = String, Path)),
    request_body = RoleChange,
    responses((status = 200, body = RoleView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<RoleChange>,
) -> Result<Json<RoleView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let mut role = operation::role::find_changeable(&mut tx, tenant, &id).await?;
    if let Some(name) = change.name {
        operation::role::check_name(&name)?;
        role.name = name.into();
    }
    if let Some(description) = change.description {
        role.description = description.into();
    }
    role.is_default = change.is_default.unwrap_or(role.is_default);
    store::role::update(&mut tx, tenant, &role).await?;
    let view = RoleView::new(tenant, role);
    raise(
        &app,
        &mut tx,
        &caller,
        Event::RoleDataUpdated,
        &id,
        200,
        &view,
    )
    .await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
