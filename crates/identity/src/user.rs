//! A person's account.

use std::collections::BTreeMap;

use protocol::time::Time;
use serde_json::{Map, Value};

/// An account in one tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// 12 lower-case letters and digits for new users; imported users keep theirs. The `sub` claim.
    pub id: String,
    /// The name the person signs in with.
    pub username: Option<String>,
    /// A proven e-mail address.
    pub primary_email: Option<String>,
    /// A proven phone number: digits only.
    pub primary_phone: Option<String>,
    /// The stored password.
    pub password: Option<StoredPassword>,
    /// What others see the person called.
    pub name: Option<String>,
    /// Address of a picture.
    pub avatar: Option<String>,
    /// Standard profile claims under Logto's camel-case names (`familyName`, `givenName`, …).
    pub profile: Map<String, Value>,
    /// What applications store.
    pub custom_data: Map<String, Value>,
    /// The application through which the person first came.
    pub application_id: Option<String>,
    /// In its place: the `client_id` of the client through which they came, when that is the address of a metadata document.
    pub cimd_client_id: Option<String>,
    /// Whether the account is barred.
    pub is_suspended: bool,
    /// When the person last signed in.
    pub last_sign_in_at: Option<Time>,
    /// When the account was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// Linked identities at social providers, by connector target.
    pub identities: BTreeMap<String, SocialIdentity>,
}

/// An account at a social provider that belongs to a user.
#[derive(Clone, Debug, PartialEq)]
pub struct SocialIdentity {
    /// The provider's id of the person.
    pub user_id: String,
    /// What the provider told of the person.
    pub details: Map<String, Value>,
}

/// A password as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// The hash in the algorithm's own notation.
    pub digest: String,
    /// The algorithm, as Logto names it: `Argon2id`, `Argon2i`, `Bcrypt`, `Legacy`, ….
    pub algorithm: String,
}

impl std::fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredPassword({})", self.algorithm)
    }
}

impl User {
    /// An account with nothing but an id.
    pub fn new(id: String, now: Time) -> Self {
        Self {
            id,
            username: None,
            primary_email: None,
            primary_phone: None,
            password: None,
            name: None,
            avatar: None,
            profile: Map::new(),
            custom_data: Map::new(),
            application_id: None,
            cimd_client_id: None,
            is_suspended: false,
            last_sign_in_at: None,
            created_at: now,
            updated_at: now,
            identities: BTreeMap::new(),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self::new("abcdef123456".to_owned(), Time(1_700_000_000))
    }
}
