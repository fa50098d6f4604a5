//! Asking a provider who came back from it, where no sign-in of ours remembers the departure: the caller of the API does.

use std::collections::HashMap;

use connectors::{
    factory::Purpose,
    social::{self, Config, Started},
};
use identity::{connector::Connector, social::SocialProfile, user::SocialIdentity};
use serde_json::{Map, Value};

use crate::{
    app::App,
    operation::{self, OperationError, Refused},
};

/// A connector that signs people in without anything remembered in between; `unexpected` is the code for one that signs nobody in.
///
/// # Errors
/// When there is none, it needs a memory (501 `connector.not_implemented`), or the database fails.
pub(crate) async fn find(
    app: &App,
    tenant: &str,
    id: &str,
    unexpected: &'static str,
) -> Result<Connector, OperationError> {
    let found = operation::connector::find(app.db(), app.vault(), tenant, id).await;
    let (connector, factory) = found?;
    if factory.purpose != Purpose::Social {
        return Err(Refused::new(unexpected, "Nobody signs in with this connector.").into());
    }
    // An ID token is tied to the departure by its nonce.
    let needs_memory = matches!(Config::of(&connector), Ok(Config::Oidc(_)));
    if !factory.is_built() || needs_memory {
        let message = "Accounts cannot be linked with this connector here.";
        let refused = Refused::new("connector.not_implemented", message);
        return Err(refused.status(501).into());
    }
    Ok(connector)
}

/// Whom the provider vouches for. `data` is the query with which the person came back, and `redirectUri` as it was at the beginning.
///
/// # Errors
/// When the provider vouches for nobody.
pub(crate) async fn vouched(
    app: &App,
    connector: &Connector,
    data: Map<String, Value>,
) -> Result<SocialIdentity, Refused> {
    let texts = data.into_iter();
    let mut callback: HashMap<String, String> = texts
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect();
    let started = Started {
        state: String::new(),
        nonce: String::new(),
        redirect_uri: callback.remove("redirectUri").unwrap_or_default(),
    };
    social::profile(app.http(), connector, &callback, &started, app.now())
        .await
        .map(identity)
        .map_err(|error| operation::connector::refused(&error))
}

/// What is kept of a profile: its members, and everything the provider said.
pub(crate) fn identity(profile: SocialProfile) -> SocialIdentity {
    let members = serde_json::json!({
        "id": profile.id, "name": profile.name, "avatar": profile.avatar, "email": profile.email, "phone": profile.phone,
        "rawData": profile.raw,
    });
    let details = members.as_object().cloned().unwrap_or_default();
    SocialIdentity {
        user_id: profile.id,
        details,
    }
}
