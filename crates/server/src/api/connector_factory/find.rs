//! `GET /api/connector-factories/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::view::FactoryView;
use crate::{
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// A kind of connector.
#[utoipa::path(
    get,
    path = "/connector-factories/{id}",
    operation_id = "GetConnectorFactory",
    tag = "Connector factories",
    params(("id" = String, Path)),
    responses((status = 200, body = FactoryView))
)]
pub(super) async fn find(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<FactoryView>, ApiError> {
    let factory = operation::connector::factory(app.config(), &id);
    let factory = factory.ok_or_else(|| Refused::not_found("connector factory", &id))?;
    Ok(Json(factory.into()))
}
