//! `PATCH /api/users/{userId}/password/expiration`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{UserView, find_user};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Whether the person has to choose a new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Expiration {
    is_expired: bool,
}

/// Says whether the person has to choose a new password.
#[utoipa::path(
    patch,
    path = "/users/{userId}/password/expiration",
    operation_id = "UpdateUserPasswordExpiration",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Expiration,
    responses((status = 200, body = UserView))
)]
pub(super) async fn password_expiration(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<Expiration>,
) -> Result<Json<UserView>, ApiError> {
    let tenant = &caller.tenant;
    let mut tx = caller.begin(&app).await?;
    let user = find_user(&mut tx, &tenant.id, &id).await?;
    let experience = operation::experience::find(&mut tx, &tenant.id).await?;
    let is_on = experience
        .get("passwordExpiration")
        .is_some_and(|policy| policy["enabled"] == true);
    if change.is_expired && !is_on {
        let message = "Passwords do not expire in this tenant: see passwordExpiration of the sign-in experience.";
        let code = "sign_in_experiences.password_expiration_not_enabled";
        return Err(Refused::new(code, message).into());
    }
    store::user::set_password_expired(&mut tx, &tenant.id, &id, change.is_expired, app.now())
        .await?;
    app.commit(tx).await?;
    Ok(Json(UserView::from(user)))
}
