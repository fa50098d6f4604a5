//! `DELETE /api/users/{userId}/sessions/{sessionId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::session;
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
};

/// What ends with the session.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Grants that outlive the session end as well: all of them, or those of first-party applications.
    #[param(inline)]
    revoke_grants_target: Option<Target>,
}

/// Which grants.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Target {
    All,
    FirstParty,
}

/// Ends a session, with the grants that do not outlive it.
#[utoipa::path(
    delete,
    path = "/users/{userId}/sessions/{sessionId}",
    operation_id = "DeleteUserSession",
    tag = "Users",
    params(("userId" = String, Path), ("sessionId" = String, Path), Asked),
    responses((status = 204))
)]
pub(super) async fn revoke_session(
    State(app): State<App>,
    caller: Caller,
    Path((id, session_id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant;
    session::find(&app, &tenant.id, &id, &session_id).await?;
    let grants = store::grant::list(app.db(), &tenant.id, &id, app.now()).await?;
    let is_wanted = |client_id: &str| match asked.revoke_grants_target {
        None => false,
        Some(Target::All) => true,
        Some(Target::FirstParty) => tenant
            .application(client_id)
            .is_none_or(|application| !application.client.is_third_party),
    };
    let mut ending: Vec<_> = grants
        .iter()
        .filter(|grant| grant.session_id.as_deref() == Some(&session_id))
        .filter(|grant| is_wanted(&grant.client_id))
        .map(|grant| grant.id.as_str())
        .collect();
    ending.sort_unstable();
    let mut tx = caller.begin(&app).await?;
    store::grant::delete_of_session(&mut tx, &tenant.id, &session_id).await?;
    for grant_id in ending {
        store::grant::delete(&mut tx, &tenant.id, grant_id).await?;
    }
    store::session::delete(&mut tx, &tenant.id, &session_id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
