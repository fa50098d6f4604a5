//! `POST /api/organizations/{id}/applications/roles`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
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
};

/// Who gets which roles.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AssignOrganizationRolesToApplications)]
#[serde(rename_all = "camelCase")]
pub(super) struct Assignment {
    application_ids: SomeIds,
    organization_role_ids: SomeIds,
}

/// Gives every one of these members every one of these roles.
#[utoipa::path(
    post,
    path = "/organizations/{id}/applications/roles",
    operation_id = "AssignOrganizationRolesToApplications",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = Assignment,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn give_roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<Assignment>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let (members, roles) = (&new.application_ids, &new.organization_role_ids);
    member::give_roles(&app, &caller, &APPLICATIONS, &id, members, roles).await?;
    Ok((StatusCode::CREATED, "Created"))
}
