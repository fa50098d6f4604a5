//! `PATCH /api/resources/{resourceId}/scopes/{scopeId}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ScopeView, check_name};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, resource::changeable, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::{self, Refused},
};

/// What may change.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ScopeChange {
    /// The value in `scope`, without spaces.
    name: Option<Text<1, 256>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Patch<String>,
}

/// Changes a scope.
#[utoipa::path(
    patch,
    path = "/resources/{resourceId}/scopes/{scopeId}",
    operation_id = "UpdateResourceScope",
    tag = "Resources",
    params(("resourceId" = String, Path), ("scopeId" = String, Path)),
    request_body = ScopeChange,
    responses((status = 200, body = ScopeView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path((resource_id, scope_id)): Path<(String, String)>,
    Input(change): Input<ScopeChange>,
) -> Result<Json<ScopeView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let resource = operation::resource::find(&mut tx, tenant, &resource_id).await?;
    changeable(&resource.indicator)?;
    let found = store::resource::find_scope(&mut tx, tenant, &resource_id, &scope_id).await?;
    let mut scope = found.ok_or_else(|| Refused::nothing_to_change("scope", &scope_id))?;
    if let Some(name) = change.name {
        check_name(&name)?;
        scope.name = name.into();
    }
    scope.description = change.description.apply(scope.description);
    store::resource::update_scope(&mut tx, tenant, &scope).await?;
    let view = ScopeView::new(tenant, scope);
    raise(
        &app,
        &mut tx,
        &caller,
        Event::ScopeDataUpdated,
        view.id(),
        200,
        &view,
    )
    .await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
