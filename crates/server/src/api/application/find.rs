//! `GET /api/applications/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::relation::{self, APPLICATION_ROLES};

use super::ApplicationView;
use crate::{api::caller::Caller, app::App, builtin, error::ApiError, operation};

/// The role of applications that may manage the tenant.
/// The server's own role of applications that manage the tenant.
pub(crate) const ADMIN_ROLE: &str = "admin-role";

/// One application; the built-in ones have no row and are shown nevertheless.
#[utoipa::path(
    get,
    path = "/applications/{id}",
    operation_id = "GetApplication",
    tag = "Applications",
    params(("id" = String, Path)),
    responses((status = 200, body = ApplicationView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ApplicationView>, ApiError> {
    let tenant = &caller.tenant;
    if let Some(found) = builtin::application(&tenant.id, &tenant.endpoint, &id) {
        let view = ApplicationView::new(&tenant.id, found);
        return Ok(Json(view.with_admin(false)));
    }
    let found = operation::application::find(app.db(), &tenant.id, &id).await?;
    let roles = relation::children(app.db(), APPLICATION_ROLES, &tenant.id, &[&id]).await?;
    let is_admin = roles.iter().any(|role| role == ADMIN_ROLE);
    let view = ApplicationView::new(&tenant.id, found);
    Ok(Json(view.with_admin(is_admin)))
}
