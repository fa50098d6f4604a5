//! A one-time token as callers see it.

use identity::one_time_token::{Context, OneTimeToken};
use protocol::time::Time;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::millis::Millis;

/// A token for the owner of an e-mail address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OneTimeToken)]
#[serde(rename_all = "camelCase")]
pub(super) struct OneTimeTokenView {
    tenant_id: String,
    id: String,
    email: String,
    /// What stands in the link.
    token: String,
    #[schema(value_type = Object)]
    context: Context,
    /// `active`, `consumed`, `revoked` or `expired`.
    status: &'static str,
    created_at: Millis,
    expires_at: Millis,
}

impl OneTimeTokenView {
    /// The token of a tenant, as it is at `now`.
    pub(super) fn new(tenant_id: &str, token: OneTimeToken, now: Time) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            status: token.status(now).as_str(),
            id: token.id,
            email: token.email,
            token: token.token.reveal().to_owned(),
            context: token.context,
            created_at: token.created_at.into(),
            expires_at: token.expires_at.into(),
        }
    }
}
