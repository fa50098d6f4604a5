//! `DELETE /api/resources/{resourceId}/scopes/{scopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    api::{caller::Caller, resource::changeable},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::{self, Refused},
};

/// Forgets a scope and takes it from all roles.
#[utoipa::path(
    delete,
    path = "/resources/{resourceId}/scopes/{scopeId}",
    operation_id = "DeleteResourceScope",
    tag = "Resources",
    params(("resourceId" = String, Path), ("scopeId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((resource_id, scope_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let resource = operation::resource::find(&mut tx, tenant, &resource_id).await?;
    changeable(&resource.indicator)?;
    let found = store::resource::find_scope(&mut tx, tenant, &resource_id, &scope_id).await?;
    found.ok_or_else(|| Refused::not_found("scope", &scope_id))?;
    store::resource::delete_scope(&mut tx, tenant, &scope_id).await?;
    raise(
        &app,
        &mut tx,
        &caller,
        Event::ScopeDeleted,
        &scope_id,
        204,
        &(),
    )
    .await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
