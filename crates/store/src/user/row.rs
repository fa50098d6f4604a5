//! Rows of users joined with their identities.

use std::collections::BTreeMap;

use identity::user::{SocialIdentity, StoredPassword, User};
use protocol::time::Time;

use crate::{error::StoreError, json};

/// The columns of a [`Row`], of `users u` and `user_identities i`.
macro_rules! columns {
    () => {
        "u.id, u.username, u.primary_email, u.primary_phone, u.password_digest, u.password_algorithm, \
         u.name, u.avatar, u.profile, u.custom_data, u.application_id, u.cimd_client_id, u.is_suspended, u.last_sign_in_at, \
         u.created_at, u.updated_at, i.target, i.identity_id, i.details"
    };
}
pub(super) use columns;

/// One row for each identity of a user, or a single one when there is none.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: String,
    username: Option<String>,
    primary_email: Option<String>,
    primary_phone: Option<String>,
    password_digest: Option<String>,
    password_algorithm: Option<String>,
    name: Option<String>,
    avatar: Option<String>,
    profile: String,
    custom_data: String,
    application_id: Option<String>,
    cimd_client_id: Option<String>,
    is_suspended: bool,
    last_sign_in_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    target: Option<String>,
    identity_id: Option<String>,
    details: Option<String>,
}

/// The users of rows in which those of one user stand together.
pub(super) fn fold(rows: impl IntoIterator<Item = Row>) -> Result<Vec<User>, StoreError> {
    let mut users: Vec<User> = Vec::new();
    for mut row in rows {
        let identity = row.take_identity()?;
        if users.last().is_none_or(|user| user.id != row.id) {
            users.push(row.into_user()?);
        }
        if let (Some(user), Some((target, identity))) = (users.last_mut(), identity) {
            user.identities.insert(target, identity);
        }
    }
    Ok(users)
}

impl Row {
    fn take_identity(&mut self) -> Result<Option<(String, SocialIdentity)>, StoreError> {
        let (Some(target), Some(user_id), Some(details)) = (
            self.target.take(),
            self.identity_id.take(),
            self.details.take(),
        ) else {
            return Ok(None);
        };
        let details = json::read("user_identities.details", &details)?;
        Ok(Some((target, SocialIdentity { user_id, details })))
    }

    fn into_user(self) -> Result<User, StoreError> {
        Ok(User {
            profile: json::read("users.profile", &self.profile)?,
            custom_data: json::read("users.custom_data", &self.custom_data)?,
            password: match (self.password_digest, self.password_algorithm) {
                (Some(digest), Some(algorithm)) => Some(StoredPassword { digest, algorithm }),
                _ => None,
            },
            id: self.id,
            username: self.username,
            primary_email: self.primary_email,
            primary_phone: self.primary_phone,
            name: self.name,
            avatar: self.avatar,
            application_id: self.application_id,
            cimd_client_id: self.cimd_client_id,
            is_suspended: self.is_suspended,
            last_sign_in_at: self.last_sign_in_at.map(Time),
            created_at: Time(self.created_at),
            updated_at: Time(self.updated_at),
            identities: BTreeMap::new(),
        })
    }
}
