//! A configured way to an outside service.

use serde_json::{Map, Value};

/// A configured connector (`contract/logto-core.md` §8.1).
#[derive(Clone, PartialEq)]
pub struct Connector {
    /// 12 lower-case letters and digits: part of the callback address.
    pub id: String,
    /// The factory: `github-universal`, `oauth2`, `oidc`, ….
    pub factory: String,
    /// What the provider is known as in `users.identities` and `direct_sign_in`.
    pub target: String,
    /// Name on the button.
    pub name: String,
    /// Address of the provider's logo; `None` shows the built-in one.
    pub logo: Option<String>,
    /// The same for dark pages.
    pub logo_dark: Option<String>,
    /// The factory's configuration, secrets included.
    pub config: Map<String, Value>,
    /// Whether name and picture are taken over at every sign-in.
    pub sync_profile: bool,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector")
            .field("id", &self.id)
            .field("factory", &self.factory)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
