//! `POST /api/applications/{id}/users/{userId}/consent-organizations`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::{self, CONSENT_ORGANIZATIONS};
use utoipa::ToSchema;

use super::check::{check, check_membership};
use crate::{
    api::{caller::Caller, input::Input, list::SomeIds},
    app::App,
    error::ApiError,
};

/// Organizations that are added.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddUserConsentOrganizations)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    organization_ids: SomeIds,
}

/// Lets a third-party application act for a person in more of their organizations.
#[utoipa::path(
    post,
    path = "/applications/{id}/users/{userId}/consent-organizations",
    operation_id = "CreateApplicationUserConsentOrganization",
    tag = "Applications",
    params(("id" = String, Path), ("userId" = String, Path)),
    request_body = Added,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
    Input(body): Input<Added>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    check(&mut tx, tenant, &id, &user_id).await?;
    check_membership(&mut tx, tenant, &user_id, &body.organization_ids).await?;
    let parent = [id.as_str(), user_id.as_str()];
    let ids = &body.organization_ids;
    relation::add(&mut tx, CONSENT_ORGANIZATIONS, tenant, &parent, ids).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, "Created"))
}
