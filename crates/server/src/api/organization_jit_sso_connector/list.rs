//! `GET /api/organizations/{id}/jit/sso-connectors`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::relation::{self, ORGANIZATION_JIT_SSO_CONNECTORS};

use crate::{
    api::{
        caller::Caller,
        list::window,
        paging::{OptionalPaging, PageParameters},
        sso_connector::SsoConnectorView,
    },
    app::App,
    error::ApiError,
    operation,
};

/// The providers whose people join by themselves.
#[utoipa::path(
    get,
    path = "/organizations/{id}/jit/sso-connectors",
    operation_id = "ListOrganizationJitSsoConnectors",
    tag = "Organizations",
    params(("id" = String, Path), PageParameters),
    responses((status = 200, body = Vec<SsoConnectorView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::organization::find(app.db(), tenant, &id).await?;
    let ids = relation::children(app.db(), ORGANIZATION_JIT_SSO_CONNECTORS, tenant, &[&id]).await?;
    let connectors = store::sso_connector::find_by_ids(app.db(), app.vault(), tenant, &ids).await?;
    let views = connectors
        .into_iter()
        .map(|connector| SsoConnectorView::new(tenant, connector));
    Ok(paging.answer(&window(views.collect(), paging.page())))
}
