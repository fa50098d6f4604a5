//! `POST /api/domains`.

use axum::{Json, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::DomainView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    error::ApiError,
    operation::Refused,
};

/// A domain to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewDomain {
    #[expect(dead_code, reason = "its form is all that can be checked")]
    domain: Text<1, 256>,
}

/// Adds a domain, where an edge provider serves domains.
#[utoipa::path(
    post,
    path = "/domains",
    operation_id = "CreateDomain",
    tag = "Domains",
    request_body = NewDomain,
    responses((status = 201, body = DomainView))
)]
pub(super) async fn create(
    _: Caller,
    Input(_): Input<NewDomain>,
) -> Result<(StatusCode, Json<DomainView>), ApiError> {
    let message =
        "No provider serves further domains: put a reverse proxy before Hufu and set ENDPOINT.";
    Err(Refused::new("domain.not_configured", message).into())
}
