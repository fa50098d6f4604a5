//! Who calls: a person, with a token for exactly this API.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::request::Parts;
use store::seed::ADMIN_TENANT;

use crate::{
    api::caller::{Actor, Caller, actor, bearer},
    app::App,
    arriving::Arriving,
    error::{ApiError, PageError},
    extract::tenant::tenant_of,
    operation::Refused,
};

/// The audience of the tokens.
const AUDIENCE: &str = "https://admin.logto.app/me";

/// Lets a request pass whose access token a person of the administrators' tenant got for this API.
pub(super) async fn authenticate(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match identify(&app, &parts).await {
        Ok(Some(caller)) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        // Other tenants have no such API.
        Ok(None) => PageError::NotFound.into_response(),
        Err(refused) => refused.into_response(),
    }
}

async fn identify(app: &App, parts: &Parts) -> Result<Option<Caller>, ApiError> {
    let arriving = parts.extensions.get::<Arriving>();
    let Some((arriving, tenant)) = arriving
        .and_then(|arriving| Some((arriving, tenant_of(app, arriving)?)))
        .filter(|(_, tenant)| tenant.id == ADMIN_TENANT)
    else {
        return Ok(None);
    };
    let token = bearer(&parts.headers)?;
    let actor = actor(app, &tenant, AUDIENCE, token, app.now()).await?;
    let Actor::User(_) = actor else {
        let message = "The access token is of an application: this API is for people.";
        return Err(Refused::new("auth.unauthorized", message).into());
    };
    Ok(Some(Caller::of(parts, arriving.ip, tenant, actor)))
}
