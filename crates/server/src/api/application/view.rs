//! An application as callers see it.

use protocol::client::ApplicationType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::application::{Application, OidcClientMetadata};
use utoipa::ToSchema;

use super::metadata::{Addresses, Settings, members};
use crate::api::millis::Millis;

/// What is registered to sign people in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Application)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView {
    tenant_id: String,
    id: String,
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    #[schema(value_type = Kind)]
    kind: ApplicationType,
    #[schema(value_type = Addresses)]
    oidc_client_metadata: Map<String, Value>,
    #[schema(value_type = Settings)]
    custom_client_metadata: Map<String, Value>,
    /// Of applications behind a protecting proxy, which Hufu does not offer.
    #[schema(value_type = Option<Object>)]
    protected_app_metadata: Option<()>,
    #[schema(value_type = Object)]
    custom_data: Map<String, Value>,
    is_third_party: bool,
    app_level_access_control_enabled: bool,
    created_at: Millis,
    /// Where one application was asked for: whether it may manage the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    is_admin: Option<bool>,
}

/// The kind of an application.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationType)]
pub(crate) enum Kind {
    Native,
    #[serde(rename = "SPA")]
    Spa,
    Traditional,
    MachineToMachine,
    Protected,
    #[serde(rename = "SAML")]
    Saml,
}

impl From<Kind> for ApplicationType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Native => Self::Native,
            Kind::Spa => Self::Spa,
            Kind::Traditional => Self::Traditional,
            Kind::MachineToMachine => Self::MachineToMachine,
            Kind::Protected => Self::Protected,
            Kind::Saml => Self::Saml,
        }
    }
}

impl ApplicationView {
    /// The application of a tenant.
    pub fn new(tenant_id: &str, application: Application) -> Self {
        // What an importer left there of a SAML application is none of the caller's business.
        let addresses = match application.kind {
            ApplicationType::Saml => OidcClientMetadata::default(),
            _ => application.oidc_client_metadata,
        };
        Self {
            tenant_id: tenant_id.to_owned(),
            oidc_client_metadata: members(&addresses),
            custom_client_metadata: members(&application.custom_client_metadata),
            id: application.id,
            name: application.name,
            description: application.description,
            kind: application.kind,
            protected_app_metadata: None,
            custom_data: application.custom_data,
            is_third_party: application.is_third_party,
            app_level_access_control_enabled: application.access_control_enabled,
            created_at: application.created_at.into(),
            is_admin: None,
        }
    }

    /// The application with whether it may manage the tenant.
    #[must_use]
    pub fn with_admin(self, is_admin: bool) -> Self {
        Self {
            is_admin: Some(is_admin),
            ..self
        }
    }
}
