//! `hooks` and `hook_deliveries`: who wants to be told of what, and what waits to be told.

use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// A hook that is enabled, as the snapshot holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The hook's id.
    pub hook_id: String,
    /// The names of the events it wants.
    pub events: Vec<String>,
}

/// An event that waits to be told to one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookDelivery {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The hook.
    pub hook_id: String,
    /// The event's name.
    pub event: String,
    /// What it is about, such as a user's id: what concerns one subject is told in order.
    pub subject: String,
    /// The exact bytes that are posted.
    pub body: String,
}

/// Queues an event behind those of the same subject; it is due at once.
pub async fn enqueue(
    tx: &mut Tx,
    tenant_id: &str,
    delivery: &HookDelivery,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO hook_deliveries \
        (tenant_id, id, hook_id, event, subject, sequence, body, next_attempt_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM hook_deliveries \
            WHERE tenant_id = $1 AND hook_id = $3 AND subject = $5), $6, $7, $7)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&delivery.id).bind(&delivery.hook_id).bind(&delivery.event)
        .bind(&delivery.subject).bind(&delivery.body).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Tenant and subscription, of every enabled hook.
pub(crate) async fn load(source: impl Source) -> Result<Vec<(String, Subscription)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, event, events FROM hooks WHERE enabled \
        ORDER BY tenant_id, created_at, id";
    let rows: Vec<(String, String, Option<String>, String)> =
        on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    let subscription =
        |(tenant, hook_id, event, events): (String, String, Option<String>, String)| {
            let mut events: Vec<String> = json::read("hooks.events", &events)?;
            events.extend(event.filter(|event| !events.contains(event)));
            Ok((tenant, Subscription { hook_id, events }))
        };
    rows.into_iter().map(subscription).collect()
}
