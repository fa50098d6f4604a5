//! `GET /api/sso-connectors/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::view::FullView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// The identity provider of an enterprise, with what it says of itself at this moment.
#[utoipa::path(
    get,
    path = "/sso-connectors/{id}",
    operation_id = "GetSsoConnector",
    tag = "SSO connectors",
    params(("id" = String, Path)),
    responses((status = 200, body = FullView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<FullView>, ApiError> {
    let tenant = &caller.tenant;
    let (connector, provider) =
        operation::sso_connector::find(app.db(), app.vault(), &tenant.id, &id).await?;
    Ok(Json(
        FullView::load(&app, tenant, provider, connector).await,
    ))
}
