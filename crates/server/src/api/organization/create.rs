//! `POST /api/organizations`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::organization::Organization;
use utoipa::ToSchema;

use super::OrganizationView;
use crate::{
    api::{
        caller::Caller,
        input::Input,
        sign_in_exp::{Branding, PartialColor, members},
        text::Text,
    },
    app::App,
    error::ApiError,
    hook::{Event, raise},
};

/// An organization to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewOrganization {
    name: Text<1, 128>,
    description: Option<Text<0, 256>>,
    /// Any JSON object.
    #[serde(default)]
    #[schema(value_type = Object, additional_properties = true, required = false)]
    custom_data: Map<String, Value>,
    /// Whether its members need a second factor.
    #[serde(default)]
    is_mfa_required: bool,
    #[serde(default)]
    color: PartialColor,
    #[serde(default)]
    branding: Branding,
    custom_css: Option<Text<0, 262_144>>,
}

/// Makes an organization.
#[utoipa::path(
    post,
    path = "/organizations",
    operation_id = "CreateOrganization",
    tag = "Organizations",
    request_body = NewOrganization,
    responses((status = 201, body = OrganizationView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewOrganization>,
) -> Result<(StatusCode, Json<OrganizationView>), ApiError> {
    let tenant = &caller.tenant.id;
    let organization = Organization {
        id: app.random_id(12),
        name: new.name.into(),
        description: new.description.map(String::from),
        custom_data: new.custom_data,
        is_mfa_required: new.is_mfa_required,
        color: members(&new.color),
        branding: members(&new.branding),
        custom_css: new.custom_css.map(String::from),
        created_at: app.now(),
    };
    let mut tx = caller.begin(&app).await?;
    store::organization::insert(&mut tx, tenant, &organization).await?;
    let view = OrganizationView::new(tenant, organization);
    let event = Event::OrganizationCreated;
    raise(&app, &mut tx, &caller, event, view.id(), 201, &view).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
