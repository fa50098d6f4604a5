//! `DELETE /api/organization-scopes/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::Refused,
};

/// Forgets an organization scope and whatever belongs to it.
#[utoipa::path(
    delete,
    path = "/organization-scopes/{id}",
    operation_id = "DeleteOrganizationScope",
    tag = "Organization scopes",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    if !store::organization_scope::delete(&mut tx, tenant, &id).await? {
        return Err(Refused::not_found("organization scope", &id).into());
    }
    let event = Event::OrganizationScopeDeleted;
    raise(&app, &mut tx, &caller, event, &id, 204, &()).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
