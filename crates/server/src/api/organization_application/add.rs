//! `POST /api/organizations/{id}/applications`.

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

/// Who joins.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddOrganizationApplications)]
#[serde(rename_all = "camelCase")]
pub(super) struct Members {
    application_ids: SomeIds,
}

/// Lets applications join an organization; members are passed over.
#[utoipa::path(
    post,
    path = "/organizations/{id}/applications",
    operation_id = "AddOrganizationApplications",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = Members,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<Members>,
) -> Result<(StatusCode, &'static str), ApiError> {
    member::add(&app, &caller, &APPLICATIONS, &id, &new.application_ids).await?;
    Ok((StatusCode::CREATED, "Created"))
}
