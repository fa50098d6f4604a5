//! `DELETE /api/applications/{applicationId}/user-consent-scopes/{scopeType}/{scopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation;

use super::kind::ScopeKind;
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Stops an application from asking people for a scope: its id, or its name when it is one about the person.
#[utoipa::path(
    delete,
    path = "/applications/{applicationId}/user-consent-scopes/{scopeType}/{scopeId}",
    operation_id = "DeleteApplicationUserConsentScope",
    tag = "Applications",
    params(
        ("applicationId" = String, Path),
        ("scopeType" = inline(ScopeKind), Path),
        ("scopeId" = String, Path)
    ),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, kind, scope_id)): Path<(String, ScopeKind, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    operation::application::find(&mut tx, tenant, &id).await?;
    if !relation::remove(&mut tx, kind.relation(), tenant, &[&id], &scope_id).await? {
        return Err(Refused::not_found("scope", &scope_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
