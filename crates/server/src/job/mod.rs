//! Work beside the requests. Each job is a loop that ends when the server is told to stop.

pub mod audit;
pub mod deliver;
pub mod follow;
pub mod hook;
pub mod promote;
pub mod sweep;

use tokio::sync::watch;

/// Says when to stop.
pub type Stop = watch::Receiver<bool>;

/// Waits for `duration`, or less when the server is told to stop; whether to go on.
async fn pause(stop: &mut Stop, duration: std::time::Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(duration) => true,
        () = told(stop) => false,
    }
}

/// Waits until the server is told to stop.
async fn told(stop: &mut Stop) {
    // An error means that nobody is left who could say it: the server is gone.
    let _ = stop.wait_for(|stopping| *stopping).await;
}
