//! `POST /api/applications`.

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    ApplicationView,
    metadata::{Addresses, Settings},
    view::Kind,
};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::application::{self, NewApplication},
};

/// An application to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewApplicationBody {
    name: Text<1, 256>,
    description: Option<String>,
    r#type: Kind,
    oidc_client_metadata: Option<Addresses>,
    custom_client_metadata: Option<Settings>,
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// Whether people are asked for consent.
    is_third_party: Option<bool>,
}

/// Registers an application, with a secret when its kind can keep one.
#[utoipa::path(
    post,
    path = "/applications",
    operation_id = "CreateApplication",
    tag = "Applications",
    request_body = NewApplicationBody,
    responses((status = 200, body = ApplicationView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<NewApplicationBody>,
) -> Result<Json<ApplicationView>, ApiError> {
    let new = NewApplication {
        name: body.name.into(),
        description: body.description,
        kind: body.r#type.into(),
        is_third_party: body.is_third_party.unwrap_or(false),
        oidc_client_metadata: body
            .oidc_client_metadata
            .map(Addresses::read)
            .transpose()?
            .unwrap_or_default(),
        custom_client_metadata: body
            .custom_client_metadata
            .map(Settings::read)
            .transpose()?
            .unwrap_or_default(),
        custom_data: body.custom_data.unwrap_or_default(),
    };
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let made = application::create(&mut tx, app.vault(), tenant, new, app.now()).await?;
    app.commit(tx).await?;
    Ok(Json(ApplicationView::new(tenant, made.application)))
}
