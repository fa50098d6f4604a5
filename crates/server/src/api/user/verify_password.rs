//! `POST /api/users/{userId}/password/verify`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use identity::password::{self, Verified};
use protocol::secret::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::find_user;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// A password to compare.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Candidate {
    password: Text<1, 256>,
}

/// Says whether this is the account's password.
#[utoipa::path(
    post,
    path = "/users/{userId}/password/verify",
    operation_id = "VerifyUserPassword",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Candidate,
    responses((status = 204))
)]
pub(super) async fn verify_password(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(candidate): Input<Candidate>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let user = find_user(app.db(), tenant, &id).await?;
    let (stored, plain) = (
        user.password.clone(),
        Secret::new(candidate.password.into_inner()),
    );
    let salt = app.random_bytes();
    let verified = app
        .hashes()
        .run(
            move || match password::verify(stored.as_ref(), plain.reveal()) {
                Verified::Right { rehash: true } => Ok(Some(password::hash(plain.reveal(), salt))),
                Verified::Right { rehash: false } => Ok(None),
                Verified::Wrong => Err(()),
            },
        )
        .await?;
    match (verified, user.password) {
        (Ok(better), known) => {
            if let (Some(better), Some(known)) = (better, known) {
                let mut tx = caller.begin(&app).await?;
                store::user::rehash_password(&mut tx, tenant, &id, &known, &better).await?;
                app.commit(tx).await?;
            }
            Ok(StatusCode::NO_CONTENT)
        }
        (Err(()), _) => {
            let message = "This is not the account's password.";
            Err(Refused::new("session.invalid_credentials", message).into())
        }
    }
}
