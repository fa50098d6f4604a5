//! `PATCH /api/organization-scopes/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OrganizationScopeView;
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::Refused,
};

/// What becomes of an organization scope.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationScopeChange {
    name: Option<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 256>>)]
    description: Patch<Text<0, 256>>,
}

/// Changes an organization scope.
#[utoipa::path(
    patch,
    path = "/organization-scopes/{id}",
    operation_id = "UpdateOrganizationScope",
    tag = "Organization scopes",
    params(("id" = String, Path)),
    request_body = OrganizationScopeChange,
    responses((status = 200, body = OrganizationScopeView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<OrganizationScopeChange>,
) -> Result<Json<OrganizationScopeView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::organization_scope::find(&mut tx, tenant, &id).await?;
    let mut scope = found.ok_or_else(|| Refused::nothing_to_change("organization scope", &id))?;
    scope.name = change.name.map_or(scope.name, String::from);
    scope.description = change
        .description
        .map(String::from)
        .apply(scope.description);
    store::organization_scope::update(&mut tx, tenant, &scope).await?;
    let view = OrganizationScopeView::new(tenant, scope);
    let event = Event::OrganizationScopeDataUpdated;
    raise(&app, &mut tx, &caller, event, &id, 200, &view).await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
