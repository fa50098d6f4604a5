//! `POST /oidc/token/revocation` — RFC 7009.

use axum::{Router, extract::State, http::StatusCode, middleware::from_fn, routing::post};
use protocol::{
    secret::Secret,
    token::revoke::{self, Found},
};

use super::{access, cors};
use crate::{app::App, audit::token::revoked, error::OidcError, extract::client::ClientRequest};

/// The route.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/token/revocation", post(revoke_token))
        .layer(from_fn(cors::by_client))
}

/// Ends the grant that a token of the client came of. `token_type_hint` could only save a look-up (§2.1).
async fn revoke_token(
    State(app): State<App>,
    request: ClientRequest,
) -> Result<StatusCode, OidcError> {
    let outcome = end(&app, &request).await;
    let client_id = request.application.client.id.as_str();
    let told = outcome.as_ref().map(drop);
    revoked(
        &app,
        &request.tenant,
        Some(client_id),
        request.parameters,
        told,
    )
    .await;
    outcome.map(|()| StatusCode::OK)
}

async fn end(app: &App, request: &ClientRequest) -> Result<(), OidcError> {
    let tenant_id = &request.tenant.id;
    let token = Secret::new(request.require("token")?);
    if access::is_jwt(&token) {
        revoke::decide(request.client(), Found::Jwt)?;
        return Ok(());
    }
    let hash = token.hash();
    let mut tx = app.db().begin().await?;
    let refresh = store::refresh_token::find(&mut tx, tenant_id, &hash).await?;
    let holder = match refresh {
        Some(issued) => Some((issued.client_id, issued.grant_id)),
        None => store::access_token::find(&mut tx, tenant_id, &hash)
            .await?
            .map(|(issued, _)| (issued.client_id, issued.grant_id)),
    };
    let found = match &holder {
        Some((client_id, grant_id)) => Found::Stored {
            client_id,
            grant_id,
        },
        None => Found::Unknown,
    };
    if let Some(grant_id) = revoke::decide(request.client(), found)? {
        store::grant::delete(&mut tx, tenant_id, grant_id).await?;
        tx.commit().await?;
    }
    Ok(())
}
