//! `PUT /api/organizations/{id}/applications`.

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
        list::Ids,
        organization::member::{self, APPLICATIONS},
    },
    app::App,
    error::ApiError,
};

/// Who belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationApplications)]
#[serde(rename_all = "camelCase")]
pub(super) struct Members {
    application_ids: Ids,
}

/// Makes these applications the only ones of an organization. Those who stay keep their roles.
#[utoipa::path(
    put,
    path = "/organizations/{id}/applications",
    operation_id = "ReplaceOrganizationApplications",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = Members,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(wanted): Input<Members>,
) -> Result<StatusCode, ApiError> {
    member::replace(&app, &caller, &APPLICATIONS, &id, &wanted.application_ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
