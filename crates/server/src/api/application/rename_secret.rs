//! `PATCH /api/applications/{id}/secrets/{name}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use store::application::secret;
use utoipa::ToSchema;

use super::secrets::SecretView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// The new name.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewName {
    name: Text<1, 256>,
}

/// Gives a secret another name.
#[utoipa::path(
    patch,
    path = "/applications/{id}/secrets/{name}",
    operation_id = "UpdateApplicationSecret",
    tag = "Applications",
    params(("id" = String, Path), ("name" = String, Path)),
    request_body = NewName,
    responses((status = 200, body = SecretView))
)]
pub(super) async fn rename_secret(
    State(app): State<App>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    Input(new): Input<NewName>,
) -> Result<Json<SecretView>, ApiError> {
    let tenant = &caller.tenant.id;
    let none = || Refused::nothing_to_change("secret", &name);
    let mut tx = caller.begin(&app).await?;
    if !secret::rename(&mut tx, tenant, &id, &name, &new.name).await? {
        return Err(none().into());
    }
    let records = secret::list(&mut tx, tenant, &id).await?;
    let record = records.into_iter().find(|record| record.name == *new.name);
    let record = record.ok_or_else(none)?;
    let value = secret::reveal(&mut tx, app.vault(), tenant, &id, &record.name).await?;
    let value = value.ok_or_else(none)?.reveal().to_owned();
    app.commit(tx).await?;
    Ok(Json(SecretView::new(tenant, &id, record, value)))
}
