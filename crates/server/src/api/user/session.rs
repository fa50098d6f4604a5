//! `GET /api/users/{userId}/sessions/{sessionId}`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use protocol::record::{Grant, Session};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, millis::Millis},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// A person signed in at one browser.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserSession {
    payload: SessionPayload,
    /// The last sign-in form; not kept.
    #[schema(value_type = Option<Object>)]
    last_submission: Option<()>,
    /// The application that was signed in to last.
    client_id: Option<String>,
    account_id: Option<String>,
    expires_at: Millis,
}

/// The session, as OpenID Connect sees it. Times are in seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionPayload {
    exp: i64,
    iat: i64,
    jti: String,
    /// The id that the other routes take, the `sid` of ID tokens.
    uid: String,
    kind: &'static str,
    login_ts: i64,
    account_id: String,
    authorizations: BTreeMap<String, Authorization>,
}

/// What the session gave an application.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Authorization {
    grant_id: String,
    sid: String,
}

impl UserSession {
    /// The session, with those of the user's grants that came from it; newest first.
    pub(super) fn new(session: Session, grants: &[Grant]) -> Self {
        let own = || {
            grants
                .iter()
                .filter(|grant| grant.session_id.as_deref() == Some(&session.id))
        };
        let mut authorizations = BTreeMap::new();
        for grant in own() {
            authorizations
                .entry(grant.client_id.clone())
                .or_insert_with(|| Authorization {
                    grant_id: grant.id.clone(),
                    sid: session.id.clone(),
                });
        }
        Self {
            client_id: own().next().map(|grant| grant.client_id.clone()),
            last_submission: None,
            account_id: Some(session.user_id.clone()),
            expires_at: session.expires_at.into(),
            payload: SessionPayload {
                exp: session.expires_at.0,
                iat: session.authenticated_at.0,
                login_ts: session.authenticated_at.0,
                jti: session.id.clone(),
                uid: session.id,
                kind: "Session",
                account_id: session.user_id,
                authorizations,
            },
        }
    }
}

/// The session of a user.
pub(super) async fn find(
    app: &App,
    tenant: &str,
    user_id: &str,
    session_id: &str,
) -> Result<Session, ApiError> {
    let found = store::session::find_by_id(app.db(), tenant, session_id, app.now()).await?;
    let session = found.filter(|session| session.user_id == user_id);
    session.ok_or_else(|| {
        let message = format!("the user has no session {session_id:?}");
        Refused::new("oidc.session_not_found", message).into()
    })
}

/// One session of a person.
#[utoipa::path(
    get,
    path = "/users/{userId}/sessions/{sessionId}",
    operation_id = "GetUserSession",
    tag = "Users",
    params(("userId" = String, Path), ("sessionId" = String, Path)),
    responses((status = 200, body = UserSession))
)]
pub(super) async fn session(
    State(app): State<App>,
    caller: Caller,
    Path((id, session_id)): Path<(String, String)>,
) -> Result<Json<UserSession>, ApiError> {
    let tenant = &caller.tenant.id;
    let session = find(&app, tenant, &id, &session_id).await?;
    let grants = store::grant::list(app.db(), tenant, &id, app.now()).await?;
    Ok(Json(UserSession::new(session, &grants)))
}
