//! `GET /api/domains`.

use axum::Json;

use super::view::DomainView;
use crate::api::caller::Caller;

/// The domains of the operator's own: none, where no edge provider serves them.
#[utoipa::path(
    get,
    path = "/domains",
    operation_id = "ListDomains",
    tag = "Domains",
    responses((status = 200, body = Vec<DomainView>))
)]
pub(super) async fn list(_: Caller) -> Json<Vec<DomainView>> {
    Json(Vec::new())
}
