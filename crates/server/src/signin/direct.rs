//! `GET /direct/{method}/{target}` — past the sign-in page to a provider (`direct_sign_in`).

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use super::social::depart;
use crate::{app::App, error::PageError, interaction::CurrentInteraction};

pub(super) fn router() -> Router<App> {
    Router::new().route("/direct/{method}/{target}", get(direct))
}

/// Sends the person to the provider with this target, or shows all ways when there is none.
async fn direct(
    State(app): State<App>,
    current: CurrentInteraction,
    Path((method, target)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let tenant = current.browser.tenant.clone();
    let wanted = tenant
        .connectors
        .iter()
        .find(|connector| method == "social" && connector.target == target);
    match wanted {
        Some(connector) => depart(&app, current, connector).await,
        None => Ok(Redirect::to(&current.page("/sign-in")).into_response()),
    }
}
