//! Clients that nobody registered: their `client_id` is the https address of a document that describes them
//! (draft-ietf-oauth-client-id-metadata-document-02, "CIMD"; `contract/logto-core.md` §3.16).
//!
//! Whoever controls the address controls the document, and that is all that is proven: the name in it is only what the client says of
//! itself. What such a client may do does not come from the document but from [`ClientMetadata::client`].

use serde_json::{Map, Value};
use thiserror::Error;
use url::Url;

use crate::{
    client::{ApplicationType, Client},
    jose::SigningAlgorithm,
    redirect_uri::{self, InvalidRedirectUri},
    scope::ScopeSet,
};

mod lifetime;

pub use lifetime::lifetime;

/// The longest `client_id` that is an address, in characters.
pub const LONGEST_CLIENT_ID: usize = 2048;

/// The largest document, in bytes (draft §8.7).
pub const LARGEST: usize = 5 * 1024;

/// The longest name that is shown, in characters.
const LONGEST_NAME: usize = 80;

const DAY: i64 = 24 * 3600;

/// Why a `client_id` cannot be the address of a document (draft §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidClientId {
    /// More than [`LONGEST_CLIENT_ID`].
    #[error("it is longer than 2048 characters")]
    TooLong,
    /// Another scheme.
    #[error("it must be an https address")]
    Scheme,
    /// It breaks one of the rules that redirection addresses obey as well.
    #[error(transparent)]
    Address(InvalidRedirectUri),
    /// Two spellings of one address would be two clients.
    #[error(
        "it must be written in its normal form: host in lower case, no default port, and a path"
    )]
    Spelling,
}

/// Why a document describes no client that is served (draft §4).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidMetadata {
    /// Something other than a JSON object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// A member is left out that has to be there, or has another type.
    #[error("{0} is missing or has the wrong type")]
    Member(&'static str),
    /// It speaks for another client.
    #[error("its client_id is not the address it is served at")]
    OtherClientId,
    /// A public document cannot hold a secret.
    #[error("it must not hold a {0}")]
    Secret(&'static str),
    /// Ways of client authentication other than `none`.
    #[error("token_endpoint_auth_method must be none")]
    AuthMethod,
    /// A grant type or response type is left out without which nothing works.
    #[error("{0} must list {1}")]
    Lacks(&'static str, &'static str),
    /// A setting of registered applications.
    #[error("{0} is a setting that only the server's operator makes")]
    Setting(&'static str),
    /// An address that people are not sent to.
    #[error("the redirect URI {0:?} cannot be used: {1}")]
    RedirectUri(String, InvalidRedirectUri),
    /// Anybody on the way could read the code.
    #[error("the redirect URI {0:?} must use https, or http with a loopback address")]
    InsecureRedirectUri(String),
}

/// What a document says of its client, as far as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMetadata {
    /// The address of the document.
    pub client_id: String,
    /// What the client calls itself; nobody has proven it.
    pub name: Option<String>,
    /// Where people may be sent back to. Never empty.
    pub redirect_uris: Vec<String>,
}

/// Whether a `client_id` means a document, if nobody registered it.
pub fn is_address(client_id: &str) -> bool {
    client_id.starts_with("https://")
}

/// Checks that a document may be asked for at this address (draft §3).
///
/// # Errors
/// It must be https with a path, and have neither fragment, user information nor dot segments. A query is tolerated.
pub fn check_client_id(client_id: &str) -> Result<(), InvalidClientId> {
    if client_id.len() > LONGEST_CLIENT_ID {
        return Err(InvalidClientId::TooLong);
    }
    if !is_address(client_id) {
        return Err(InvalidClientId::Scheme);
    }
    let url = redirect_uri::parse(client_id).map_err(InvalidClientId::Address)?;
    if url.as_str() != client_id {
        return Err(InvalidClientId::Spelling);
    }
    Ok(())
}

/// The host of an address, and the port if it is an unusual one: what people are shown, since it is all that is proven.
pub fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Whether a `Content-Type` is `application/json` or `application/…+json` (draft §4).
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|kind| kind == "json" || (kind.len() > 5 && kind.ends_with("+json")))
}

