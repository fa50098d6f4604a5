//! An access token that somebody shows.

use protocol::{
    jose::{Expect, TokenType},
    scope::ScopeSet,
    secret::Secret,
    time::Time,
    token::access_token,
};
use serde_json::{Map, Value};
use store::{Db, StoreError};

use super::subject::{self, Subject};
use crate::tenant::Tenant;

/// What an access token gives, which is good at this moment.
#[derive(Debug)]
pub(super) struct Access {
    pub(super) subject: Subject,
    pub(super) scope: ScopeSet,
}

/// Finds out what a token gives: opaque, or signed by us for an API. `None` when it is nothing, or no longer.
pub(super) async fn read(
    mut db: &Db,
    tenant: &Tenant,
    token: &Secret,
    now: Time,
) -> Result<Option<Access>, StoreError> {
    let (subject, scope) = if is_jwt(token) {
        let Some(claims) = signed_claims(tenant, token, now) else {
            return Ok(None);
        };
        let Some(grant_id) = access_token::grant_id(&claims) else {
            return Ok(None);
        };
        let subject = subject::find(&mut db, &tenant.id, grant_id, now).await?;
        (subject, access_token::scope(&claims))
    } else {
        match store::access_token::find(db, &tenant.id, &token.hash()).await? {
            Some((issued, grant)) if now < issued.expires_at => (
                subject::load(&mut db, &tenant.id, grant, now).await?,
                issued.scope,
            ),
            _ => return Ok(None),
        }
    };
    Ok(subject.map(|subject| Access { subject, scope }))
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
