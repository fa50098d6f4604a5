//! `/sso-connectors/{id}/signing-keys`: what signs our requests to SAML providers (`contract/logto-api.md` §4.2).

mod create;
mod delete;
mod list;
mod update;
mod view;

use connectors::sso::Protocol;
use store::{Source, Vault, sso_connector::SsoConnector};

use crate::{
    api::routes::{Routes, routes},
    operation::{self, OperationError, Refused},
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(update::update, delete::delete))
}

/// The connector of a SAML provider.
async fn saml_connector(
    source: impl Source,
    vault: &Vault,
    tenant: &str,
    id: &str,
) -> Result<SsoConnector, OperationError> {
    let (connector, provider) = operation::sso_connector::find(source, vault, tenant, id).await?;
    if provider.protocol != Protocol::Saml {
        let message = "Requests to this kind of provider are not signed.";
        return Err(Refused::new("connector.not_found", message)
            .status(404)
            .into());
    }
    Ok(connector)
}
