//! `DELETE /api/organization-roles/{id}`.

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

/// Forgets an organization role and whatever belongs to it.
#[utoipa::path(
    delete,
    path = "/organization-roles/{id}",
    operation_id = "DeleteOrganizationRole",
    tag = "Organization roles",
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
    if !store::organization_role::delete(&mut tx, tenant, &id).await? {
        return Err(Refused::not_found("organization role", &id).into());
    }
    let event = Event::OrganizationRoleDeleted;
    raise(&app, &mut tx, &caller, event, &id, 204, &()).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
