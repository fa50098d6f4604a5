//! The HTTP API below `/api`: one folder for each kind of thing, one file for each endpoint.
//!
//! An endpoint takes its [`caller::Caller`], a typed [`input::Input`] or [`query::Query`], calls the rules and the store,
//! and answers. Whatever the routes have in common stands in the files beside this one, once.

#![expect(
    unused_qualifications,
    reason = "what utoipa writes for a route has them"
)]

pub mod account_center;
pub mod admin_console;
pub mod application;
pub mod application_access_control;
pub mod application_consent_organization;
pub mod application_custom_domain;
pub mod application_sign_in_experience;
pub mod application_user_consent_scope;
pub mod caller;
pub mod captcha_provider;
pub mod cimd;
pub mod connector;
pub mod connector_factory;
pub mod cors;
pub mod custom_phrase;
pub mod custom_profile_field;
pub mod document;
pub mod domain;
pub mod email_template;
pub mod etag;
pub mod fingerprint;
pub mod id_token;
pub mod input;
pub mod list;
pub mod millis;
pub mod oidc_config;
pub mod one_time_token;
pub mod organization;
pub mod organization_application;
pub mod organization_application_role;
pub mod organization_invitation;
pub mod organization_jit_email_domain;
pub mod organization_jit_role;
pub mod organization_jit_sso_connector;
pub mod organization_role;
pub mod organization_role_resource_scope;
pub mod organization_role_scope;
pub mod organization_scope;
pub mod organization_user;
pub mod organization_user_role;
pub mod paging;
pub mod patch;
pub mod personal_access_token;
pub mod query;
pub mod saml;
pub mod saml_application;
pub mod saml_application_secret;
pub mod search;
pub mod subject_token;
pub mod system;
pub mod text;
pub mod user;
pub mod user_asset;
pub mod user_mfa_verification;
pub mod verification_code;
pub mod well_known;

pub mod config;
pub mod dashboard;
pub mod hook;
pub mod log;
pub mod resource;
pub mod role;
pub mod routes;
pub mod scope;
pub mod secret;
pub mod sentinel_activity;
pub mod sign_in_exp;
pub mod sso_connector;
pub mod sso_signing_key;

use axum::{
    Router,
    body::to_bytes,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use utoipa::openapi::OpenApi;

use self::routes::{Document, Routes};
use crate::{app::App, error::ApiError};

/// The largest JSON body (`contract/logto-api.md` §1.8).
const BODY_LIMIT: usize = 1024 * 1024;

/// The Management API, and what anybody may ask.
pub fn router(app: &App) -> Router<App> {
    let managed = managed::<Router<App>>();
    let managed = managed.layer(from_fn_with_state(app.clone(), caller::authenticate));
    let routes = Router::new()
        .merge(managed)
        .merge(open::<Router<App>>())
        .merge(document::router())
        .fallback(unknown)
        .with_state(app.clone());
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), cors::own_pages))
        .layer(from_fn(no_nul))
        .layer(from_fn(etag::etag))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(one_face));
    let root = well_known::root().layer(from_fn_with_state(app.clone(), cors::own_pages));
    Router::new()
        .nest_service("/api", around.service(routes))
        .merge(root)
}

/// The document that describes the Management API: what `openapi.json` has to be.
pub fn describe() -> OpenApi {
    let routes = Routes::merge(managed::<Document>(), open());
    let mut document = routes.into_openapi();
    document::complete(&mut document);
    document
}

/// The routes that need a token.
fn managed<R: Routes>() -> R {
    R::none()
        .merge(account_center::routes())
        .merge(admin_console::routes())
        .merge(application::routes())
        .merge(application_user_consent_scope::routes())
        .merge(application_sign_in_experience::routes())
        .merge(application_consent_organization::routes())
        .merge(application_access_control::routes())
        .merge(application_custom_domain::routes())
        .merge(captcha_provider::routes())
        .merge(cimd::routes())
        .merge(connector::routes())
        .merge(connector_factory::routes())
        .merge(custom_phrase::routes())
        .merge(custom_profile_field::routes())
        .merge(domain::routes())
        .merge(email_template::routes())
        .merge(id_token::routes())
        .merge(oidc_config::routes())
        .merge(config::routes())
        .merge(dashboard::routes())
        .merge(hook::routes())
        .merge(log::routes())
        .merge(one_time_token::routes())
        .merge(organization::routes())
        .merge(organization_application::routes())
        .merge(organization_application_role::routes())
        .merge(organization_invitation::routes())
        .merge(organization_jit_email_domain::routes())
        .merge(organization_jit_role::routes())
        .merge(organization_jit_sso_connector::routes())
        .merge(organization_role::routes())
        .merge(organization_role_resource_scope::routes())
        .merge(organization_role_scope::routes())
        .merge(organization_scope::routes())
        .merge(organization_user::routes())
        .merge(organization_user_role::routes())
        .merge(personal_access_token::routes())
        .merge(resource::routes())
        .merge(role::routes())
        .merge(saml_application::routes())
        .merge(saml_application_secret::routes())
        .merge(scope::routes())
        .merge(secret::routes())
        .merge(sentinel_activity::routes())
        .merge(sign_in_exp::routes())
        .merge(sso_connector::routes())
        .merge(sso_signing_key::routes())
        .merge(subject_token::routes())
        .merge(system::routes())
        .merge(user::routes())
        .merge(verification_code::routes())
        .merge(user_asset::routes())
        .merge(user_mfa_verification::routes())
}

/// The routes that need no token.
fn open<R: Routes>() -> R {
    R::none().merge(well_known::routes()).merge(saml::routes())
}

async fn unknown() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Not Found")
}

/// What axum refuses by itself, such as a path that is no UTF-8, gets the face of every refusal.
async fn one_face(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_text = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if response.status() != StatusCode::BAD_REQUEST || !is_text {
        return response;
    }
    let body = to_bytes(response.into_body(), BODY_LIMIT).await;
    let details = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    let part = "path or query";
    ApiError::Input { part, details }.into_response()
}

/// U+0000 in an address is refused before anybody compares it with what is stored (attack T53).
async fn no_nul(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path().contains("%00") || uri.query().is_some_and(|query| query.contains("%00")) {
        let details = "the address contains the character U+0000".to_owned();
        let part = "path or query";
        return ApiError::Input { part, details }.into_response();
    }
    next.run(request).await
}
