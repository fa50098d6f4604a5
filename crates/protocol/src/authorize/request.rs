//! An authorization request that was found good.

use serde::{Deserialize, Serialize};

pub use super::first_screen::FirstScreen;
use crate::{prompt::Prompt, record::ClaimsRequest, scope::ScopeSet};

/// What an application asks for, checked: this is kept while the person signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The application.
    pub client_id: String,
    /// Where and how it is answered.
    pub return_to: ReturnTo,
    /// Whether the request named its `redirect_uri`: the exchange of the code must then name it too (RFC 6749 §4.1.3).
    pub names_redirect_uri: bool,
    /// The scopes that are known and allowed.
    pub scope: ScopeSet,
    /// The API resources, all known.
    pub resources: Vec<String>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// `code_challenge`, of the method S256.
    pub code_challenge: Option<String>,
    /// `prompt`.
    pub prompt: Prompt,
    /// `max_age` in seconds.
    pub max_age: Option<i64>,
    /// Whom the answer may be about.
    pub subject: Subject,
    /// `claims`.
    pub claims: Option<ClaimsRequest>,
    /// What the pages are told.
    pub hints: Hints,
}

/// The proven address of an application, and how an answer is put there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnTo {
    /// The redirection address as the request spelled it, or as it is registered when the request named none.
    pub redirect_uri: String,
    /// `response_mode`.
    pub response_mode: ResponseMode,
    /// `state`, given back as it came.
    pub state: Option<String>,
}

/// How the answer travels (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query: the default of the code flow.
    Query,
    /// After `#`.
    Fragment,
    /// As a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

/// Whom the answer may be about: the person of `id_token_hint`, or of `sub` in the `claims` parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Anybody.
    #[default]
    Anyone,
    /// This person only.
    Only(String),
    /// The hint could not be read, so nobody fits it without signing in.
    Unknown,
}

/// What the sign-in pages are told. Nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// Where the sign-in begins.
    pub first_screen: FirstScreen,
    /// The provider to go to at once.
    pub direct_sign_in: Option<DirectSignIn>,
    /// `login_hint`: what to fill in.
    pub login_hint: Option<String>,
    /// `ui_locales`: languages in order of preference.
    pub ui_locales: Option<String>,
    /// The kinds of identifier to ask for: out of `username`, `email`, `phone`.
    pub identifier: Vec<String>,
    /// `one_time_token`: the token of a magic link.
    pub one_time_token: Option<String>,
    /// `organization_id`: whose branding to show.
    pub organization_id: Option<String>,
}

/// `direct_sign_in`: the provider to go to without showing the ways to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectSignIn {
    /// A social connector by its target.
    Social(String),
    /// An enterprise connector by its id.
    Sso(String),
}

impl DirectSignIn {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (method, target) = text.split_once(':')?;
        let well_formed = !target.is_empty()
            && target.len() <= 128
            && target
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        match method {
            "social" if well_formed => Some(Self::Social(target.to_owned())),
            "sso" if well_formed => Some(Self::Sso(target.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DirectSignIn;

    #[test]
    fn direct_sign_in_names_a_method_and_a_target() {
        let social = |target: &str| Some(DirectSignIn::Social(target.to_owned()));
        assert_eq!(DirectSignIn::parse("social:github"), social("github"));
        assert_eq!(
            DirectSignIn::parse("sso:k3x"),
            Some(DirectSignIn::Sso("k3x".to_owned()))
        );
        for bad in [
            "",
            "github",
            "social:",
            "social:../x",
            "social:a/b",
            "password:x",
            "social:a:b",
        ] {
            assert_eq!(DirectSignIn::parse(bad), None, "{bad}");
        }
    }
}
