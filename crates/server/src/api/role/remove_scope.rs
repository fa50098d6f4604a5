//! `DELETE /api/roles/{id}/scopes/{scopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::{self, ROLE_SCOPES};

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::{self, Refused},
};

/// Stops a role from allowing a scope.
#[utoipa::path(
    delete,
    path = "/roles/{id}/scopes/{scopeId}",
    operation_id = "DeleteRoleScope",
    tag = "Roles",
    params(("id" = String, Path), ("scopeId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove_scope(
    State(app): State<App>,
    caller: Caller,
    Path((id, scope_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    operation::role::find_changeable(&mut tx, tenant, &id).await?;
    if !relation::remove(&mut tx, ROLE_SCOPES, tenant, &[&id], &scope_id).await? {
        return Err(Refused::not_found("scope of the role", &scope_id).into());
    }
    raise(
        &app,
        &mut tx,
        &caller,
        Event::RoleScopesUpdated,
        &id,
        204,
        &(),
    )
    .await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
