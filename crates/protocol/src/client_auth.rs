//! How a client proves itself (RFC 6749 §2.3.1, OpenID Connect Core §9).

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use url::form_urlencoded;

use crate::{
    client::{Client, ClientAuthMethod},
    error::OAuthError,
    secret::Secret,
    time::Time,
};

/// A secret as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredSecret<'a> {
    /// [`Secret::hash`] of it.
    pub hash: &'a str,
    /// When it stops working.
    pub expires_at: Option<Time>,
}

/// What a request said about its client.
#[derive(Clone, PartialEq, Eq)]
pub struct Presented {
    method: ClientAuthMethod,
    /// The readings of the client's id and secret: of a Basic header there may be two.
    readings: Vec<(String, Option<Secret>)>,
}

impl Presented {
    /// Reads the value of the `Authorization` header, and `client_id` and `client_secret` of the body.
    ///
    /// A Basic header beside the same `client_id` in the body is fine (Logto's SDKs send that); a second secret or another
    /// id is `invalid_request`, and so is a request without any client.
    pub fn read(
        authorization: Option<&str>,
        client_id: Option<&str>,
        client_secret: Option<&str>,
    ) -> Result<Self, OAuthError> {
        let client_id = client_id.filter(|text| !text.is_empty());
        let client_secret = client_secret.filter(|text| !text.is_empty());
        if let Some(credentials) = authorization.and_then(basic) {
            return Self::from_basic(credentials, client_id, client_secret);
        }
        let Some(client_id) = client_id else {
            return Err(OAuthError::invalid_request(
                "no client authentication mechanism provided",
            ));
        };
        let method = match client_secret {
            Some(_) => ClientAuthMethod::ClientSecretPost,
            None => ClientAuthMethod::None,
        };
        Ok(Self {
            method,
            readings: vec![(client_id.to_owned(), client_secret.map(Secret::new))],
        })
    }

    fn from_basic(
        credentials: &str,
        client_id: Option<&str>,
        client_secret: Option<&str>,
    ) -> Result<Self, OAuthError> {
        if client_secret.is_some() {
            return Err(OAuthError::invalid_request(
                "only one way of client authentication may be used",
            ));
        }
        let mut readings = basic_readings(credentials)
            .ok_or_else(|| OAuthError::invalid_request("the Authorization header is malformed"))?;
        if let Some(client_id) = client_id {
            readings.retain(|(id, _)| id == client_id);
            if readings.is_empty() {
                return Err(OAuthError::invalid_request(
                    "client_id differs from the Authorization header",
                ));
            }
        }
        let method = if readings.iter().any(|(_, secret)| secret.is_some()) {
            ClientAuthMethod::ClientSecretBasic
        } else {
            ClientAuthMethod::None
        };
        Ok(Self { method, readings })
    }

    /// The ids the client may have; the caller looks each up.
    pub fn client_ids(&self) -> impl Iterator<Item = &str> {
        self.readings.iter().map(|(id, _)| id.as_str())
    }

    /// Whether the client used the Authorization header: a refusal is then 401 with a challenge (RFC 6749 §5.2).
    pub fn used_header(&self) -> bool {
        self.method == ClientAuthMethod::ClientSecretBasic
    }

