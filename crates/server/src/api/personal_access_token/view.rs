//! A personal access token as the API tells it.

use serde::Serialize;
use store::personal_access_token::PersonalAccessToken;
use utoipa::ToSchema;

use crate::api::millis::Millis;

/// What a person gives to a program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonalAccessToken)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonalAccessTokenView {
    tenant_id: String,
    user_id: String,
    name: String,
    /// The token.
    value: String,
    created_at: Millis,
    expires_at: Option<Millis>,
}

impl PersonalAccessTokenView {
    /// A token of this user.
    pub(super) fn new(tenant_id: &str, user_id: &str, token: PersonalAccessToken) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            user_id: user_id.to_owned(),
            value: token.value.reveal().to_owned(),
            name: token.name,
            created_at: token.created_at.into(),
            expires_at: token.expires_at.map(Millis::from),
        }
    }
}
