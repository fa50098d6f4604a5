//! `GET /oidc/.well-known/openid-configuration` and its OAuth twin (OpenID Connect Discovery §4, RFC 8414 §3).

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use protocol::discovery;

use crate::{tenant::Tenant, text};

/// The server's own description.
pub(super) fn show(tenant: &Tenant, _: &HeaderMap) -> Response {
    let document = tenant.discovery.get_or_init(|| {
        let takes_documents = tenant.cimd.is_some();
        let locales = text::tags();
        let document = discovery::document(&tenant.issuer, &tenant.keys, &locales, takes_documents);
        document.to_string().into()
    });
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.clone()).into_response()
}
