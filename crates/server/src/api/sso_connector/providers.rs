//! `GET /api/sso-connector-providers`.

use axum::Json;
use connectors::sso::{PROVIDERS, Provider};
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of identity provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoConnectorProvider)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderView {
    provider_name: &'static str,
    /// `oidc` or `saml`.
    provider_type: &'static str,
    logo: String,
    logo_dark: String,
    description: &'static str,
    name: &'static str,
}

impl From<Provider> for ProviderView {
    fn from(provider: Provider) -> Self {
        Self {
            provider_name: provider.name,
            provider_type: provider.protocol.as_str(),
            logo: provider.logo(),
            logo_dark: provider.logo(),
            description: provider.description,
            name: provider.title,
        }
    }
}

/// The kinds of identity providers that there are.
#[utoipa::path(
    get,
    path = "/sso-connector-providers",
    operation_id = "ListSsoConnectorProviders",
    tag = "SSO connector providers",
    responses((status = 200, body = Vec<ProviderView>))
)]
pub(super) async fn providers() -> Json<Vec<ProviderView>> {
    Json(PROVIDERS.into_iter().map(ProviderView::from).collect())
}
