//! Registered addresses with wildcards.

use url::{Host, Url};

use super::{InvalidRedirectUri, authority, has_dot_segment, has_user_info};

/// A web address whose host or path holds `*`.
///
/// In a host label `*` stands for one or more characters other than a dot; in the path it stands for any characters.
/// Scheme, port and query are compared exactly.
pub(super) struct Pattern<'a> {
    scheme: &'a str,
    labels: Vec<String>,
    port: Option<u16>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Pattern<'a> {
    pub(super) fn parse(uri: &'a str) -> Result<Self, InvalidRedirectUri> {
        if uri
            .chars()
            .any(|char| char.is_control() || char.is_whitespace() || char == '\\')
        {
            return Err(InvalidRedirectUri::Malformed);
        }
        if uri.contains('#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        if has_user_info(uri) {
            return Err(InvalidRedirectUri::UserInfo);
        }
        if has_dot_segment(uri) {
            return Err(InvalidRedirectUri::DotSegment);
        }
        let Some((scheme @ ("http" | "https"), _)) = uri.split_once("://") else {
            return Err(InvalidRedirectUri::Wildcard);
        };
        let authority = authority(uri).unwrap_or_default();
        let (host, port) = split_port(authority)?;
        let labels = host_labels(host)?;
        let after = uri
            .get(scheme.len() + 3 + authority.len()..)
            .unwrap_or_default();
        let (path, query) = match after.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (after, None),
        };
        if query.is_some_and(|query| query.contains('*')) {
            return Err(InvalidRedirectUri::Wildcard);
        }
        Ok(Self {
            scheme,
            labels,
            port,
            path: if path.is_empty() { "/" } else { path },
            query,
        })
    }

    /// `requested` holds no dot segments, user information or fragment: the caller has seen to that.
    pub(super) fn matches(&self, requested: &Url) -> bool {
        self.matches_origin(requested)
            && self.query == requested.query()
            && glob(&tokens(self.path, &[Token::Many]), requested.path())
    }

    pub(super) fn matches_origin(&self, requested: &Url) -> bool {
        self.scheme == requested.scheme()
            && self.port.or(default_port(self.scheme)) == requested.port_or_known_default()
            && self.matches_host(requested)
    }

    fn matches_host(&self, requested: &Url) -> bool {
        let Some(Host::Domain(host)) = requested.host() else {
            return false; // an address in numbers has no labels to stand for
        };
        let labels: Vec<&str> = host.split('.').collect();
        labels.len() == self.labels.len()
            && self.labels.iter().zip(labels).all(|(pattern, label)| {
                if pattern.contains('*') {
                    glob(&tokens(pattern, &[Token::One, Token::Many]), label)
                } else {
                    pattern == label
                }
            })
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), InvalidRedirectUri> {
    if authority.contains(['[', ']']) {
        return Err(InvalidRedirectUri::Wildcard); // no wildcards beside IPv6 addresses
    }
    match authority.split_once(':') {
        None => Ok((authority, None)),
        Some((host, port)) => match port.parse() {
            Ok(port) if !port_text_is_odd(authority) => Ok((host, Some(port))),
            _ => Err(InvalidRedirectUri::Wildcard),
        },
    }
}

/// `u16` would also read `+80`.
fn port_text_is_odd(authority: &str) -> bool {
    authority
        .rsplit(':')
        .next()
        .is_none_or(|port| !port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn host_labels(host: &str) -> Result<Vec<String>, InvalidRedirectUri> {
    if !host.contains('*') {
        let Ok(Host::Domain(name)) = Host::parse(host) else {
            return Err(InvalidRedirectUri::Malformed);
        };
        return Ok(name.split('.').map(str::to_owned).collect());
    }
    let labels: Vec<String> = host.split('.').map(str::to_ascii_lowercase).collect();
    let well_formed = labels.iter().all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*'))
    });
    if !well_formed {
        return Err(InvalidRedirectUri::Malformed);
    }
    let literal_end = labels.len() > 2
        && labels
            .iter()
            .rev()
            .take(2)
            .all(|label| !label.contains('*'));
    if literal_end {
        Ok(labels)
    } else {
        Err(InvalidRedirectUri::Wildcard)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Byte(u8),
    One,
    Many,
}

/// In a label `*` stands for one or more characters, in a path for any.
fn tokens(pattern: &str, star: &'static [Token]) -> Vec<Token> {
    pattern
        .bytes()
        .flat_map(|byte| match byte {
            b'*' => star.to_vec(),
            byte => vec![Token::Byte(byte)],
        })
        .collect()
}

/// Greedy from the left with one point to fall back to, so that the time stays square.
fn glob(pattern: &[Token], text: &str) -> bool {
    let text = text.as_bytes();
    let (mut p, mut t) = (0, 0);
    let mut fall_back: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(t) {
        match pattern.get(p) {
            Some(Token::Many) => {
                fall_back = Some((p, t));
                p += 1;
            }
            Some(token) if *token == Token::One || *token == Token::Byte(*byte) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((star, taken)) = fall_back else {
                    return false;
                };
                fall_back = Some((star, taken + 1));
                p = star + 1;
                t = taken + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|token| *token == Token::Many)
}
