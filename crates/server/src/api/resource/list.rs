//! `GET /api/resources`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ResourceView;
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        query::{Query, Truthy},
    },
    app::App,
    error::ApiError,
};

/// What the list may be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Whether each resource brings its scopes.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    include_scopes: Truthy,
}

/// The API resources, the tenant's own first.
#[utoipa::path(
    get,
    path = "/resources",
    operation_id = "ListResources",
    tag = "Resources",
    params(PageParameters, Asked),
    responses((status = 200, body = Vec<ResourceView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: OptionalPaging,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let listed = store::resource::page(app.db(), tenant, paging.page()).await?;
    let mut views = listed.map(|resource| ResourceView::new(tenant, resource));
    if asked.include_scopes.0 {
        for view in &mut views.rows {
            let scopes = store::resource::scopes(app.db(), tenant, view.id()).await?;
            *view = view.clone().with(scopes);
        }
    }
    Ok(paging.answer(&views))
}
