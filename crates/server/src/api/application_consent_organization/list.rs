//! `GET /api/applications/{id}/users/{userId}/consent-organizations`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use store::organization::Wanted;
use utoipa::ToSchema;

use super::check::check;
use crate::{
    api::{
        caller::Caller,
        organization::OrganizationView,
        paging::{PageParameters, Paging},
    },
    app::App,
    error::ApiError,
};

/// Organizations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserConsentOrganizations)]
pub(super) struct Organizations {
    organizations: Vec<OrganizationView>,
}

/// The organizations that a person lets a third-party application act in.
#[utoipa::path(
    get,
    path = "/applications/{id}/users/{userId}/consent-organizations",
    operation_id = "ListApplicationUserConsentOrganizations",
    tag = "Applications",
    params(("id" = String, Path), ("userId" = String, Path), PageParameters),
    responses((status = 200, body = Organizations))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
    paging: Paging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = app.db().begin().await?;
    check(&mut tx, tenant, &id, &user_id).await?;
    drop(tx);
    let wanted = Wanted {
        let_in: Some((&id, &user_id)),
        ..Wanted::default()
    };
    let listed = store::organization::page(app.db(), tenant, &wanted, paging.page()).await?;
    let total = listed.total;
    let view = |organization| OrganizationView::new(tenant, organization);
    let organizations = listed.rows.into_iter().map(view).collect();
    Ok(paging.answer_body(&Organizations { organizations }, total))
}
