//! `GET /api/users/{userId}/identities/{target}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{find_user, view::IdentityView};
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// An account at a social provider.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FoundIdentity {
    identity: IdentityView,
}

/// No account of the user at this provider.
pub(super) fn no_identity(target: &str) -> Refused {
    let message = format!("the user has no identity at {target:?}");
    Refused::new("user.identity_not_exist", message)
}

/// What a social provider knows the person as.
#[utoipa::path(
    get,
    path = "/users/{userId}/identities/{target}",
    operation_id = "GetUserIdentity",
    tag = "Users",
    params(("userId" = String, Path), ("target" = String, Path)),
    responses((status = 200, body = FoundIdentity))
)]
pub(super) async fn find_identity(
    State(app): State<App>,
    caller: Caller,
    Path((id, target)): Path<(String, String)>,
) -> Result<Json<FoundIdentity>, ApiError> {
    let mut user = find_user(app.db(), &caller.tenant.id, &id).await?;
    let found = user.identities.remove(&target);
    let identity = found.ok_or_else(|| no_identity(&target))?;
    let identity = IdentityView {
        user_id: identity.user_id,
        details: identity.details,
    };
    Ok(Json(FoundIdentity { identity }))
}
