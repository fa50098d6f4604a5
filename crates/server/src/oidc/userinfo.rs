//! `GET` and `POST /oidc/me` — the userinfo endpoint (OpenID Connect Core §5.3).

use axum::{
    Json, Router,
    extract::State,
    http::{Extensions, HeaderMap, header},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::get,
};
use protocol::{
    claims::{self, Place},
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
    secret::Secret,
};
use serde_json::{Map, Value, json};

use super::{access, cors};
use crate::{
    app::App,
    cimd,
    error::OidcError,
    extract::{body::Body, tenant::CurrentTenant},
    tenant::Tenant,
};

/// The route.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/me", get(show).post(show))
        .layer(from_fn(cors::by_client))
}

/// Tells the bearer of an access token with `openid` about the person.
async fn show(
    State(app): State<App>,
    CurrentTenant(tenant): CurrentTenant,
    headers: HeaderMap,
    extensions: Extensions,
    Body(form): Body,
) -> Result<Response, OidcError> {
    let told = match bearer(&headers, &form) {
        Ok(token) => tell(&app, &tenant, &token, &extensions).await,
        Err(refused) => Err(refused.into()),
    };
    match told {
        Ok(told) => Ok(([(header::CACHE_CONTROL, "no-store")], Json(told)).into_response()),
        Err(OidcError::Refused { error, .. })
            if matches!(
                error.code,
                ErrorCode::InvalidToken | ErrorCode::InsufficientScope
            ) =>
        {
            Err(OidcError::bearer(error, &tenant.issuer))
        }
        Err(failed) => Err(failed),
    }
}

async fn tell(
    app: &App,
    tenant: &Tenant,
    token: &Secret,
    extensions: &Extensions,
) -> Result<Map<String, Value>, OidcError> {
    let mut db = app.db();
    let access = access::read(&mut db, tenant, token, app.now()).await?;
    let access =
        access.ok_or_else(|| invalid_token("the access token is unknown, expired or revoked"))?;
    let grant = &access.subject.grant;
    let application = cimd::application(app, tenant, &grant.client_id).await?;
    let application = application.ok_or_else(|| invalid_token("the application was deleted"))?;
    cors::check(
        cors::AskingPage::of(extensions).as_ref(),
        tenant,
        &application.client,
    )?;
    if !access.shown.scope.contains("openid") {
        let description = "the access token lacks the scope openid";
        return Err(OAuthError::new(ErrorCode::InsufficientScope, description).into());
    }
    let client = &application.client;
    let person = access.subject.claims(&mut db, &tenant.id, client).await?;
    let by_name = grant
        .claims
        .as_ref()
        .map_or(&[][..], |asked| &asked.userinfo);
    let mut told = Map::new();
    told.insert("sub".to_owned(), json!(grant.user_id));
    told.extend(claims::select(
        &person,
        &access.shown.scope,
        by_name,
        client,
        Place::Userinfo,
    ));
    Ok(told)
}

/// The token, from the header or from the form (RFC 6750 §2.1, §2.2), but not from both.
fn bearer(headers: &HeaderMap, form: &Parameters) -> Result<Secret, OAuthError> {
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let header = header.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    match (header, form.one("access_token")?) {
        (Some(token), None) | (None, Some(token)) => Ok(Secret::new(token)),
        (None, None) => Err(invalid_token("an access token is needed")),
        (Some(_), Some(_)) => Err(OAuthError::invalid_request(
            "the access token was sent twice",
        )),
    }
}

fn invalid_token(description: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, description)
}