    /// Checks that `client`, which has one of [`Self::client_ids`], is proven at `now`.
    ///
    /// Public clients name themselves and no more; a secret that one sends is not looked at.
    pub fn prove(
        &self,
        client: &Client,
        secrets: &[StoredSecret<'_>],
        now: Time,
    ) -> Result<(), OAuthError> {
        if !client.is_confidential() {
            return Ok(());
        }
        if client.auth_method.is_some_and(|only| only != self.method) {
            return Err(OAuthError::invalid_client(
                "the client is registered for another way of authentication",
            ));
        }
        let hashes: Vec<Secret> = self
            .readings
            .iter()
            .filter(|(id, _)| *id == client.id)
            .filter_map(|(_, secret)| secret.as_ref())
            .map(|secret| Secret::new(secret.hash()))
            .collect();
        if hashes.is_empty() {
            return Err(OAuthError::invalid_client("the client must authenticate"));
        }
        let mut expired = false;
        for stored in secrets {
            if hashes.contains(&Secret::new(stored.hash)) {
                if stored.expires_at.is_none_or(|end| now < end) {
                    return Ok(());
                }
                expired = true;
            }
        }
        Err(if expired {
            OAuthError::invalid_request("client secret has expired")
        } else {
            OAuthError::invalid_client("client authentication failed")
        })
    }
}

/// What an unknown client is told: the same as one with a wrong secret.
pub fn unknown() -> OAuthError {
    OAuthError::invalid_client("client authentication failed")
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The credentials after `Basic`, if that is the scheme.
fn basic(header: &str) -> Option<&str> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("Basic")
        .then(|| credentials.trim())
}

/// Id and secret as they stand, and form-url-decoded as RFC 6749 §2.3.1 wants: clients disagree on which they send.
fn basic_readings(credentials: &str) -> Option<Vec<(String, Option<Secret>)>> {
    let bytes = STANDARD.decode(credentials).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    let reading = |id: String, secret: String| {
        let secret = Some(secret).filter(|secret| !secret.is_empty());
        (id, secret.map(Secret::new))
    };
    let mut readings = vec![reading(id.to_owned(), secret.to_owned())];
    let decoded = reading(form_decode(id), form_decode(secret));
    if !readings.contains(&decoded) {
        readings.push(decoded);
    }
    Some(readings)
}

fn form_decode(text: &str) -> String {
    let pair = format!("={}", text.replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        client::ApplicationType::{MachineToMachine, Native, Spa, Traditional},
        error::ErrorCode,
        samples::client,
    };

    const NOW: Time = Time(1_000);

    fn header(id: &str, secret: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
    }

    /// Proves the client `chat`, whose secrets are `hush` and, expired, `old`.
    fn prove(
        client: &Client,
        authorization: Option<&str>,
        id: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(), ErrorCode> {
        let (hush, old) = (Secret::new("hush").hash(), Secret::new("old").hash());
        let secrets = [
            StoredSecret {
                hash: &old,
                expires_at: Some(NOW),
            },
            StoredSecret {
                hash: &hush,
                expires_at: None,
            },
        ];
        Presented::read(authorization, id, secret)
            .and_then(|presented| {
                if presented.client_ids().any(|id| id == client.id) {
                    presented.prove(client, &secrets, NOW)
                } else {
                    Err(unknown())
                }
            })
            .map_err(|error| error.code)
    }

    #[test]
    fn basic_and_post_both_prove_a_confidential_client() {
        let basic = header("chat", "hush");
        for kind in [Traditional, MachineToMachine] {
            let client = client(kind);
            assert_eq!(prove(&client, Some(&basic), None, None), Ok(()));
            assert_eq!(
                prove(&client, Some(&basic.replace("Basic", "bASIC")), None, None),
                Ok(())
            );
            assert_eq!(
                prove(&client, Some(&basic), Some("chat"), None),
                Ok(()),
                "as Logto's SDKs do"
            );
            assert_eq!(prove(&client, Some(&basic), Some("chat"), Some("")), Ok(()));
            assert_eq!(prove(&client, None, Some("chat"), Some("hush")), Ok(()));
            assert_eq!(
                prove(&client, Some("Bearer x"), Some("chat"), Some("hush")),
                Ok(())
            );
        }
    }

    #[test]
    fn what_does_not_prove_the_client_is_refused() {
        let client = client(Traditional);
        let wrong = header("chat", "wrong");
        let rows = [
            (None, None, None, ErrorCode::InvalidRequest),
            (None, Some(""), Some("hush"), ErrorCode::InvalidRequest),
            (None, Some("chat"), None, ErrorCode::InvalidClient),
            (None, Some("chat"), Some("wrong"), ErrorCode::InvalidClient),
            (None, Some("chat"), Some("old"), ErrorCode::InvalidRequest),
            (None, Some("nobody"), Some("hush"), ErrorCode::InvalidClient),
            (Some(&*wrong), None, None, ErrorCode::InvalidClient),
            (Some("Basic ???"), None, None, ErrorCode::InvalidRequest),
            (
                Some("Basic Y2hhdA=="),
                None,
                None,
                ErrorCode::InvalidRequest,
            ),
        ];
        for (authorization, id, secret, code) in rows {
            assert_eq!(
                prove(&client, authorization, id, secret),
                Err(code),
                "{authorization:?} {id:?}"
            );
        }
    }

    #[test]
    fn two_ways_at_once_are_an_invalid_request() {
        let client = client(Traditional);
        let basic = header("chat", "hush");
        assert_eq!(
            prove(&client, Some(&basic), Some("other"), None),
            Err(ErrorCode::InvalidRequest)
        );
        assert_eq!(
            prove(&client, Some(&basic), Some("chat"), Some("hush")),
            Err(ErrorCode::InvalidRequest)
        );
    }

    #[test]
    fn public_clients_only_name_themselves() {
        for kind in [Native, Spa] {
            let client = client(kind);
            assert_eq!(prove(&client, None, Some("chat"), None), Ok(()));
            assert_eq!(prove(&client, None, Some("chat"), Some("anything")), Ok(()));
            assert_eq!(
                prove(&client, Some(&header("chat", "")), None, None),
                Ok(())
            );
        }
    }

    #[test]
    fn an_application_may_be_narrowed_to_one_way() {
        let mut client = client(Traditional);
        let basic = header("chat", "hush");
        client.auth_method = Some(ClientAuthMethod::ClientSecretPost);
        assert_eq!(prove(&client, None, Some("chat"), Some("hush")), Ok(()));
        assert_eq!(
            prove(&client, Some(&basic), None, None),
            Err(ErrorCode::InvalidClient)
        );
        client.auth_method = Some(ClientAuthMethod::ClientSecretBasic);
        assert_eq!(prove(&client, Some(&basic), None, None), Ok(()));
        assert_eq!(
            prove(&client, None, Some("chat"), Some("hush")),
            Err(ErrorCode::InvalidClient)
        );
    }

    #[test]
    fn basic_credentials_are_read_raw_and_decoded() {
        let raw = Secret::new("a+b%20c").hash();
        let decoded = Secret::new("a b c").hash();
        let presented = Presented::read(Some(&header("chat", "a+b%20c")), None, None).unwrap();
        for hash in [&raw, &decoded] {
            let stored = [StoredSecret {
                hash,
                expires_at: None,
            }];
            assert_eq!(presented.prove(&client(Traditional), &stored, NOW), Ok(()));
        }
        let presented = Presented::read(
            Some(&header("https%3A%2F%2Fapp", "x")),
            Some("https://app"),
            None,
        )
        .unwrap();
        assert_eq!(presented.client_ids().collect::<Vec<_>>(), ["https://app"]);
        assert!(presented.used_header());
    }

    #[test]
    fn t55_secrets_are_not_printed() {
        let presented = Presented::read(None, Some("chat"), Some("swordfish")).unwrap();
        assert!(!format!("{presented:?}").contains("swordfish"));
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reading_fail_badly(header in "(Basic )?\\PC*") {
            let _ = Presented::read(Some(&header), Some("chat"), None);
        }

        #[test]
        fn a_secret_sent_either_way_is_found(secret in "[ -~]{1,40}", encoded in any::<bool>()) {
            let sent: String = if encoded { form_urlencoded::byte_serialize(secret.as_bytes()).collect() } else { secret.clone() };
            let hash = Secret::new(&*secret).hash();
            let stored = [StoredSecret { hash: &hash, expires_at: None }];
            let presented = Presented::read(Some(&header("chat", &sent)), None, None).unwrap();
            prop_assert_eq!(presented.prove(&client(Traditional), &stored, NOW), Ok(()));
        }
    }
}
