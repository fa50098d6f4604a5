//! `GET /api/connector-factories`.

use axum::{Json, extract::State};
use connectors::factory;

use super::view::FactoryView;
use crate::app::App;

/// The kinds of connectors that there are.
#[utoipa::path(
    get,
    path = "/connector-factories",
    operation_id = "ListConnectorFactories",
    tag = "Connector factories",
    responses((status = 200, body = Vec<FactoryView>))
)]
pub(super) async fn list(State(app): State<App>) -> Json<Vec<FactoryView>> {
    let mocks = app.config().mock_messages.is_some();
    Json(factory::all(mocks).map(FactoryView::from).collect())
}
