//! `GET /api/applications/{id}/secrets`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use store::application::secret::{self, ApplicationSecret};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, millis::Millis},
    app::App,
    error::ApiError,
    operation,
};

/// What an application proves itself with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationSecret)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecretView {
    tenant_id: String,
    application_id: String,
    name: String,
    value: String,
    created_at: Millis,
    expires_at: Option<Millis>,
}

impl SecretView {
    /// The record with the secret itself.
    pub(super) fn new(
        tenant_id: &str,
        application_id: &str,
        record: ApplicationSecret,
        value: String,
    ) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            application_id: application_id.to_owned(),
            name: record.name,
            value,
            created_at: record.created_at.into(),
            expires_at: record.expires_at.map(Millis::from),
        }
    }
}

/// The secrets of an application, oldest first.
#[utoipa::path(
    get,
    path = "/applications/{id}/secrets",
    operation_id = "ListApplicationSecrets",
    tag = "Applications",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<SecretView>))
)]
pub(super) async fn secrets(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<SecretView>>, ApiError> {
    let tenant = &caller.tenant.id;
    operation::application::find(app.db(), tenant, &id).await?;
    let mut views = Vec::new();
    for record in secret::list(app.db(), tenant, &id).await? {
        let value = secret::reveal(app.db(), app.vault(), tenant, &id, &record.name).await?;
        if let Some(value) = value {
            let value = value.reveal().to_owned();
            views.push(SecretView::new(tenant, &id, record, value));
        }
    }
    Ok(Json(views))
}
