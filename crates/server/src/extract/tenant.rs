//! The tenant that a request is for.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{app::App, arriving::Arriving, error::NoSuchTenant, tenant::Tenant};

/// The tenant whose address the request was sent to (`contract/logto-core.md` §0).
#[derive(Clone, Debug)]
pub struct CurrentTenant(pub Arc<Tenant>);

impl FromRequestParts<App> for CurrentTenant {
    type Rejection = NoSuchTenant;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, NoSuchTenant> {
        let arriving = parts.extensions.get::<Arriving>().ok_or(NoSuchTenant)?;
        tenant_of(app, arriving).map(Self).ok_or(NoSuchTenant)
    }
}

/// The tenant whose address a request was sent to.
pub fn tenant_of(app: &App, arriving: &Arriving) -> Option<Arc<Tenant>> {
    let id = app.config().addresses.tenant_of_origin(&arriving.origin)?;
    app.tenant(&id)
}
