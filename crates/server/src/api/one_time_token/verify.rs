//! `POST /api/one-time-tokens/verify`.

use axum::{Json, extract::State};
use protocol::secret::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::OneTimeTokenView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation,
};

/// What somebody brought.
#[derive(Deserialize, ToSchema)]
pub(super) struct TokenProof {
    token: Text<1, 256>,
    email: Text<1, 128>,
}

/// Uses up a token that proves an e-mail address.
#[utoipa::path(
    post,
    path = "/one-time-tokens/verify",
    operation_id = "VerifyOneTimeToken",
    tag = "One-time tokens",
    request_body = TokenProof,
    responses((status = 200, body = OneTimeTokenView))
)]
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    Input(proof): Input<TokenProof>,
) -> Result<Json<OneTimeTokenView>, ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    let (given, email) = (Secret::new(&*proof.token), &proof.email);
    let mut tx = caller.begin(&app).await?;
    let token =
        operation::one_time_token::take(&mut tx, app.vault(), tenant, &given, email, now).await?;
    app.commit(tx).await?;
    Ok(Json(OneTimeTokenView::new(tenant, token, now)))
}
