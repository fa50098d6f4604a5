//! Clients that nobody registered: the application behind a `client_id` that is the address of a metadata document
//! (`contract/logto-core.md` §3.16).
//!
//! What such a client may do comes from the tenant, only its name and its addresses from the document. Its logo is never shown: a
//! browser that loaded it would tell the client's host of everybody who sees the page, and anybody may put up anybody's logo.

mod documents;

use std::{collections::HashMap, sync::Arc};

use protocol::{
    client_metadata::{self, ClientMetadata},
    error::OAuthError,
    scope::ScopeSet,
};
use serde_json::Value;

pub use self::documents::Documents;
use crate::{
    app::App,
    tenant::{Application, Consentable, Tenant},
};

/// The setting that turns such clients on.
pub const SETTING: &str = "cimd";

/// What such clients may ask people for, all of them together.
#[derive(Clone, Debug, Default)]
pub struct Ceiling {
    /// Scopes about the person.
    pub user_scopes: ScopeSet,
    /// The rest.
    pub consentable: Consentable,
}

/// Whether the tenant wants such clients.
pub fn is_enabled(setting: Option<&Value>) -> bool {
    setting.is_some_and(|setting| setting["enabled"] == true)
}

/// The application with this `client_id`, registered or described by a document. `None` when it is neither.
///
/// # Errors
/// `invalid_client` where such clients are off, or when the document does not describe one that is served;
/// `temporarily_unavailable` when it cannot be fetched.
pub async fn application(
    app: &App,
    tenant: &Tenant,
    client_id: &str,
) -> Result<Option<Arc<Application>>, OAuthError> {
    if let Some(registered) = tenant.application(client_id) {
        return Ok(Some(Arc::clone(registered)));
    }
    if !client_metadata::is_address(client_id) {
        return Ok(None);
    }
    let Some(ceiling) = &tenant.cimd else {
        return Err(OAuthError::invalid_client(
            "client_id is the address of a client metadata document, and this server takes no such clients; \
             an administrator may turn them on (PATCH /api/configs/cimd) or register the client",
        ));
    };
    client_metadata::check_client_id(client_id).map_err(|why| {
        OAuthError::invalid_client(format!(
            "client_id cannot be the address of a client metadata document: {why}"
        ))
    })?;
    let metadata = app
        .documents()
        .find(app.http(), client_id, app.now())
        .await?;
    Ok(Some(Arc::new(described(metadata, ceiling))))
}

fn described(metadata: Arc<ClientMetadata>, ceiling: &Ceiling) -> Application {
    let client = metadata.client(ceiling.user_scopes.clone());
    Application {
        display_name: client.name.clone(),
        client,
        secrets: Vec::new(),
        scopes: HashMap::new(),
        access_control_enabled: false,
        consentable: ceiling.consentable.clone(),
        experience: None,
        document: Some(metadata),
    }
}
