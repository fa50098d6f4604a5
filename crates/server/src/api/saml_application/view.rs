//! A SAML application as callers see it.

use std::collections::BTreeMap;

use protocol::{
    client::ApplicationType,
    saml::{
        name_id::NameIdFormat,
        service_provider::{AcsUrl, Encryption},
    },
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::shape::{AcsUrlShape, EncryptionShape, NameIdFormatShape};
use crate::{
    api::{application::Kind, millis::Millis},
    operation::saml_application::SamlApplication,
};

/// An application that takes SAML answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SamlApplication)]
#[serde(rename_all = "camelCase")]
pub(super) struct SamlApplicationView {
    tenant_id: String,
    id: String,
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    #[schema(value_type = Kind)]
    kind: ApplicationType,
    #[schema(value_type = Object)]
    custom_data: Map<String, Value>,
    is_third_party: bool,
    app_level_access_control_enabled: bool,
    created_at: Millis,
    /// Names of attributes by claims.
    attribute_mapping: BTreeMap<String, String>,
    /// What the application calls itself.
    entity_id: Option<String>,
    #[schema(value_type = Option<AcsUrlShape>)]
    acs_url: Option<AcsUrl>,
    #[schema(value_type = Option<EncryptionShape>)]
    encryption: Option<Encryption>,
    #[schema(value_type = NameIdFormatShape)]
    name_id_format: NameIdFormat,
}

impl SamlApplicationView {
    /// The application of a tenant.
    pub(super) fn new(tenant_id: &str, found: SamlApplication) -> Self {
        let SamlApplication {
            application,
            provider,
        } = found;
        Self {
            tenant_id: tenant_id.to_owned(),
            id: application.id,
            name: application.name,
            description: application.description,
            kind: application.kind,
            custom_data: application.custom_data,
            is_third_party: application.is_third_party,
            app_level_access_control_enabled: application.access_control_enabled,
            created_at: application.created_at.into(),
            attribute_mapping: provider.attribute_mapping,
            entity_id: provider.entity_id,
            acs_url: provider.acs_url,
            encryption: provider.encryption,
            name_id_format: provider.name_id_format,
        }
    }
}
