//! `PATCH /api/users/{userId}/password`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use identity::password;
use protocol::secret::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{UserView, changed::keep, find_user};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
};

/// The new password; no policy applies.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewPassword {
    password: Text<1, 256>,
}

/// Gives an account a password.
#[utoipa::path(
    patch,
    path = "/users/{userId}/password",
    operation_id = "UpdateUserPassword",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = NewPassword,
    responses((status = 200, body = UserView))
)]
pub(super) async fn password(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewPassword>,
) -> Result<Json<UserView>, ApiError> {
    let tenant = &caller.tenant.id;
    find_user(app.db(), tenant, &id).await?;
    let (plain, salt) = (Secret::new(new.password.into_inner()), app.random_bytes());
    let hash = move || password::hash(plain.reveal(), salt);
    let stored = app.hashes().run(hash).await?;
    let mut tx = caller.begin(&app).await?;
    store::user::set_password(&mut tx, tenant, &id, Some(&stored), app.now()).await?;
    Ok(Json(
        keep(&app, tx, &caller, &id, StatusCode::OK).await?.into(),
    ))
}
