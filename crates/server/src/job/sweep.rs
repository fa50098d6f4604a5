//! Removes what has expired.

use std::time::Duration;

use store::StoreError;

use super::{Stop, pause};
use crate::app::App;

const PERIOD: Duration = Duration::from_mins(1);
/// For how many days it is remembered who was active.
const DASHBOARD_DAYS: i64 = 400;

/// Once a minute, in small batches.
pub async fn run(app: App, mut stop: Stop) {
    while pause(&mut stop, PERIOD).await {
        match store::sweep::run(app.db(), app.now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "removed what had expired"),
            Err(error) => tracing::warn!("expired rows could not be removed: {error}"),
        }
        match logs(&app).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "removed old logs"),
            Err(error) => tracing::warn!("old logs could not be removed: {error}"),
        }
    }
}

/// Removes logs that are older than the operator wants, and days too long ago for the dashboard; how many rows there were.
///
/// # Errors
/// When the database fails.
pub async fn logs(app: &App) -> Result<u64, StoreError> {
    let mut removed = 0;
    let today = app.now().0.div_euclid(86_400);
    for tenant in store::tenant::list(app.db()).await? {
        if let Some(days) = app.config().audit.retention_days {
            let before = app.now_millis() - days * 86_400_000;
            removed += store::log::forget(app.db(), &tenant, before).await?;
        }
        let before = today - DASHBOARD_DAYS;
        removed += store::daily_active_user::forget(app.db(), &tenant, before).await?;
    }
    Ok(removed)
}
