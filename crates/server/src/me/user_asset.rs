//! `GET /me/user-assets/service-status` and `POST /me/user-assets`.

use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartRejection},
};

use crate::{
    api::caller::Caller,
    app::App,
    asset::upload::{self, UserAsset, UserAssetsServiceStatus},
    error::ApiError,
};

/// Whether files can be uploaded, and which.
pub(super) async fn status(
    State(app): State<App>,
    _: Caller,
) -> Result<Json<UserAssetsServiceStatus>, ApiError> {
    upload::status(&app).await.map(Json)
}

/// Stores a file, such as the caller's picture.
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<UserAsset>, ApiError> {
    let form = form.map_err(|refused| upload::no_form(&refused))?;
    let actor = caller.actor.id();
    upload::store(&app, &caller.tenant, actor, form)
        .await
        .map(Json)
}
