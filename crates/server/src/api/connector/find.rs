//! `GET /api/connectors/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::view::ConnectorView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One connector.
#[utoipa::path(
    get,
    path = "/connectors/{id}",
    operation_id = "GetConnector",
    tag = "Connectors",
    params(("id" = String, Path)),
    responses((status = 200, body = ConnectorView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ConnectorView>, ApiError> {
    let tenant = &caller.tenant.id;
    let (connector, factory) =
        operation::connector::find(app.db(), app.vault(), tenant, &id).await?;
    Ok(Json(ConnectorView::new(factory, connector)))
}
