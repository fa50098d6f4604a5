//! `PATCH /api/organizations/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::organization::Organization;
use utoipa::ToSchema;

use super::OrganizationView;
use crate::{
    api::{
        caller::Caller,
        input::Input,
        patch::Patch,
        sign_in_exp::{Branding, PartialColor, members},
        text::Text,
    },
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::Refused,
};

/// What becomes of an organization. Objects are replaced as wholes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationChange {
    name: Option<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 256>>)]
    description: Patch<Text<0, 256>>,
    /// Any JSON object.
    #[schema(value_type = Option<Object>, additional_properties = true)]
    custom_data: Option<Map<String, Value>>,
    is_mfa_required: Option<bool>,
    color: Option<PartialColor>,
    branding: Option<Branding>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 262_144>>)]
    custom_css: Patch<Text<0, 262_144>>,
}

impl OrganizationChange {
    fn apply(self, held: Organization) -> Organization {
        Organization {
            name: self.name.map_or(held.name, String::from),
            description: self.description.map(String::from).apply(held.description),
            custom_data: self.custom_data.unwrap_or(held.custom_data),
            is_mfa_required: self.is_mfa_required.unwrap_or(held.is_mfa_required),
            color: self.color.as_ref().map_or(held.color, members),
            branding: self.branding.as_ref().map_or(held.branding, members),
            custom_css: self.custom_css.map(String::from).apply(held.custom_css),
            id: held.id,
            created_at: held.created_at,
        }
    }
}

/// Changes an organization.
#[utoipa::path(
    patch,
    path = "/organizations/{id}",
    operation_id = "UpdateOrganization",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = OrganizationChange,
    responses((status = 200, body = OrganizationView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<OrganizationChange>,
) -> Result<Json<OrganizationView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::organization::find(&mut tx, tenant, &id).await?;
    let held = found.ok_or_else(|| Refused::nothing_to_change("organization", &id))?;
    let organization = change.apply(held);
    store::organization::update(&mut tx, tenant, &organization).await?;
    let view = OrganizationView::new(tenant, organization);
    let event = Event::OrganizationDataUpdated;
    raise(&app, &mut tx, &caller, event, &id, 200, &view).await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
