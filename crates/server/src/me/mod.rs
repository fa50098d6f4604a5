//! `/me` of the administrators' tenant: what the console lets people change of their own account (`contract/logto-api.md` §5.8).

mod caller;
mod custom_data;
mod password;
mod profile;
mod social;
mod social_link;
mod user_asset;
mod verification_code;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{delete, get, post},
};
use identity::user::User;
use serde::Serialize;
use store::Source;

use crate::{
    api::user::UserInfo, app::App, asset::upload::LARGEST_FORM, error::ApiError, operation::Refused,
};

/// How long a proof of the password or of an address counts, in seconds.
const PROOF_LIFE: i64 = 600;
/// The largest JSON body.
const BODY_LIMIT: usize = 1024 * 1024;

/// Its routes.
pub fn router(app: &App) -> Router<App> {
    let upload = post(user_asset::create).layer(DefaultBodyLimit::max(LARGEST_FORM));
    let routes = Router::new()
        .route("/", get(profile::find).patch(profile::update))
        .route(
            "/custom-data",
            get(custom_data::find).patch(custom_data::update),
        )
        .route("/password/verify", post(password::verify))
        .route("/password", post(password::replace))
        .route("/verification-codes", post(verification_code::create))
        .route(
            "/verification-codes/verify",
            post(verification_code::verify),
        )
        .route("/social/connectors", get(social::connectors))
        .route(
            "/social/authorization-uri",
            post(social_link::authorization_uri),
        )
        .route("/social/link-identity", post(social_link::link))
        .route("/social/identity/{connectorId}", delete(social::unlink))
        .route("/user-assets/service-status", get(user_asset::status))
        .route("/user-assets", upload)
        .layer(from_fn_with_state(app.clone(), caller::authenticate))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    Router::new().nest("/me", routes)
}

/// Somebody's own account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    #[serde(flatten)]
    info: UserInfo,
    /// Only where there is one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    has_password: bool,
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        Self {
            has_password: user.password.is_some(),
            info: user.into(),
        }
    }
}

async fn find(source: impl Source, tenant_id: &str, user_id: &str) -> Result<User, ApiError> {
    let found = store::user::find(source, tenant_id, user_id).await?;
    Ok(found.ok_or_else(|| Refused::not_found("user", user_id))?)
}
