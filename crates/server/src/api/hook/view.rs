//! A hook as callers see it.

use serde::Serialize;
use std::collections::BTreeMap;
use store::{
    hook::{Hook, HookConfig},
    log::Calls,
};
use utoipa::ToSchema;

use super::{EventName, config::shown};
use crate::api::millis::Millis;

/// Somebody who is told of what happens.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Hook)]
#[serde(rename_all = "camelCase")]
pub(super) struct HookView {
    tenant_id: String,
    id: String,
    name: String,
    /// The one event that old clients set.
    #[schema(value_type = Option<EventName>)]
    event: Option<String>,
    #[schema(value_type = Vec<EventName>)]
    events: Vec<String>,
    config: HookConfigView,
    /// The key of the HMAC in `logto-signature-sha-256`.
    signing_key: String,
    enabled: bool,
    created_at: Millis,
    /// How its calls of the last 24 hours went, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    execution_stats: Option<ExecutionStats>,
}

/// Where a hook is told, and how.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HookConfig)]
struct HookConfigView {
    url: String,
    /// Their values are shown as `••••••••`; sent back so, they stay what they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retries: Option<i64>,
}

/// How many calls were made, and how many of them went well.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExecutionStats {
    success_count: i64,
    request_count: i64,
}

impl HookView {
    /// The hook alone.
    pub(super) fn new(tenant_id: &str, hook: Hook) -> Self {
        let HookConfig {
            url,
            headers,
            retries,
        } = hook.config;
        Self {
            tenant_id: tenant_id.to_owned(),
            id: hook.id,
            name: hook.name,
            event: hook.event,
            events: hook.events,
            config: HookConfigView {
                url,
                headers: headers.as_ref().map(shown),
                retries,
            },
            signing_key: hook.signing_key.reveal().to_owned(),
            enabled: hook.enabled,
            created_at: hook.created_at.into(),
            execution_stats: None,
        }
    }

    /// The hook with how its calls went.
    pub(super) fn with(mut self, calls: &[Calls]) -> Self {
        let own = calls.iter().find(|calls| calls.hook_id == self.id);
        self.execution_stats = Some(ExecutionStats {
            success_count: own.map_or(0, |calls| calls.successes),
            request_count: own.map_or(0, |calls| calls.requests),
        });
        self
    }
}
