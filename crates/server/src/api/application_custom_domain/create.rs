//! `POST /api/applications/{id}/protected-app-metadata/custom-domains`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::refused;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
};

/// A domain to add.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCustomDomain)]
pub(super) struct NewCustomDomain {
    #[expect(dead_code, reason = "its form is all that can be checked")]
    domain: Text<1, 256>,
}

/// Adds a domain to a protected application.
#[utoipa::path(
    post,
    path = "/applications/{id}/protected-app-metadata/custom-domains",
    operation_id = "CreateApplicationProtectedAppMetadataCustomDomain",
    tag = "Applications",
    params(("id" = String, Path)),
    request_body = NewCustomDomain,
    responses((status = 201))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(_): Input<NewCustomDomain>,
) -> Result<StatusCode, ApiError> {
    Err(refused(&app, &caller, &id).await)
}
