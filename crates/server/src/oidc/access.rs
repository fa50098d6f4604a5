//! An access token that somebody shows.

use protocol::{
    grant::exchange::Shown,
    jose::{Expect, TokenType},
    secret::Secret,
    time::Time,
    token::access_token,
};
use serde_json::{Map, Value};
use store::StoreError;

use super::subject::{self, Reads, Subject};
use crate::tenant::Tenant;

/// What an access token gives, which is good at this moment.
#[derive(Debug)]
pub(super) struct Access {
    pub(super) subject: Subject,
    /// What the token says of itself.
    pub(super) shown: Shown,
}

/// Finds out what a token gives: opaque, or signed by us for an API. `None` when it is nothing, or no longer.
pub(super) async fn read(
    reads: &mut impl Reads,
    tenant: &Tenant,
    token: &Secret,
    now: Time,
) -> Result<Option<Access>, StoreError> {
    let (subject, shown) = if is_jwt(token) {
        let Some(claims) = signed_claims(tenant, token, now) else {
            return Ok(None);
        };
        let Some(grant_id) = access_token::grant_id(&claims) else {
            return Ok(None);
        };
        let subject = subject::find(reads, &tenant.id, grant_id, now).await?;
        (subject, Shown::signed(&claims))
    } else {
        match store::access_token::find(reads.source(), &tenant.id, &token.hash()).await? {
            Some((issued, grant)) if now < issued.expires_at => (
                subject::load(reads, &tenant.id, grant, now).await?,
                Shown::opaque(issued.scope, &issued.custom_claims),
            ),
            _ => return Ok(None),
        }
    };
    Ok(subject.map(|subject| Access { subject, shown }))
}

/// Opaque tokens are base64url, which has no dot.
pub(super) fn is_jwt(token: &Secret) -> bool {
    token.reveal().contains('.')
}

/// The claims of a JWT access token that we signed and that has not expired; its grant may be gone.
pub(super) fn signed_claims(
    tenant: &Tenant,
    token: &Secret,
    now: Time,
) -> Option<Map<String, Value>> {
    let expect = Expect {
        typ: TokenType::AccessToken,
        issuer: &tenant.issuer,
        audience: None,
        allow_expired: false,
        leeway: 0,
    };
    tenant.keys.verify(token.reveal(), &expect, now).ok()
}
