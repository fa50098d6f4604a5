//! The two parties of a sign-in: the service provider, and us as its identity provider.

use std::sync::Arc;

use protocol::{client::ApplicationType, saml::service_provider::ServiceProvider};

use crate::{
    app::App,
    error::ApiError,
    operation::Refused,
    tenant::{Application, Tenant},
};

/// A service provider with its addresses at our side (`contract/logto-core.md` §4).
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) application: Arc<Application>,
    pub(super) provider: ServiceProvider,
    /// What we are called in its eyes.
    pub(super) idp_entity_id: String,
    /// Where we take its requests.
    pub(super) sso_url: String,
}

/// Where the authorization of a SAML application ends: it has no other redirect URI.
pub(crate) fn callback_address(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/api/saml-applications/{id}/callback")
}

/// The SAML application with this id. Nobody is told whether another application has it.
pub(super) async fn find(app: &App, tenant: &Tenant, id: &str) -> Result<Party, ApiError> {
    let application = tenant.application(id).cloned();
    let application = application.filter(|found| found.client.kind == ApplicationType::Saml);
    let application = application.ok_or_else(|| Refused::not_exists("SAML application", id))?;
    let provider = store::saml_application::find(app.db(), &tenant.id, id).await?;
    Ok(Party {
        application,
        provider: provider.unwrap_or_default(),
        idp_entity_id: format!("{}/saml/{id}", tenant.endpoint),
        sso_url: format!("{}/api/saml/{id}/authn", tenant.endpoint),
    })
}

/// Without a key nothing can be signed.
pub(super) fn no_active_secret() -> Refused {
    let message = "The application has no active key to sign with.";
    Refused::new("application.saml.no_active_secret", message)
}
