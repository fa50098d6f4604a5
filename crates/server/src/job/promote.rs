//! Lets waiting signing keys take over when their time has come (`contract/logto-core.md` §3.7).

use std::time::Duration;

use super::{Stop, pause};
use crate::{
    app::App,
    operation::{OperationError, key::promote_due},
};

/// A key has been published for the whole grace period by then; some seconds more do no harm.
const PERIOD: Duration = Duration::from_secs(10);

/// Looks every ten seconds.
pub async fn run(app: App, mut stop: Stop) {
    while pause(&mut stop, PERIOD).await {
        if let Err(error) = once(&app).await {
            tracing::warn!("waiting keys could not take over: {error}");
        }
    }
}

/// Promotes what is due in every tenant.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<(), OperationError> {
    for tenant in store::tenant::list(app.db()).await? {
        let promoted = promote_due(app.db(), &tenant, app.now()).await?;
        if promoted > 0 {
            tracing::info!(tenant, promoted, "waiting signing keys have taken over");
        }
    }
    Ok(())
}
