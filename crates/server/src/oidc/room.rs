//! Making room for a new grant where an application may have only so many sign-ins of a person at once.

use std::sync::Arc;

use protocol::{
    client::Client,
    grant::limit,
    record::{Grant, Session},
    time::Time,
};
use store::{StoreError, Tx};

use crate::{app::App, audit::token::grants_revoked, hook, tenant::Tenant};

/// Ends the oldest sign-ins beyond the limit, before the grant from `session` is written. [`Made::record`] tells the audit log once
/// that is committed.
pub(super) async fn make(
    app: &App,
    tx: &mut Tx,
    (tenant, client): (&Arc<Tenant>, &Client),
    session: &Session,
    now: Time,
) -> Result<Made, StoreError> {
    let Some(most) = client.max_allowed_grants else {
        return Ok(Made::default());
    };
    let (user_id, client_id) = (&session.user_id, &client.id);
    let held = store::grant::lock_of_application(tx, &tenant.id, user_id, client_id, now).await?;
    let excess = limit::excess(&held, &session.id, most);
    for id in &excess.grant_ids {
        store::grant::delete(tx, &tenant.id, id).await?;
    }
    if !excess.grant_ids.is_empty() {
        hook::interaction::limited(app, tx, tenant, (user_id, client_id), most, &excess).await?;
    }
    Ok(Made {
        ended: excess.grant_ids,
    })
}

/// What ended.
#[derive(Debug, Default)]
#[must_use]
pub(super) struct Made {
    ended: Vec<String>,
}

impl Made {
    /// Writes it down.
    pub(super) async fn record(self, app: &App, tenant: &Arc<Tenant>, grant: &Grant) {
        if !self.ended.is_empty() {
            let reason = "more sign-ins than the application allows";
            grants_revoked(app, tenant, &grant.client_id, &self.ended, reason).await;
        }
    }
}
