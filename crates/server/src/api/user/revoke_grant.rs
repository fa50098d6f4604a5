//! `DELETE /api/users/{userId}/grants/{grantId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Takes back what a person allowed an application: its tokens end.
#[utoipa::path(
    delete,
    path = "/users/{userId}/grants/{grantId}",
    operation_id = "DeleteUserGrant",
    tag = "Users",
    params(("userId" = String, Path), ("grantId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn revoke_grant(
    State(app): State<App>,
    caller: Caller,
    Path((id, grant_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::grant::find(&mut tx, tenant, &grant_id, app.now()).await?;
    if found.is_none_or(|grant| grant.user_id != id) {
        let message = format!("the user has no grant {grant_id:?}");
        return Err(Refused::new("oidc.invalid_grant", message).into());
    }
    store::grant::delete(&mut tx, tenant, &grant_id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
