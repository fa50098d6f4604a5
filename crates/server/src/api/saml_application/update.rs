//! `PATCH /api/saml-applications/{id}`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    shape::{AcsUrlShape, EncryptionShape, NameIdFormatShape},
    view::SamlApplicationView,
};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    operation::saml_application::{self, SamlApplication},
};

/// What may change. Documents are replaced as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SamlApplicationChange)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    name: Option<Text<1, 256>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Patch<String>,
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// Whether only those may use it whom its rules name.
    app_level_access_control_enabled: Option<bool>,
    attribute_mapping: Option<BTreeMap<String, String>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<1, 128>>)]
    entity_id: Patch<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<AcsUrlShape>)]
    acs_url: Patch<AcsUrlShape>,
    #[serde(default)]
    #[schema(value_type = Option<EncryptionShape>)]
    encryption: Patch<EncryptionShape>,
    name_id_format: Option<NameIdFormatShape>,
}

/// Changes a SAML application.
#[utoipa::path(
    patch,
    path = "/saml-applications/{id}",
    operation_id = "UpdateSamlApplication",
    tag = "SAML applications",
    params(("id" = String, Path)),
    request_body = Change,
    responses((status = 200, body = SamlApplicationView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<Change>,
) -> Result<Json<SamlApplicationView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let held = saml_application::find(&mut tx, tenant, &id).await?;
    let changed = change.apply(held);
    saml_application::update(&mut tx, tenant, &changed).await?;
    app.commit(tx).await?;
    Ok(Json(SamlApplicationView::new(tenant, changed)))
}

impl Change {
    fn apply(self, held: SamlApplication) -> SamlApplication {
        let SamlApplication {
            mut application,
            mut provider,
        } = held;
        if let Some(name) = self.name {
            application.name = name.into();
        }
        application.description = self.description.apply(application.description);
        application.custom_data = self.custom_data.unwrap_or(application.custom_data);
        application.access_control_enabled = self
            .app_level_access_control_enabled
            .unwrap_or(application.access_control_enabled);
        provider.attribute_mapping = self.attribute_mapping.unwrap_or(provider.attribute_mapping);
        provider.entity_id = self.entity_id.map(String::from).apply(provider.entity_id);
        provider.acs_url = self.acs_url.map(Into::into).apply(provider.acs_url);
        provider.encryption = self.encryption.map(Into::into).apply(provider.encryption);
        provider.name_id_format = self
            .name_id_format
            .map_or(provider.name_id_format, Into::into);
        SamlApplication {
            application,
            provider,
        }
    }
}
