//! `POST /api/organizations/{id}/applications/{applicationId}/roles`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation;
use utoipa::ToSchema;

use crate::{
    api::{
        caller::Caller,
        input::Input,
        list::SomeIds,
        organization::member::{self, APPLICATIONS},
    },
    app::App,
    error::ApiError,
    operation::organization::check_roles,
};

/// What the application becomes.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OrganizationApplicationRoles)]
#[serde(rename_all = "camelCase")]
pub(super) struct Roles {
    /// At least one.
    pub(super) organization_role_ids: SomeIds,
}

/// Gives roles to a member; those it has already are passed over.
#[utoipa::path(
    post,
    path = "/organizations/{id}/applications/{applicationId}/roles",
    operation_id = "AssignOrganizationRolesToApplication",
    tag = "Organizations",
    params(("id" = String, Path), ("applicationId" = String, Path)),
    request_body = Roles,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path((id, application_id)): Path<(String, String)>,
    Input(new): Input<Roles>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let (tenant, roles) = (&caller.tenant.id, &new.organization_role_ids);
    let mut tx = member::begin(&app, &caller, &APPLICATIONS, &id, &application_id).await?;
    check_roles(&mut tx, tenant, roles, APPLICATIONS.role_type).await?;
    relation::add(
        &mut tx,
        APPLICATIONS.roles,
        tenant,
        &[&id, &application_id],
        roles,
    )
    .await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, "Created"))
}
