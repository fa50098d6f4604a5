//! `POST /api/saml-applications`.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use protocol::saml::service_provider::ServiceProvider;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    shape::{AcsUrlShape, EncryptionShape, NameIdFormatShape},
    view::SamlApplicationView,
};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    certificate::{YEARS, certified_key},
    error::ApiError,
    operation::saml_application::{self, NewSamlApplication},
};

/// A SAML application to register.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSamlApplication)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBody {
    name: Text<1, 256>,
    description: Option<String>,
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// Names of attributes by the claims that they carry, such as `{"email": "mail"}`; without any, `sub`, `email` and `name` are told.
    attribute_mapping: Option<BTreeMap<String, String>>,
    /// What the application calls itself: the `Issuer` of its requests.
    entity_id: Option<Text<1, 128>>,
    /// Where answers go.
    acs_url: Option<AcsUrlShape>,
    encryption: Option<EncryptionShape>,
    /// How people are named; persistent where it is left out.
    name_id_format: Option<NameIdFormatShape>,
}

/// Registers a SAML application, with a key that signs its answers for three years.
#[utoipa::path(
    post,
    path = "/saml-applications",
    operation_id = "CreateSamlApplication",
    tag = "SAML applications",
    request_body = NewBody,
    responses((status = 201, body = SamlApplicationView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<NewBody>,
) -> Result<(StatusCode, Json<SamlApplicationView>), ApiError> {
    let new = NewSamlApplication {
        name: body.name.into(),
        description: body.description,
        custom_data: body.custom_data.unwrap_or_default(),
        provider: ServiceProvider {
            attribute_mapping: body.attribute_mapping.unwrap_or_default(),
            entity_id: body.entity_id.map(String::from),
            acs_url: body.acs_url.map(Into::into),
            encryption: body.encryption.map(Into::into),
            name_id_format: body.name_id_format.map(Into::into).unwrap_or_default(),
        },
    };
    // Making a key takes long: what cannot be is refused before.
    new.provider.check()?;
    let tenant = &caller.tenant.id;
    let key = certified_key(&app, &saml_application::certified_name(tenant), YEARS).await?;
    let mut tx = caller.begin(&app).await?;
    let made = saml_application::create(&mut tx, app.vault(), tenant, new, key, app.now()).await?;
    app.commit(tx).await?;
    let view = SamlApplicationView::new(tenant, made);
    Ok((StatusCode::CREATED, Json(view)))
}
