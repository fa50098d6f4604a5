//! `GET /api/sso-connectors`.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use connectors::sso::Provider;
use store::{Listed, sso_connector::SsoConnector};
use tokio::{sync::Semaphore, task::JoinSet};

use super::view::FullView;
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
    },
    app::App,
    error::ApiError,
};

/// How many providers are asked at a time what they say of themselves.
const AT_A_TIME: usize = 16;

/// The identity providers of enterprises, oldest first, with what each says of itself at this moment.
#[utoipa::path(
    get,
    path = "/sso-connectors",
    operation_id = "ListSsoConnectors",
    tag = "SSO connectors",
    params(PageParameters),
    responses((status = 200, body = Vec<FullView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let listed = store::sso_connector::page(app.db(), app.vault(), tenant, paging.page()).await?;
    let views = Listed {
        rows: views(&app, &caller, listed.rows).await,
        total: listed.total,
    };
    Ok(paging.answer(&views))
}

/// Kinds that this release does not know are left out.
async fn views(app: &App, caller: &Caller, connectors: Vec<SsoConnector>) -> Vec<FullView> {
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let mut asked = JoinSet::new();
    for (place, connector) in connectors.into_iter().enumerate() {
        let Some(provider) = Provider::named(&connector.provider_name) else {
            continue;
        };
        let (app, tenant, turns) = (app.clone(), Arc::clone(&caller.tenant), Arc::clone(&turns));
        asked.spawn(async move {
            let _turn = turns.acquire().await;
            (
                place,
                FullView::load(&app, &tenant, provider, connector).await,
            )
        });
    }
    let mut views = asked.join_all().await;
    views.sort_by_key(|(place, _)| *place);
    views.into_iter().map(|(_, view)| view).collect()
}
