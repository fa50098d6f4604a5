//! Fetching the document that describes a client, from the address that is its `client_id`
//! (draft-ietf-oauth-client-id-metadata-document-02 §5).

use protocol::client_metadata::{ClientMetadata, InvalidMetadata, LARGEST, is_json, lifetime};
use thiserror::Error;

use crate::http::{Call, CallFailed, Guarded};

/// A document and how long it may be used.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// What it says.
    pub metadata: ClientMetadata,
    /// Seconds.
    pub lifetime: i64,
}

/// Why there is no document.
#[derive(Debug, Error)]
pub enum FetchFailed {
    /// Nobody answered, or the answer was too long, or the address may not be called.
    #[error(transparent)]
    Call(#[from] CallFailed),
    /// Anything but 200; a redirect is one, since it would let somebody else speak for the address (draft §5).
    #[error("the answer has status {0}, and only 200 counts")]
    Status(u16),
    /// Another kind of document.
    #[error("the answer is no application/json")]
    ContentType,
    /// It does not describe a client that is served.
    #[error(transparent)]
    Invalid(#[from] InvalidMetadata),
}

/// Fetches the document of a client whose id passed [`protocol::client_metadata::check_client_id`].
///
/// # Errors
/// See [`FetchFailed`].
pub async fn fetch(http: &Guarded, client_id: &str) -> Result<Fetched, FetchFailed> {
    let call = Call {
        headers: vec![("accept", "application/json".to_owned())],
        most: Some(LARGEST),
        ..Call::default()
    };
    let answer = http.call(client_id, call).await?;
    if answer.status != 200 {
        return Err(FetchFailed::Status(answer.status));
    }
    let header = |name: &str| answer.headers.get(name).map(String::as_str);
    if !header("content-type").is_some_and(is_json) {
        return Err(FetchFailed::ContentType);
    }
    Ok(Fetched {
        metadata: ClientMetadata::read(client_id, &answer.body)?,
        lifetime: lifetime(header("cache-control"), header("age")),
    })
}

#[cfg(test)]
mod tests;
