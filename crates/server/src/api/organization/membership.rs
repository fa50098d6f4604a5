//! Telling who joined an organization and who left it (`contract/logto-api.md` §3.3).

use serde_json::{Map, Value};
use store::{StoreError, Tx, relation::Replaced};

use super::member::Kind;
use crate::{
    app::App,
    hook::{self, Event},
    tenant::Tenant,
};

/// The most members that one event names.
const MOST: usize = 5000;

/// Tells of a change in `told` (what the request tells), unless nothing changed.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    kind: &Kind,
    organization_id: &str,
    change: &Replaced,
    mut told: Map<String, Value>,
) -> Result<(), StoreError> {
    if change.added.is_empty() && change.removed.is_empty() {
        return Ok(());
    }
    told.insert("organizationId".to_owned(), organization_id.into());
    for (name, members) in [(kind.added, &change.added), (kind.removed, &change.removed)] {
        if !members.is_empty() {
            let members: Vec<&str> = members.iter().take(MOST).map(String::as_str).collect();
            told.insert(name.to_owned(), members.into());
        }
    }
    let event = Event::OrganizationMembershipUpdated;
    hook::enqueue(app, tx, tenant, event, organization_id, told).await
}
