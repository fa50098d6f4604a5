//! Logout (OpenID Connect RP-Initiated Logout, Back-Channel Logout).
//!
//! The endpoint forgives what real clients send (`contract/clients.md` §0.13) and is strict in two things: the browser
//! goes only to an address that a proven client registered, and nobody is logged out by somebody else's hint (T27).

use serde_json::{Map, Value, json};

use crate::{
    authorize::respond::with_query, client::Client, hint::Hint, parameters::Parameters,
    record::Session, redirect_uri, time::Time,
};

/// A request to log out, as far as it can be read. There are no malformed ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogoutRequest {
    /// `id_token_hint`.
    pub id_token_hint: Option<String>,
    /// `client_id`.
    pub client_id: Option<String>,
    /// `logout_hint`: a name of the person, or the id of the session.
    pub logout_hint: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `ui_locales`.
    pub ui_locales: Option<String>,
    /// What `post_logout_redirect_uri` may mean, the likeliest first.
    readings: Vec<String>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// End the session, then go to the address or show that it is done.
    End {
        /// A registered address of a proven client, with `state`.
        redirect: Option<String>,
    },
    /// Ask the person first; then as above.
    Ask {
        /// A registered address of a proven client, with `state`.
        redirect: Option<String>,
    },
}

const KNOWN: [&str; 6] = [
    "id_token_hint",
    "client_id",
    "logout_hint",
    "state",
    "ui_locales",
    ADDRESS,
];
const ADDRESS: &str = "post_logout_redirect_uri";

impl LogoutRequest {
    /// Reads a query or form body.
    pub fn parse(query: &str) -> Self {
        let parameters = Parameters::parse(query);
        let text = |name: &'static str| {
            let mut values = parameters.all(name);
            values
                .find(|value| !matches!(*value, "None" | "null" | "undefined"))
                .map(str::to_owned)
        };
        Self {
            id_token_hint: text("id_token_hint"),
            client_id: text("client_id"),
            logout_hint: text("logout_hint"),
            state: text("state"),
            ui_locales: text("ui_locales"),
            readings: readings(query, text(ADDRESS)),
        }
    }

    /// The `client_id` under which the client is to be looked up: that of the hint, else the one named.
    ///
    /// `None` also when the two differ: then no client is proven.
    pub fn client<'a>(&'a self, hint: Option<&'a Hint>) -> Option<&'a str> {
        match (hint, &self.client_id) {
            (Some(hint), Some(named)) if hint.client_id != *named => None,
            (Some(hint), _) => Some(&hint.client_id),
            (None, named) => named.as_deref(),
        }
    }
}

/// Open WebUI writes the address into the query without encoding it, so that the address's own `&c=d` looks like a
/// parameter of ours. Those pieces are put back as one reading; only a registered address is ever used.
fn readings(query: &str, decoded: Option<String>) -> Vec<String> {
    let mut pieces = query.split('&').skip_while(|piece| name(piece) != ADDRESS);
    let raw = pieces
        .next()
        .and_then(|piece| piece.split_once('='))
        .map_or("", |(_, value)| value);
    let mut readings = Vec::new();
    if raw.contains('?') {
        let joined = pieces
            .take_while(|piece| !KNOWN.contains(&name(piece)))
            .fold(raw.to_owned(), |joined, piece| joined + "&" + piece);
        readings.push(joined);
        readings.push(raw.to_owned());
    }
    readings.extend(decoded);
    readings
}

fn name(piece: &str) -> &str {
    piece.split('=').next().unwrap_or_default()
}

/// Decides what a request to log out does.
///
/// `hint` is the readable [`LogoutRequest::id_token_hint`], `client` the one found by [`LogoutRequest::client`], and
/// `names` what the person of `session` is called: id, user name, e-mail address, telephone number.
///
/// The session ends without a question when the request comes with the person's own ID token, or names a registered
/// client and nothing speaks against it.
pub fn decide(
    request: &LogoutRequest,
    hint: Option<&Hint>,
    client: Option<&Client>,
    session: Option<&Session>,
    names: &[&str],
) -> Decision {
    let redirect = client.and_then(|client| {
        let address = request
            .readings
            .iter()
            .find(|reading| redirect_uri::is_registered_for_logout(client, reading))?;
        let state = request.state.clone().map(|state| ("state", state));
        Some(with_query(address, &Vec::from_iter(state)))
    });
    let Some(session) = session else {
        return Decision::End { redirect };
    };
    let unreadable = hint.is_none() && request.id_token_hint.is_some();
    let of_another = hint.is_some_and(|hint| hint.subject != session.user_id);
    let misses = request.logout_hint.as_ref().is_some_and(|named| {
        *named != session.id && !names.iter().any(|name| name.eq_ignore_ascii_case(named))
    });
    if unreadable || of_another || misses || client.is_none() {
        Decision::Ask { redirect }
    } else {
        Decision::End { redirect }
    }
}

/// Seconds for which a logout token is good.
const TOKEN_LIFE: i64 = 120;

/// A session that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended<'a> {
    /// Whose it was.
    pub user_id: &'a str,
    /// Its public id.
    pub session_id: &'a str,
}

/// The claims of the logout token that tells `client_id` of it (Back-Channel Logout §2.4).
///
/// `sub` is always there, since clients look sessions up by it (`contract/clients.md` §0.14). `jti` is a fresh random
/// text.
pub fn logout_token(
    issuer: &str,
    client_id: &str,
    ended: Ended<'_>,
    jti: &str,
    now: Time,
) -> Map<String, Value> {
    let claims = json!({
        "iss": issuer,
        "sub": ended.user_id,
        "aud": client_id,
        "iat": now,
        "exp": now.plus(TOKEN_LIFE),
        "jti": jti,
        "sid": ended.session_id,
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
