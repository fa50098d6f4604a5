//! `GET /api/connectors`.

use axum::{Json, extract::State};
use connectors::factory;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ConnectorView;
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
};

/// Which connectors are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those that are known as this.
    target: Option<String>,
}

/// The tenant's connectors, oldest first.
#[utoipa::path(
    get,
    path = "/connectors",
    operation_id = "ListConnectors",
    tag = "Connectors",
    params(Asked),
    responses((status = 200, body = Vec<ConnectorView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<ConnectorView>>, ApiError> {
    let known = store::connector::list(app.db(), app.vault(), &caller.tenant.id).await?;
    let wanted = known.into_iter().filter(|connector| {
        let target = asked.target.as_deref();
        target.is_none_or(|target| target == connector.target)
    });
    let views = wanted.filter_map(|connector| {
        Some(ConnectorView::new(
            factory::find(&connector.factory)?,
            connector,
        ))
    });
    Ok(Json(views.collect()))
}
