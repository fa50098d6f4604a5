//! `PATCH /api/applications/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::{
    Tx,
    application::access,
    relation::{self, APPLICATION_ROLES},
};
use utoipa::ToSchema;

use super::{
    ApplicationView,
    find::ADMIN_ROLE,
    metadata::{Addresses, Settings},
};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    operation::application,
};

/// What may change: the kind may not, nor whether it is third-party. Documents are replaced as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApplicationChange {
    name: Option<Text<1, 256>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Patch<String>,
    oidc_client_metadata: Option<Addresses>,
    custom_client_metadata: Option<Settings>,
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// Whether only those may use it whom its rules name.
    app_level_access_control_enabled: Option<bool>,
    /// Whether it may manage the tenant.
    is_admin: Option<bool>,
}

/// Changes an application.
#[utoipa::path(
    patch,
    path = "/applications/{id}",
    operation_id = "UpdateApplication",
    tag = "Applications",
    params(("id" = String, Path)),
    request_body = ApplicationChange,
    responses((status = 200, body = ApplicationView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<ApplicationChange>,
) -> Result<Json<ApplicationView>, ApiError> {
    let tenant = &caller.tenant.id;
    let addresses = change
        .oidc_client_metadata
        .map(Addresses::read)
        .transpose()?;
    let settings = change
        .custom_client_metadata
        .map(Settings::read)
        .transpose()?;
    let mut tx = caller.begin(&app).await?;
    let mut held = application::find(&mut tx, tenant, &id).await?;
    application::not_saml(held.kind)?;
    if let Some(name) = change.name {
        held.name = name.into();
    }
    held.description = change.description.apply(held.description);
    held.oidc_client_metadata = addresses.unwrap_or(held.oidc_client_metadata);
    held.custom_data = change.custom_data.unwrap_or(held.custom_data);
    if let Some(is_enabled) = change.app_level_access_control_enabled {
        let rules = access::find(&mut tx, tenant, &id).await?;
        application::check_access(is_enabled, &rules)?;
        held.access_control_enabled = is_enabled;
    }
    let before =
        settings.map(|settings| std::mem::replace(&mut held.custom_client_metadata, settings));
    application::update(&mut tx, tenant, &held, before.as_ref()).await?;
    if let Some(is_admin) = change.is_admin {
        set_admin(&mut tx, tenant, &id, is_admin).await?;
    }
    app.commit(tx).await?;
    Ok(Json(ApplicationView::new(tenant, held)))
}

async fn set_admin(
    tx: &mut Tx,
    tenant: &str,
    id: &str,
    is_admin: bool,
) -> Result<(), store::StoreError> {
    if is_admin {
        let role = [ADMIN_ROLE.to_owned()];
        relation::add(tx, APPLICATION_ROLES, tenant, &[id], &role).await?;
    } else {
        relation::remove(tx, APPLICATION_ROLES, tenant, &[id], ADMIN_ROLE).await?;
    }
    Ok(())
}
