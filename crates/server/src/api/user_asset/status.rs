//! `GET /api/user-assets/service-status`.

use axum::{Json, extract::State};

use crate::{
    api::caller::Caller,
    app::App,
    asset::upload::{self, UserAssetsServiceStatus},
    error::ApiError,
};

/// Whether files can be uploaded, and which.
#[utoipa::path(
    get,
    path = "/user-assets/service-status",
    operation_id = "GetUserAssetServiceStatus",
    tag = "User assets",
    responses((status = 200, body = UserAssetsServiceStatus))
)]
pub(super) async fn status(
    State(app): State<App>,
    _: Caller,
) -> Result<Json<UserAssetsServiceStatus>, ApiError> {
    upload::status(&app).await.map(Json)
}
