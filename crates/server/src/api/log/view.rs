//! A log as callers see it.

use serde::Serialize;
use serde_json::Value;
use store::log::Log;
use utoipa::ToSchema;

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Log)]
#[serde(rename_all = "camelCase")]
pub struct LogView {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenant_id: Option<String>,
    id: String,
    /// What, such as `Interaction.SignIn.Submit`.
    key: String,
    #[schema(value_type = Object)]
    payload: Value,
    /// Milliseconds since 1970.
    created_at: i64,
}

impl LogView {
    /// The log, with the tenant's id where the route tells it.
    pub fn new(tenant_id: Option<&str>, log: Log) -> Self {
        Self {
            tenant_id: tenant_id.map(str::to_owned),
            id: log.id,
            key: log.key,
            payload: serde_json::from_str(&log.payload).unwrap_or_default(),
            created_at: log.created_at,
        }
    }
}