impl ClientMetadata {
    /// Reads the document that was found at `client_id`. Members that are not known are passed over.
    ///
    /// # Errors
    /// When it speaks for another client, or for one that is not served.
    pub fn read(client_id: &str, body: &[u8]) -> Result<Self, InvalidMetadata> {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return Err(InvalidMetadata::NotAnObject);
        };
        // Simple string comparison (draft §4, RFC 3986 §6.2.1).
        if members.get("client_id").and_then(Value::as_str) != Some(client_id) {
            return Err(InvalidMetadata::OtherClientId);
        }
        check_authentication(&members)?;
        check_settings(&members)?;
        lists(&members, "grant_types", "authorization_code")?;
        lists(&members, "response_types", "code")?;
        Ok(Self {
            client_id: client_id.to_owned(),
            name: name(&members)?,
            redirect_uris: redirect_uris(&members)?,
        })
    }

    /// The client, which may ask people for `user_scopes` about themselves.
    ///
    /// It is public and third-party, so that it must use PKCE, is always asked for, and gets nothing but codes and refresh tokens. On
    /// loopback addresses it may choose its port, as native applications do.
    pub fn client(&self, user_scopes: ScopeSet) -> Client {
        Client {
            id: self.client_id.clone(),
            name: host(&self.client_id).unwrap_or_else(|| self.client_id.clone()),
            kind: ApplicationType::Native,
            is_third_party: true,
            user_scopes,
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            logo_uri: None,
            cors_allowed_origins: Vec::new(),
            auth_method: None,
            id_token_algorithm: SigningAlgorithm::RS256,
            id_token_ttl: 3600,
            refresh_token_ttl: 14 * DAY,
            always_issue_refresh_token: false,
            rotate_refresh_token: true,
            max_allowed_grants: None,
            is_device_flow: false,
            allow_token_exchange: false,
            default_resource: None,
        }
    }
}

/// No shared secret can be agreed on (draft §4.1), and no other proof is supported here.
fn check_authentication(members: &Map<String, Value>) -> Result<(), InvalidMetadata> {
    for secret in ["client_secret", "client_secret_expires_at"] {
        if members.contains_key(secret) {
            return Err(InvalidMetadata::Secret(secret));
        }
    }
    match members.get("token_endpoint_auth_method") {
        None => Ok(()),
        Some(method) if method == "none" => Ok(()),
        Some(_) => Err(InvalidMetadata::AuthMethod),
    }
}

/// Whoever writes one of Logto's names for settings of registered applications hopes that they count (`contract/logto-core.md` §3.16).
fn check_settings(members: &Map<String, Value>) -> Result<(), InvalidMetadata> {
    const SETTINGS: [&str; 12] = [
        "tenantId",
        "isThirdParty",
        "corsAllowedOrigins",
        "idTokenTtl",
        "refreshTokenTtl",
        "refreshTokenTtlInDays",
        "alwaysIssueRefreshToken",
        "rotateRefreshToken",
        "allowTokenExchange",
        "isDeviceFlow",
        "maxAllowedGrants",
        "idTokenSigningAlgorithm",
    ];
    match SETTINGS
        .into_iter()
        .find(|name| members.contains_key(*name))
    {
        Some(name) => Err(InvalidMetadata::Setting(name)),
        None => Ok(()),
    }
}

/// Refuses a list without `needed`; one that is left out stands for `needed` alone (RFC 7591 §2).
fn lists(
    members: &Map<String, Value>,
    name: &'static str,
    needed: &'static str,
) -> Result<(), InvalidMetadata> {
    match members.get(name) {
        None => Ok(()),
        Some(Value::Array(values)) if values.iter().any(|value| value == needed) => Ok(()),
        Some(Value::Array(_)) => Err(InvalidMetadata::Lacks(name, needed)),
        Some(_) => Err(InvalidMetadata::Member(name)),
    }
}

/// The name, without what would let it reorder or hide the text around it.
fn name(members: &Map<String, Value>) -> Result<Option<String>, InvalidMetadata> {
    let text = match members.get("client_name") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return Err(InvalidMetadata::Member("client_name")),
    };
    let visible: String = text.chars().filter(|char| !is_invisible(*char)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    Ok(Some(name).filter(|name| !name.is_empty()))
}

/// Control characters except white space, and Unicode's marks of direction and width.
fn is_invisible(char: char) -> bool {
    (char.is_control() && !char.is_whitespace())
        || matches!(
            char,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
}

fn redirect_uris(members: &Map<String, Value>) -> Result<Vec<String>, InvalidMetadata> {
    const NAME: &str = "redirect_uris";
    let Some(Value::Array(values)) = members.get(NAME) else {
        return Err(InvalidMetadata::Member(NAME));
    };
    let uris = values.iter().map(|value| {
        let uri = value.as_str().ok_or(InvalidMetadata::Member(NAME))?;
        check_redirect_uri(uri)?;
        Ok(uri.to_owned())
    });
    let uris = uris.collect::<Result<Vec<_>, _>>()?;
    if uris.is_empty() {
        return Err(InvalidMetadata::Member(NAME));
    }
    Ok(uris)
}

/// An exact address: https, http on loopback, or a scheme of an application on the person's device (RFC 8252 §7).
fn check_redirect_uri(uri: &str) -> Result<(), InvalidMetadata> {
    let refused = |why| InvalidMetadata::RedirectUri(uri.to_owned(), why);
    if uri.contains('*') {
        return Err(refused(InvalidRedirectUri::Wildcard));
    }
    let url = redirect_uri::parse(uri).map_err(refused)?;
    if url.scheme() == "http" && !redirect_uri::is_loopback(&url) {
        return Err(InvalidMetadata::InsecureRedirectUri(uri.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
