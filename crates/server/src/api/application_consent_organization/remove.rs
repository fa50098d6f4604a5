//! `DELETE /api/applications/{id}/users/{userId}/consent-organizations/{organizationId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::{self, CONSENT_ORGANIZATIONS};

use super::check::check;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Stops a third-party application from acting for a person in an organization.
#[utoipa::path(
    delete,
    path = "/applications/{id}/users/{userId}/consent-organizations/{organizationId}",
    operation_id = "DeleteApplicationUserConsentOrganization",
    tag = "Applications",
    params(("id" = String, Path), ("userId" = String, Path), ("organizationId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id, organization_id)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    check(&mut tx, tenant, &id, &user_id).await?;
    let parent = [id.as_str(), user_id.as_str()];
    if !relation::remove(
        &mut tx,
        CONSENT_ORGANIZATIONS,
        tenant,
        &parent,
        &organization_id,
    )
    .await?
    {
        return Err(Refused::not_found("consent to the organization", &organization_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
