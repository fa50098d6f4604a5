//! `GET /api/saml-applications/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::view::SamlApplicationView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::saml_application};

/// One SAML application.
#[utoipa::path(
    get,
    path = "/saml-applications/{id}",
    operation_id = "GetSamlApplication",
    tag = "SAML applications",
    params(("id" = String, Path)),
    responses((status = 200, body = SamlApplicationView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<SamlApplicationView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = saml_application::find(&mut app.db(), tenant, &id).await?;
    Ok(Json(SamlApplicationView::new(tenant, found)))
}
