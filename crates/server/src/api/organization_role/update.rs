//! `PATCH /api/organization-roles/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use store::role::RoleType;
use utoipa::ToSchema;

use super::OrganizationRoleView;
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, role::RoleKind, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::Refused,
};

/// What becomes of an organization role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationRoleChange {
    name: Option<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 256>>)]
    description: Patch<Text<0, 256>>,
    /// Who can have it: as long as nobody has it.
    #[schema(value_type = Option<RoleKind>)]
    r#type: Option<RoleType>,
}

/// Changes an organization role.
#[utoipa::path(
    patch,
    path = "/organization-roles/{id}",
    operation_id = "UpdateOrganizationRole",
    tag = "Organization roles",
    params(("id" = String, Path)),
    request_body = OrganizationRoleChange,
    responses((status = 200, body = OrganizationRoleView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<OrganizationRoleChange>,
) -> Result<Json<OrganizationRoleView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::organization_role::find(&mut tx, tenant, &id).await?;
    let mut role = found.ok_or_else(|| Refused::nothing_to_change("organization role", &id))?;
    let kind = change.r#type.unwrap_or(role.kind);
    if kind != role.kind && store::organization_role::is_held(&mut tx, tenant, &id).await? {
        let message = "The role's type cannot change while members have the role.";
        return Err(Refused::new("entity.db_constraint_violated", message).into());
    }
    role.kind = kind;
    role.name = change.name.map_or(role.name, String::from);
    role.description = change.description.map(String::from).apply(role.description);
    store::organization_role::update(&mut tx, tenant, &role).await?;
    let view = OrganizationRoleView::new(tenant, role);
    let event = Event::OrganizationRoleDataUpdated;
    raise(&app, &mut tx, &caller, event, &id, 200, &view).await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
