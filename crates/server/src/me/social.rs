//! `GET /me/social/connectors` and `DELETE /me/social/identity/{connectorId}`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::Value;

use crate::{
    api::{caller::Caller, well_known::social_connectors},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// The providers that an account can be linked with.
pub(super) async fn connectors(caller: Caller) -> Json<Vec<Value>> {
    Json(social_connectors(&caller.tenant))
}

/// Unlinks the caller's account at a provider.
pub(super) async fn unlink(
    State(app): State<App>,
    caller: Caller,
    Path(connector_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let (tenant, id) = (&caller.tenant, caller.actor.id());
    let connector = tenant.connectors.iter();
    let connector = connector.into_iter().find(|known| known.id == connector_id);
    let connector = connector.ok_or_else(|| Refused::not_found("connector", &connector_id))?;
    let mut tx = caller.begin(&app).await?;
    if !store::user::unlink(&mut tx, &tenant.id, id, &connector.target).await? {
        let message = "The account is not linked with this provider.";
        return Err(Refused::new("user.identity_not_exist", message).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
