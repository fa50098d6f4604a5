//! `DELETE /api/cimd/user-consent-scopes/{scopeType}/{scopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    api::{
        application_user_consent_scope::{ScopeKind, Whose, stop_asking},
        caller::Caller,
    },
    app::App,
    error::ApiError,
};

/// Stops clients that are known by the address of their metadata document from asking people for a scope: its id, or its name when it
/// is one about the person.
#[utoipa::path(
    delete,
    path = "/cimd/user-consent-scopes/{scopeType}/{scopeId}",
    operation_id = "DeleteCimdUserConsentScope",
    tag = "Applications",
    params(("scopeType" = inline(ScopeKind), Path), ("scopeId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((kind, scope_id)): Path<(ScopeKind, String)>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    stop_asking(&mut tx, &caller.tenant.id, Whose::Cimd, kind, &scope_id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
