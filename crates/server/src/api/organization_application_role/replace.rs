//! `PUT /api/organizations/{id}/applications/{applicationId}/roles`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation;

use super::add::Roles;
use crate::{
    api::{
        caller::Caller,
        input::Input,
        organization::member::{self, APPLICATIONS},
    },
    app::App,
    error::ApiError,
    operation::organization::check_roles,
};

/// Makes these the only roles of a member.
#[utoipa::path(
    put,
    path = "/organizations/{id}/applications/{applicationId}/roles",
    operation_id = "ReplaceOrganizationApplicationRoles",
    tag = "Organizations",
    params(("id" = String, Path), ("applicationId" = String, Path)),
    request_body = Roles,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path((id, application_id)): Path<(String, String)>,
    Input(wanted): Input<Roles>,
) -> Result<StatusCode, ApiError> {
    let (tenant, roles) = (&caller.tenant.id, &wanted.organization_role_ids);
    let mut tx = member::begin(&app, &caller, &APPLICATIONS, &id, &application_id).await?;
    check_roles(&mut tx, tenant, roles, APPLICATIONS.role_type).await?;
    relation::replace(
        &mut tx,
        APPLICATIONS.roles,
        tenant,
        &[&id, &application_id],
        roles,
    )
    .await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
