//! `POST /api/verification-codes/verify`.

use axum::{extract::State, http::StatusCode};
use identity::verification_code as rule;
use serde::Deserialize;
use utoipa::ToSchema;

use super::recipient::RecipientInput;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
    verification_code::redeem,
};

/// What the recipient typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Typed {
    #[serde(flatten)]
    recipient: RecipientInput,
    verification_code: Text<1, 256>,
}

/// Uses a code up. After too many wrong ones it is of no more use.
#[utoipa::path(
    post,
    path = "/verification-codes/verify",
    operation_id = "VerifyVerificationCode",
    tag = "Verification codes",
    request_body = Typed,
    responses((status = 204))
)]
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    Input(typed): Input<Typed>,
) -> Result<StatusCode, ApiError> {
    let recipient = typed.recipient.check()?;
    let decided = redeem(
        &app,
        &caller.tenant,
        recipient.place(),
        &typed.verification_code,
    );
    decided.await?.map_err(|refused| {
        let message = match refused {
            rule::Refused::NotFound => "There is no code for this recipient: send one.",
            rule::Refused::Expired => "The code has expired: send another.",
            rule::Refused::ExceedMaxTry => "The code was mistyped too often: send another.",
            rule::Refused::CodeMismatch => "The code is wrong.",
        };
        Refused::new(refused.code(), message)
    })?;
    Ok(StatusCode::NO_CONTENT)
}
