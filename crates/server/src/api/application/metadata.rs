//! What an application registers, in the shapes that callers must keep to (`contract/logto-core.md` §3.11).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::application::{CustomClientMetadata, OidcClientMetadata};
use utoipa::ToSchema;

use crate::{api::text::Text, operation::Refused};

/// Addresses.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = OidcClientMetadata)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Addresses {
    redirect_uris: Vec<Text<1, 2048>>,
    post_logout_redirect_uris: Vec<Text<1, 2048>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    backchannel_logout_uri: Option<Text<1, 2048>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    backchannel_logout_session_required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    logo_uri: Option<Text<1, 2048>>,
}

/// Settings.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = CustomClientMetadata)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// Origins that may call the OIDC endpoints from a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cors_allowed_origins: Option<Vec<Text<1, 2048>>>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    id_token_ttl: Option<i64>,
    /// Seconds; the one in days goes before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    refresh_token_ttl: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 180)]
    refresh_token_ttl_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenant_id: Option<Text<0, 21>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    always_issue_refresh_token: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rotate_refresh_token: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allow_token_exchange: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    is_device_flow: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    max_allowed_grants: Option<i64>,
    /// The algorithm of ID tokens, such as `ES384`; Hufu's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id_token_signing_algorithm: Option<Text<1, 16>>,
    /// Narrows client authentication to one method; Hufu's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    token_endpoint_auth_method: Option<Text<1, 64>>,
    /// The API that is assumed when a request names none; Hufu's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    default_resource: Option<Text<1, 256>>,
}

impl Addresses {
    pub(super) fn read(self) -> Result<OidcClientMetadata, Refused> {
        read(json!(self))
    }
}

impl Settings {
    pub(crate) fn read(self) -> Result<CustomClientMetadata, Refused> {
        if self.max_allowed_grants.is_some_and(|most| most < 1) {
            return Err(invalid("maxAllowedGrants must be at least 1"));
        }
        read(json!(self))
    }
}

fn read<T: serde::de::DeserializeOwned>(members: Value) -> Result<T, Refused> {
    serde_json::from_value(members).map_err(|error| invalid(error.to_string()))
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::new("guard.invalid_input", message)
}

/// The members of a document.
pub(super) fn members(document: &impl Serialize) -> Map<String, Value> {
    match json!(document) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
