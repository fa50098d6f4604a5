//! A script for custom claims as callers see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::seed::ADMIN_TENANT;
use utoipa::ToSchema;

use crate::{
    api::config::setting,
    error::ApiError,
    operation::Refused,
    script::customizer::{ACCESS_TOKEN, CLIENT_CREDENTIALS},
};

/// A script for custom claims, and what belongs to it. Other members are refused.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = JwtCustomizer)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct JwtCustomizer {
    /// JavaScript that declares `getCustomJwtClaims`.
    script: String,
    /// What the script finds as `environmentVariables`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    environment_variables: Option<BTreeMap<String, String>>,
    /// A context to try the script with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    context_sample: Option<Map<String, Value>>,
    /// A token to try the script with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    token_sample: Option<Map<String, Value>>,
    /// Whether no token is issued when the script fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    block_issuance_on_error: Option<bool>,
}

/// A setting with its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamedJwtCustomizer)]
pub(super) struct NamedJwtCustomizer {
    /// `jwt.accessToken` or `jwt.clientCredentials`.
    pub(super) key: &'static str,
    #[schema(value_type = JwtCustomizer)]
    pub(super) value: Value,
}

/// For which tokens a script is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TokenType {
    /// Of people.
    AccessToken,
    /// That applications get for themselves.
    ClientCredentials,
}

/// The name of the setting for the token type in a path.
pub(super) fn key(token_type: &str) -> Result<&'static str, ApiError> {
    match token_type {
        "access-token" => Ok(ACCESS_TOKEN),
        "client-credentials" => Ok(CLIENT_CREDENTIALS),
        other => Err(setting::unknown(
            other,
            &["access-token", "client-credentials"],
        )),
    }
}

/// The tokens of the admin tenant open the Management API: no script has a say in them.
pub(crate) fn allowed(tenant_id: &str) -> Result<(), Refused> {
    if tenant_id == ADMIN_TENANT {
        return Err(Refused::new(
            "jwt_customizer.can_not_create_for_admin_tenant",
            "The admin tenant has no custom claims.",
        ));
    }
    Ok(())
}
