//! Redirection addresses: which may be registered, and which registered one a request means.
//!
//! Comparison is on the normalized URL (case of scheme and host, default port). A registered address may hold `*` in its
//! host and path; RFC 8252 §7.3 lets native applications choose the port of a loopback address.

use thiserror::Error;
use url::{Host, Url};

use crate::client::{ApplicationType, Client};

mod pattern;

use pattern::Pattern;

/// Why an address cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute address, or it holds spaces, control characters or backslashes.
    #[error("it is not an absolute URI")]
    Malformed,
    /// The scheme runs script, reads files or belongs to another protocol.
    #[error("its scheme is not allowed")]
    Scheme,
    /// RFC 6749 §3.1.2.
    #[error("it must not have a fragment")]
    Fragment,
    /// A name or password before `@`.
    #[error("it must not have user information")]
    UserInfo,
    /// `.` or `..`, also percent-encoded or with parameters.
    #[error("its path must not have dot segments")]
    DotSegment,
    /// `*` where none may stand.
    #[error("a wildcard may stand in the path and in the host, but not in its last two labels")]
    Wildcard,
}

/// Checks that `uri` may be registered as a redirection or post-logout address.
pub fn validate(uri: &str) -> Result<(), InvalidRedirectUri> {
    if uri.contains('*') {
        return Pattern::parse(uri).map(|_| ());
    }
    parse(uri).map(|_| ())
}

/// Whether `client` registered `requested` as a redirection address.
pub fn is_registered(client: &Client, requested: &str) -> bool {
    let loopback = client.kind == ApplicationType::Native;
    client
        .redirect_uris
        .iter()
        .any(|registered| matches(registered, requested, loopback))
}

/// Whether `client` registered `requested` as an address to go to after logout. Ports of loopback addresses count here.
pub fn is_registered_for_logout(client: &Client, requested: &str) -> bool {
    client
        .post_logout_redirect_uris
        .iter()
        .any(|registered| matches(registered, requested, false))
}

/// Whether a request for `requested` may be answered at the registered address; `any_loopback_port` is for native applications.
pub fn matches(registered: &str, requested: &str, any_loopback_port: bool) -> bool {
    let Ok(requested) = parse(requested) else {
        return false;
    };
    if requested.as_str().contains('*') {
        return false;
    }
    if registered.contains('*') {
        return Pattern::parse(registered).is_ok_and(|pattern| pattern.matches(&requested));
    }
    let Ok(mut registered) = parse(registered) else {
        return false;
    };
    if any_loopback_port && is_loopback(&registered) && is_loopback(&requested) {
        let same_port = registered.set_port(requested.port());
        return same_port.is_ok() && registered == requested;
    }
    registered == requested
}

/// Whether a page of `origin` (as in the `Origin` header) belongs to the registered address. Wildcards stand within host labels.
pub fn has_origin(registered: &str, origin: &str) -> bool {
    let Ok(url) = parse(origin) else {
        return false;
    };
    if !is_web(&url) || url.path() != "/" || url.query().is_some() || origin.contains('*') {
        return false;
    }
    if registered.contains('*') {
        return Pattern::parse(registered).is_ok_and(|pattern| pattern.matches_origin(&url));
    }
    parse(registered)
        .is_ok_and(|registered| is_web(&registered) && registered.origin() == url.origin())
}

/// Reads an address that is fit for a redirect; this much is asked of registered and of requested ones.
pub(crate) fn parse(uri: &str) -> Result<Url, InvalidRedirectUri> {
    if uri
        .chars()
        .any(|char| char.is_control() || char.is_whitespace() || char == '\\')
    {
        return Err(InvalidRedirectUri::Malformed); // a URL parser would drop or turn these
    }
    let url = Url::parse(uri).map_err(|_| InvalidRedirectUri::Malformed)?;
    if uri.contains('#') {
        return Err(InvalidRedirectUri::Fragment);
    }
    if !is_allowed_scheme(url.scheme()) {
        return Err(InvalidRedirectUri::Scheme);
    }
    if has_user_info(uri) || !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidRedirectUri::UserInfo);
    }
    if is_web(&url) && !has_authority(uri, url.scheme()) {
        return Err(InvalidRedirectUri::Malformed); // https:host and https:///host parse, but nobody means them
    }
    if has_dot_segment(uri) {
        return Err(InvalidRedirectUri::DotSegment);
    }
    Ok(url)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Schemes an application may claim for itself: anything but those that browsers give a meaning of their own.
fn is_allowed_scheme(scheme: &str) -> bool {
    const TAKEN: [&str; 17] = [
        "about",
        "blob",
        "chrome",
        "data",
        "file",
        "filesystem",
        "ftp",
        "intent",
        "jar",
        "javascript",
        "mailto",
        "sms",
        "tel",
        "vbscript",
        "view-source",
        "ws",
        "wss",
    ];
    !TAKEN.contains(&scheme)
}

fn has_authority(uri: &str, scheme: &str) -> bool {
    uri.get(scheme.len()..)
        .and_then(|rest| rest.strip_prefix("://"))
        .is_some_and(|rest| !rest.starts_with('/'))
}

/// Whether anything stands before an `@` in the authority, even nothing: `https://@host` has user information too.
fn has_user_info(uri: &str) -> bool {
    authority(uri).is_some_and(|authority| authority.contains('@'))
}

/// What stands between `://` and the first of `/ ? #`.
fn authority(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// Whether the path has a segment that a server may read as `.` or `..`: plain, percent-encoded (also twice), or with `;` parameters.
fn has_dot_segment(uri: &str) -> bool {
    let before_query = uri.split(['?', '#']).next().unwrap_or_default();
    let path = match before_query.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => before_query.split_once(':').map_or("", |(_, path)| path),
    };
    let mut path = path.to_ascii_lowercase();
    for _ in 0..3 {
        path = path.replace("%25", "%");
    }
    let path = path
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/")
        .replace("%3b", ";");
    path.split('/')
        .map(|segment| segment.split(';').next().unwrap_or_default())
        .any(|segment| segment == "." || segment == "..")
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests;
