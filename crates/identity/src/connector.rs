//! A configured way to an outside service.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
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
    /// What the operator calls it, in place of the factory's name.
    pub name: Names,
    /// Address of the provider's logo; `None` shows the built-in one.
    pub logo: Option<String>,
    /// The same for dark pages.
    pub logo_dark: Option<String>,
    /// The factory's configuration, secrets included.
    pub config: Map<String, Value>,
    /// Whether name and picture are taken over at every sign-in.
    pub sync_profile: bool,
    /// Whether the provider's tokens are kept.
    pub stores_tokens: bool,
}

/// A name by language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The name in a language, else in English, else in any.
    pub fn in_language(&self, tag: &str) -> Option<&str> {
        let mut known = [tag, "en"].into_iter();
        known
            .find_map(|tag| self.0.get(tag))
            .or_else(|| self.0.values().next())
            .map(String::as_str)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by language.
    pub fn into_inner(self) -> BTreeMap<String, String> {
        self.0
    }
}

impl From<BTreeMap<String, String>> for Names {
    fn from(names: BTreeMap<String, String>) -> Self {
        Self(names)
    }
}

/// An English name.
impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self(BTreeMap::from([("en".to_owned(), name.to_owned())]))
    }
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

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_name_is_shown_in_the_language_asked_for_else_in_english() {
        let names: Names = serde_json::from_str(r#"{"de":"Amt","en":"Office"}"#).unwrap();
        assert_eq!(names.in_language("de"), Some("Amt"));
        assert_eq!(names.in_language("fr"), Some("Office"));
        let names: Names = serde_json::from_str(r#"{"de":"Amt"}"#).unwrap();
        assert_eq!(names.in_language("fr"), Some("Amt"));
        assert_eq!(Names::default().in_language("en"), None);
    }
}
