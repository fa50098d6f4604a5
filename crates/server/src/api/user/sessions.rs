//! `GET /api/users/{userId}/sessions`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::session::UserSession;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// Where a person is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserSessions {
    sessions: Vec<UserSession>,
}

/// The sessions of a person, newest first; none when there is no such person.
#[utoipa::path(
    get,
    path = "/users/{userId}/sessions",
    operation_id = "ListUserSessions",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = UserSessions))
)]
pub(super) async fn sessions(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<UserSessions>, ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    let grants = store::grant::list(app.db(), tenant, &id, now).await?;
    let sessions = store::session::list(app.db(), tenant, &id, now).await?;
    let views = sessions
        .into_iter()
        .map(|session| UserSession::new(session, &grants));
    Ok(Json(UserSessions {
        sessions: views.collect(),
    }))
}
