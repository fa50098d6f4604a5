//! `PUT /api/applications/{id}/users/{userId}/consent-organizations`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::{self, CONSENT_ORGANIZATIONS};
use utoipa::ToSchema;

use super::check::{check, check_membership};
use crate::{
    api::{caller::Caller, input::Input, list::Ids},
    app::App,
    error::ApiError,
};

/// The organizations there are to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceUserConsentOrganizations)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    organization_ids: Ids,
}

/// Makes these the only organizations that a third-party application may act in for a person.
#[utoipa::path(
    put,
    path = "/applications/{id}/users/{userId}/consent-organizations",
    operation_id = "ReplaceApplicationUserConsentOrganizations",
    tag = "Applications",
    params(("id" = String, Path), ("userId" = String, Path)),
    request_body = Replacement,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
    Input(body): Input<Replacement>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    check(&mut tx, tenant, &id, &user_id).await?;
    check_membership(&mut tx, tenant, &user_id, &body.organization_ids).await?;
    let parent = [id.as_str(), user_id.as_str()];
    let ids = &body.organization_ids;
    relation::replace(&mut tx, CONSENT_ORGANIZATIONS, tenant, &parent, ids).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
