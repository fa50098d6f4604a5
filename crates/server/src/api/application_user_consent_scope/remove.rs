//! `DELETE /api/applications/{applicationId}/user-consent-scopes/{scopeType}/{scopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::{Tx, relation};

use super::kind::{ScopeKind, Whose};
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, OperationError, Refused},
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
    let whose = Whose::Application(&id);
    stop_asking(&mut tx, tenant, whose, kind, &scope_id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes down that a scope may not be asked for any more.
pub(in crate::api) async fn stop_asking(
    tx: &mut Tx,
    tenant: &str,
    whose: Whose<'_>,
    kind: ScopeKind,
    scope_id: &str,
) -> Result<(), OperationError> {
    let relation = kind.relation(whose);
    if !relation::remove(tx, relation, tenant, &whose.parent(), scope_id).await? {
        return Err(Refused::not_found("scope", scope_id).into());
    }
    Ok(())
}
