//! Magic links: tokens that prove an e-mail address once (`contract/logto-core.md` §11.5).

use protocol::{secret::Secret, time::Time};
use serde::{Deserialize, Serialize};

use crate::identifier;

/// Life of a token in seconds, unless its maker says otherwise.
pub const LIFE: i64 = 600;

/// A token for the owner of an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeToken {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The address, as it was given.
    pub email: String,
    /// What stands in the link.
    pub token: Secret,
    /// What it is for.
    pub context: Context,
    /// As stored: what has expired may still be called active here.
    pub status: Status,
    /// When it was made.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
}

/// What a token is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The organizations that its owner joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jit_organization_ids: Option<Vec<String>>,
    /// The only kind of sign-in in which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction_event: Option<InteractionEvent>,
}

/// What a person is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InteractionEvent {
    /// Signing in.
    SignIn,
    /// Making an account.
    Register,
    /// Setting a new password.
    ForgotPassword,
}

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It works.
    Active,
    /// It was used.
    Consumed,
    /// An operator took it back.
    Revoked,
    /// Its time is over.
    Expired,
}

impl Status {
    /// As the API and the database have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Consumed => "consumed",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// The status with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Consumed, Self::Revoked, Self::Expired]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// Why a token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefused {
    /// It was made for another address.
    EmailMismatch,
    /// It was used.
    Consumed,
    /// An operator took it back.
    Revoked,
    /// Its time is over.
    Expired,
}

impl OneTimeToken {
    /// What it is worth at `now`.
    pub fn status(&self, now: Time) -> Status {
        match self.status {
            Status::Active if now >= self.expires_at => Status::Expired,
            status => status,
        }
    }

    /// Whether it proves that `email` belongs to whoever has it.
    pub fn check(&self, email: &str, now: Time) -> Result<(), TokenRefused> {
        if key(email) != key(&self.email) {
            return Err(TokenRefused::EmailMismatch);
        }
        match self.status(now) {
            Status::Active => Ok(()),
            Status::Consumed => Err(TokenRefused::Consumed),
            Status::Revoked => Err(TokenRefused::Revoked),
            Status::Expired => Err(TokenRefused::Expired),
        }
    }
}

/// The address in the form that is compared.
pub fn key(email: &str) -> String {
    identifier::email(email).unwrap_or_else(|| email.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use protocol::{secret::Secret, time::Time};

    use super::{Context, OneTimeToken, Status, TokenRefused};

    #[test]
    fn a_token_proves_its_own_address_until_it_is_used_revoked_or_old() {
        let token = |status| OneTimeToken {
            id: "t1".to_owned(),
            email: "Ann@Example.com".to_owned(),
            token: Secret::new("hush"),
            context: Context::default(),
            status,
            created_at: Time(0),
            expires_at: Time(600),
        };
        for (status, email, now, expected) in [
            (Status::Active, "ann@example.com ", 599, Ok(())),
            (
                Status::Active,
                "ann@example.com",
                600,
                Err(TokenRefused::Expired),
            ),
            (
                Status::Active,
                "eve@example.com",
                0,
                Err(TokenRefused::EmailMismatch),
            ),
            (
                Status::Consumed,
                "ann@example.com",
                900,
                Err(TokenRefused::Consumed),
            ),
            (
                Status::Revoked,
                "ann@example.com",
                0,
                Err(TokenRefused::Revoked),
            ),
            (
                Status::Expired,
                "ann@example.com",
                0,
                Err(TokenRefused::Expired),
            ),
        ] {
            assert_eq!(
                token(status).check(email, Time(now)),
                expected,
                "{status:?} {email} {now}"
            );
        }
    }

    #[test]
    fn a_status_is_read_as_it_is_written() {
        for name in ["active", "consumed", "revoked", "expired"] {
            assert_eq!(Status::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(Status::parse("Active"), None);
    }
}
