//! `DELETE /api/users/{userId}/mfa-verifications/{verificationId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::mfa_verification;

use crate::{
    api::{caller::Caller, user::find_user},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Takes a second factor away.
#[utoipa::path(
    delete,
    path = "/users/{userId}/mfa-verifications/{verificationId}",
    operation_id = "DeleteUserMfaVerification",
    tag = "Users",
    params(("userId" = String, Path), ("verificationId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((id, verification_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, tenant, &id).await?;
    if !mfa_verification::delete(&mut tx, tenant, &id, &verification_id).await? {
        return Err(Refused::not_found("second factor", &verification_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
