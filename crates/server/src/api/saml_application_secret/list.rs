//! `GET /api/saml-applications/{id}/secrets`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::saml_application_secret;

use super::view::SecretView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::saml_application};

/// The keys that can sign the answers to a SAML application, oldest first.
#[utoipa::path(
    get,
    path = "/saml-applications/{id}/secrets",
    operation_id = "ListSamlApplicationSecrets",
    tag = "SAML applications",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<SecretView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<SecretView>>, ApiError> {
    let tenant = &caller.tenant.id;
    saml_application::find(&mut app.db(), tenant, &id).await?;
    let secrets = saml_application_secret::list(app.db(), tenant, &id).await?;
    Ok(Json(secrets.into_iter().map(SecretView::from).collect()))
}
