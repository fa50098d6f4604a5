//! Magic links: using a token up (`contract/logto-core.md` §11.5).

use identity::one_time_token::{OneTimeToken, Status, TokenRefused};
use protocol::{secret::Secret, time::Time};
use store::{Tx, Vault};

use super::{OperationError, Refused};

/// Uses up a token that proves `email`, for exactly one caller, and returns it as it is afterwards.
///
/// # Errors
/// When the token is unknown, for another address, or worth nothing any more.
pub async fn take(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    token: &Secret,
    email: &str,
    now: Time,
) -> Result<OneTimeToken, OperationError> {
    let hash = token.hash();
    let found = store::one_time_token::find_by_hash(&mut *tx, vault, tenant_id, &hash).await?;
    let token = found.ok_or_else(|| {
        Refused::new(
            "one_time_token.token_not_found",
            "There is no such one-time token.",
        )
    })?;
    token.check(email, now).map_err(refused)?;
    if !store::one_time_token::take(tx, tenant_id, &token.id, now).await? {
        // Somebody else was faster.
        return Err(refused(TokenRefused::Consumed).into());
    }
    Ok(OneTimeToken {
        status: Status::Consumed,
        ..token
    })
}

fn refused(refused: TokenRefused) -> Refused {
    let (code, message) = match refused {
        TokenRefused::EmailMismatch => (
            "one_time_token.email_mismatch",
            "The one-time token is for another e-mail address.",
        ),
        TokenRefused::Consumed => (
            "one_time_token.token_consumed",
            "The one-time token was used before.",
        ),
        TokenRefused::Revoked => (
            "one_time_token.token_revoked",
            "The one-time token was taken back.",
        ),
        TokenRefused::Expired => (
            "one_time_token.token_expired",
            "The one-time token has expired.",
        ),
    };
    Refused::new(code, message)
}
