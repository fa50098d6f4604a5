//! `POST /api/user-assets`.

use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartRejection},
};

use crate::{
    api::caller::Caller,
    app::App,
    asset::upload::{self, UploadForm, UserAsset},
    error::ApiError,
};

/// Stores a file and says where everybody can read it.
#[utoipa::path(
    post,
    path = "/user-assets",
    operation_id = "CreateUserAsset",
    tag = "User assets",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, body = UserAsset))
)]
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
