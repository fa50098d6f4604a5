//! `POST /api/users/{userId}/personal-access-tokens`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use protocol::{grant::exchange::PERSONAL_ACCESS_TOKEN_PREFIX, secret::Secret, time::Time};
use serde::Deserialize;
use store::personal_access_token::{self, PersonalAccessToken};
use utoipa::ToSchema;

use super::PersonalAccessTokenView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
    random,
};

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewPersonalAccessToken {
    /// Unique among those of the user.
    name: Text<1, 256>,
    /// When it stops working, in milliseconds; never when it is left out.
    #[schema(maximum = 253_402_300_799_999_i64)]
    expires_at: Option<i64>,
}

/// Makes a personal access token for a user.
#[utoipa::path(
    post,
    path = "/users/{userId}/personal-access-tokens",
    operation_id = "CreateUserPersonalAccessToken",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = NewPersonalAccessToken,
    responses((status = 201, body = PersonalAccessTokenView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewPersonalAccessToken>,
) -> Result<(StatusCode, Json<PersonalAccessTokenView>), ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    if new.expires_at.is_some_and(|end| end <= now.as_millis()) {
        let message = "expiresAt must be in the future.";
        return Err(Refused::new("request.invalid_input", message).into());
    }
    let random = random::application_secret();
    let token = PersonalAccessToken {
        name: new.name.into(),
        value: Secret::new(format!("{PERSONAL_ACCESS_TOKEN_PREFIX}{}", random.reveal())),
        expires_at: new.expires_at.map(|end| Time(end.div_euclid(1000))),
        created_at: now,
    };
    let mut tx = caller.begin(&app).await?;
    personal_access_token::insert(&mut tx, app.vault(), tenant, &id, &token).await?;
    app.commit(tx).await?;
    let view = PersonalAccessTokenView::new(tenant, &id, token);
    Ok((StatusCode::CREATED, Json(view)))
}
