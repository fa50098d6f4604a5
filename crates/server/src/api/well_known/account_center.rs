//! `GET /api/.well-known/account-center`.

use axum::{Json, extract::State, response::Response};

use super::nobody;
use crate::{
    api::account_center::AccountCenterView,
    app::App,
    error::{ApiError, NoSuchTenant},
    extract::tenant::CurrentTenant,
};

/// What people may see and change of their own account.
#[utoipa::path(
    get,
    path = "/.well-known/account-center",
    operation_id = "GetWellKnownAccountCenter",
    tag = "Well-known",
    security(()),
    responses((status = 200, body = AccountCenterView))
)]
pub(super) async fn find(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
) -> Result<Result<Json<AccountCenterView>, ApiError>, Response> {
    let CurrentTenant(tenant) = tenant.map_err(nobody)?;
    let stored = store::account_center::find(app.db(), &tenant.id).await;
    Ok(stored
        .map(|stored| Json(AccountCenterView::new(&tenant.id, stored)))
        .map_err(ApiError::from))
}
