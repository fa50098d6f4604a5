//! Removes what has expired.

use std::time::Duration;

use super::{Stop, pause};
use crate::app::App;

const PERIOD: Duration = Duration::from_mins(1);

/// Once a minute, in small batches.
pub async fn run(app: App, mut stop: Stop) {
    while pause(&mut stop, PERIOD).await {
        match store::sweep::run(app.db(), app.now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "removed what had expired"),
            Err(error) => tracing::warn!("expired rows could not be removed: {error}"),
        }
    }
}
