//! `PATCH /api/configs/admin-console`.

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{AdminConsole, KEY};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation,
};

/// What may change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdminConsoleChange {
    sign_in_experience_customized: Option<bool>,
    organization_created: Option<bool>,
}

/// Changes what the console remembers of the tenant.
#[utoipa::path(
    patch,
    path = "/configs/admin-console",
    operation_id = "UpdateAdminConsoleConfig",
    tag = "Configs",
    request_body = AdminConsoleChange,
    responses((status = 200, body = AdminConsole))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<AdminConsoleChange>,
) -> Result<Json<AdminConsole>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let value = operation::setting::find(&mut tx, tenant, KEY).await?;
    let mut held: AdminConsole = serde_json::from_value(value).unwrap_or_default();
    if let Some(customized) = change.sign_in_experience_customized {
        held.sign_in_experience_customized = customized;
    }
    if let Some(created) = change.organization_created {
        held.organization_created = created;
    }
    store::config::set(&mut tx, tenant, KEY, &json!(held)).await?;
    app.commit(tx).await?;
    Ok(Json(held))
}
