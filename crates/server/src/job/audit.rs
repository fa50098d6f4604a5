//! Writes the audit log.

use std::time::Duration;

use super::{Stop, told};
use crate::app::App;

/// How long an entry waits in memory at most.
const PERIOD: Duration = Duration::from_millis(500);

/// Writes twice a second, and at once when much has come together.
pub async fn run(app: App, mut stop: Stop) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = app.audit().much() => {}
            () = told(&mut stop) => return,
        }
        if let Err(error) = app.audit().flush(&app).await {
            tracing::warn!("audit logs wait, they cannot be written: {error}");
            tokio::time::sleep(PERIOD).await;
        }
    }
}
