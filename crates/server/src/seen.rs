//! What the server tells `hufu doctor`: how a request looked when it arrived.
//!
//! The command proves that it belongs to the operator with a key derived from the vault key; nobody else is told anything.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderValue,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::secret::Secret;
use serde::{Deserialize, Serialize};
use store::{StoreError, Vault};
use subtle::ConstantTimeEq;

use crate::{app::App, arriving::Arriving};

/// The request header with the proof.
pub const PROOF_HEADER: &str = "hufu-doctor";

/// The response header with [`Seen`] as JSON.
pub const SEEN_HEADER: &str = "hufu-seen";

/// The headers that proxies add.
pub const FORWARDED: [&str; 4] = [
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-for",
    "forwarded",
];

/// A request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The address that the server takes the request to be for.
    pub origin: String,
    /// The sender as the server understands it.
    pub ip: String,
    /// The other end of the connection: the proxy, when there is one.
    pub peer: String,
    /// Whether the peer's forwarded headers are believed.
    pub is_trusted_peer: bool,
    /// Which of [`FORWARDED`] were there, believed or not.
    pub forwarded: Vec<String>,
}

/// What the command sends.
///
/// # Errors
/// When no key can be derived.
pub fn proof(vault: &Vault) -> Result<Secret, StoreError> {
    Ok(Secret::new(
        URL_SAFE_NO_PAD.encode(vault.derive("doctor")?.as_slice()),
    ))
}

/// What to answer to a request that carries the proof: [`Seen`] for [`SEEN_HEADER`].
pub fn tell(app: &App, request: &Request) -> Option<HeaderValue> {
    let given = request.headers().get(PROOF_HEADER)?;
    let proof = proof(app.vault()).ok()?;
    if !bool::from(given.as_bytes().ct_eq(proof.reveal().as_bytes())) {
        return None;
    }
    let arriving = request.extensions().get::<Arriving>()?;
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let is_sent = |name: &&str| request.headers().contains_key(*name);
    let seen = Seen {
        origin: arriving.origin.clone(),
        ip: arriving.ip.to_canonical().to_string(),
        peer: peer.ip().to_canonical().to_string(),
        is_trusted_peer: app.config().proxies.trusts(peer.ip()),
        forwarded: FORWARDED
            .into_iter()
            .filter(is_sent)
            .map(str::to_owned)
            .collect(),
    };
    HeaderValue::try_from(serde_json::to_string(&seen).ok()?).ok()
}
