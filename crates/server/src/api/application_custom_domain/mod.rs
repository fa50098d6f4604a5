//! `/applications/{id}/protected-app-metadata/custom-domains`: domains of protected applications (`contract/logto-api.md` §2.1).
//!
//! No application is protected without an edge provider, so all that is to be said is that this one is not.

mod create;
mod delete;
mod list;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    caller::Caller,
    domain::view::{DnsRecord, DomainStatus},
};
use crate::{
    api::routes::{Routes, routes},
    app::App,
    error::ApiError,
    operation::{Refused, application},
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(delete::delete))
}

/// A domain of a protected application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomDomain)]
#[serde(rename_all = "camelCase")]
struct CustomDomainView {
    domain: String,
    status: DomainStatus,
    error_message: Option<String>,
    dns_records: Vec<DnsRecord>,
}

/// Why this application has no domains.
async fn refused(app: &App, caller: &Caller, id: &str) -> ApiError {
    if let Err(unknown) = application::find(app.db(), &caller.tenant.id, id).await {
        return unknown.into();
    }
    let message = "The application is not a protected one.";
    let refused = Refused::new("application.protected_application_only", message);
    refused.status(422).into()
}
