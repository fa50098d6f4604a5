//! Token revocation (RFC 7009).

use crate::{
    client::Client,
    error::{ErrorCode, OAuthError},
};

/// A token that a client wants revoked, as the store found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// An opaque access token or a refresh token.
    Stored {
        /// To whom it was issued.
        client_id: &'a str,
        /// What it came from.
        grant_id: &'a str,
    },
    /// It has the form of a JWT.
    Jwt,
    /// Nothing of ours, or long gone.
    Unknown,
}

/// The grant that has to be deleted, and everything that came of it; `None` when there is nothing to do, which is a
/// success as well (§2.2).
///
/// `invalid_grant` when the token is another client's (§2.1). `unsupported_token_type` for a JWT (§2.2.1): APIs accept
/// it without asking here, so nobody should believe it revoked.
pub fn decide<'a>(client: &Client, found: Found<'a>) -> Result<Option<&'a str>, OAuthError> {
    match found {
        Found::Unknown => Ok(None),
        Found::Jwt => Err(OAuthError::new(
            ErrorCode::UnsupportedTokenType,
            "a JWT access token cannot be revoked",
        )),
        Found::Stored { client_id, .. } if client_id != client.id => Err(
            OAuthError::invalid_grant("the token belongs to another client"),
        ),
        Found::Stored { grant_id, .. } => Ok(Some(grant_id)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, decide};
    use crate::{client::ApplicationType::Spa, error::ErrorCode, samples::client};

    #[test]
    fn t24_revoking_a_token_ends_its_grant() {
        let grant_id = "grant";
        for (client_id, decided) in [
            ("chat", Ok(Some("grant"))),
            ("other", Err(ErrorCode::InvalidGrant)),
        ] {
            let found = Found::Stored {
                client_id,
                grant_id,
            };
            let answer = decide(&client(Spa), found).map_err(|refused| refused.code);
            assert_eq!(answer, decided, "{client_id}");
        }
    }

    #[test]
    fn invalid_tokens_do_not_cause_an_error_response() {
        assert_eq!(decide(&client(Spa), Found::Unknown), Ok(None));
    }

    #[test]
    fn a_jwt_is_an_unsupported_token_type() {
        let refused = decide(&client(Spa), Found::Jwt).unwrap_err();
        assert_eq!(refused.code, ErrorCode::UnsupportedTokenType);
    }
}
