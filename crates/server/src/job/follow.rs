//! Follows changes of the settings that another node or a command made.

use super::{Stop, told};
use crate::app::App;

/// Reloads the settings whenever they have another number in the database than in memory.
pub async fn run(app: App, mut stop: Stop) {
    let mut changes = store::snapshot::listen(app.db(), app.snapshot().version).await;
    loop {
        tokio::select! {
            _ = changes.next() => reload(&app).await,
            () = told(&mut stop) => return,
        }
    }
}

async fn reload(app: &App) {
    if let Err(error) = app.reload().await {
        tracing::warn!("the settings could not be read again, the old ones stay: {error}");
    }
}
