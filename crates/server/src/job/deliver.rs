//! Makes the calls that wait in `deliveries`: applications are told of the end of a session.

use std::time::Duration;

use connectors::http::Call;
use store::delivery::{self, Delivery};

use super::{Stop, pause};
use crate::{app::App, backchannel};

/// How often the queue is looked at.
const PERIOD: Duration = Duration::from_secs(1);
/// How many calls are taken at once.
const BATCH: i64 = 20;
/// Seconds for which the calls that were taken belong to this node.
const LEASE: i64 = 60;
/// After this many failures a call is given up: with the growing pauses that is about a day.
const TRIES: i64 = 10;

/// Once a second, and again at once while there is more.
pub async fn run(app: App, mut stop: Stop) {
    while pause(&mut stop, PERIOD).await {
        if let Err(error) = once(&app).await {
            tracing::warn!("waiting calls could not be made: {error}");
        }
    }
}

async fn once(app: &App) -> Result<(), store::StoreError> {
    let mut tx = app.db().begin().await?;
    let due = delivery::claim(&mut tx, BATCH, LEASE, app.now()).await?;
    if due.is_empty() {
        return Ok(());
    }
    tx.commit().await?;
    for delivery in due {
        settle(app, &delivery).await?;
    }
    Ok(())
}

async fn settle(app: &App, delivery: &Delivery) -> Result<(), store::StoreError> {
    let outcome = attempt(app, delivery).await;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    match outcome {
        Ok(()) => delivery::done(&mut tx, &delivery.tenant_id, &delivery.id).await?,
        Err(why) if delivery.attempts >= TRIES => {
            tracing::warn!(url = %delivery.url, kind = %delivery.kind, "given up after {TRIES} tries: {why}");
            delivery::done(&mut tx, &delivery.tenant_id, &delivery.id).await?;
        }
        Err(why) => {
            tracing::info!(url = %delivery.url, kind = %delivery.kind, tries = delivery.attempts, "not delivered yet: {why}");
            let again = delivery::backoff(delivery.attempts, now);
            delivery::retry(&mut tx, &delivery.tenant_id, &delivery.id, &why, again).await?;
        }
    }
    tx.commit().await
}

async fn attempt(app: &App, delivery: &Delivery) -> Result<(), String> {
    let form = backchannel::form(app, delivery, app.now()).map_err(|error| error.to_string())?;
    let Some(form) = form else { return Ok(()) };
    let form: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect();
    let call = Call {
        form: Some(&form),
        ..Call::default()
    };
    let answer = app
        .http()
        .call(&delivery.url, call)
        .await
        .map_err(|error| error.to_string())?;
    match answer.status {
        // An application that does not know the session has nothing left to end (Back-Channel Logout §2.8).
        200..300 | 400 => Ok(()),
        status => Err(format!("status {status}")),
    }
}
