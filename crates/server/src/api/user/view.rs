//! A person's account as callers see it.

use std::collections::BTreeMap;

use identity::user::{SocialIdentity, User};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::sso_identity::SsoIdentityView;
use crate::api::millis::Millis;

/// A person's account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    #[serde(flatten)]
    info: UserInfo,
    has_password: bool,
    /// Where it was asked for.
    #[serde(flatten)]
    password: Option<PasswordHash>,
    /// Where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    sso_identities: Option<Vec<SsoIdentityView>>,
}

/// The hash of a password.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordHash {
    password_digest: Option<String>,
    password_algorithm: Option<String>,
}

/// What is told of a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserInfo {
    id: String,
    username: Option<String>,
    primary_email: Option<String>,
    /// Digits only, with the country code.
    primary_phone: Option<String>,
    name: Option<String>,
    avatar: Option<String>,
    #[schema(value_type = Object)]
    custom_data: Map<String, Value>,
    /// Accounts at social providers, by target.
    identities: BTreeMap<String, IdentityView>,
    last_sign_in_at: Option<Millis>,
    created_at: Millis,
    updated_at: Millis,
    #[schema(value_type = Object)]
    profile: Map<String, Value>,
    /// The application that the person first came through.
    application_id: Option<String>,
    cimd_client_id: Option<String>,
    is_suspended: bool,
}

/// An account at a social provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    /// The provider's id of the person.
    pub user_id: String,
    /// What the provider told.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object, required = false)]
    pub details: Map<String, Value>,
}

impl IdentityView {
    /// All of a person's, by target.
    pub(super) fn all(identities: BTreeMap<String, SocialIdentity>) -> BTreeMap<String, Self> {
        let identities = identities.into_iter();
        let view = |(target, identity): (String, SocialIdentity)| {
            let view = Self {
                user_id: identity.user_id,
                details: identity.details,
            };
            (target, view)
        };
        identities.map(view).collect()
    }
}

impl From<User> for UserInfo {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            primary_email: user.primary_email,
            primary_phone: user.primary_phone,
            name: user.name,
            avatar: user.avatar,
            custom_data: user.custom_data,
            identities: IdentityView::all(user.identities),
            last_sign_in_at: user.last_sign_in_at.map(Millis::from),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
            profile: user.profile,
            application_id: user.application_id,
            cimd_client_id: user.cimd_client_id,
            is_suspended: user.is_suspended,
        }
    }
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            has_password: user.password.is_some(),
            password: None,
            sso_identities: None,
            info: user.into(),
        }
    }
}

impl UserView {
    /// The account with the hash of its password.
    pub fn with_password(mut user: User) -> Self {
        let password = user.password.take();
        let (digest, algorithm) = password
            .map(|password| (password.digest, password.algorithm))
            .unzip();
        Self {
            has_password: digest.is_some(),
            password: Some(PasswordHash {
                password_digest: digest,
                password_algorithm: algorithm,
            }),
            ..Self::from(user)
        }
    }

    /// The account with what enterprise providers know it as.
    #[must_use]
    pub fn with_sso_identities(self, identities: Vec<SsoIdentityView>) -> Self {
        Self {
            sso_identities: Some(identities),
            ..self
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.info.id
    }
}
