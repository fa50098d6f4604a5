//! `GET /api/organizations/{id}/users/{userId}/scopes`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::organization_scope;

use crate::{
    api::{caller::Caller, organization_scope::OrganizationScopeView},
    app::App,
    error::ApiError,
};

/// What somebody may do in an organization.
#[utoipa::path(
    get,
    path = "/organizations/{id}/users/{userId}/scopes",
    operation_id = "ListOrganizationUserScopes",
    tag = "Organizations",
    params(("id" = String, Path), ("userId" = String, Path)),
    responses((status = 200, body = Vec<OrganizationScopeView>))
)]
pub(super) async fn scopes(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<Json<Vec<OrganizationScopeView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let scopes = organization_scope::of_user(app.db(), tenant, &id, &user_id).await?;
    let views = scopes
        .into_iter()
        .map(|scope| OrganizationScopeView::new(tenant, scope));
    Ok(Json(views.collect()))
}
