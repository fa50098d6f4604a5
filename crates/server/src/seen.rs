//! What the server tells `hufu doctor`: how a request looked when it arrived.
//!
//! The command proves that it belongs to the operator with a key derived from the vault key; nobody else is told anything.

use protocol::secret::Secret;
use serde::{Deserialize, Serialize};
use store::{StoreError, Vault};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

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
