//! `GET /api/saml-applications/{id}/metadata`.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use protocol::saml::{certificate, metadata::IdentityProvider};

use super::{party, reader::Reader};
use crate::{app::App, error::ApiError, extract::tenant::CurrentTenant, tenant::Tenant};

/// How we describe ourselves to a service provider (SAML Metadata §2.4.3): each application is another identity provider.
#[utoipa::path(
    get,
    path = "/saml-applications/{id}/metadata",
    operation_id = "ListSamlApplicationMetadata",
    tag = "SAML",
    params(("id" = String, Path)),
    security(()),
    responses((status = 200, body = String, content_type = "text/xml"))
)]
pub(super) async fn metadata(
    State(app): State<App>,
    CurrentTenant(tenant): CurrentTenant,
    reader: Reader,
    Path(id): Path<String>,
) -> Response {
    reader.told(describe(&app, &tenant, &id).await)
}

async fn describe(app: &App, tenant: &Tenant, id: &str) -> Result<Response, ApiError> {
    let party = party::find(app, tenant, id).await?;
    let pem = store::saml_application_secret::active_certificate(app.db(), &tenant.id, id).await?;
    let der = pem.as_deref().and_then(certificate::from_pem);
    let provider = IdentityProvider {
        entity_id: &party.idp_entity_id,
        sso_url: &party.sso_url,
        certificate: &der.ok_or_else(party::no_active_secret)?,
        name_id_format: party.provider.name_id_format,
    };
    let kind = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    Ok((kind, provider.metadata()).into_response())
}
