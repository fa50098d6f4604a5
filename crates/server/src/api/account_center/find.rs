//! `GET /api/account-center`.

use axum::{Json, extract::State};

use super::AccountCenterView;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// The account center of the tenant.
#[utoipa::path(
    get,
    path = "/account-center",
    operation_id = "GetAccountCenterSettings",
    tag = "Account center",
    responses((status = 200, body = AccountCenterView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<AccountCenterView>, ApiError> {
    let tenant = &caller.tenant.id;
    let stored = store::account_center::find(app.db(), tenant).await?;
    Ok(Json(AccountCenterView::new(tenant, stored)))
}
