//! The raw limit of a read: an axum route that answers with fixed bytes.

use std::{
    net::TcpListener,
    process::{Child, Command},
    time::Duration,
};

use anyhow::Result;
use axum::{Router, http::header, routing::get};

use crate::{http::Request, process};

/// A bare server in a process of its own, so that its processor time can be told apart.
pub(crate) struct Bare {
    child: Child,
    port: u16,
}

impl Bare {
    /// Starts a server whose only route answers with `body`.
    pub(crate) async fn start(body: &[u8]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let file = std::env::temp_dir().join(format!("hufu-bench-{port}.json"));
        std::fs::write(&file, body)?;
        let child = Command::new(std::env::current_exe()?)
            .args(["bare-axum", &port.to_string()])
            .env("BODY_FILE", &file)
            .spawn()?;
        let bare = Self { child, port };
        process::wait_until_open(port, Duration::from_secs(5)).await?;
        Ok(bare)
    }

    /// Requests answered per second of its processor time.
    pub(crate) async fn rate(
        &self,
        request: &Request,
        connections: usize,
        load: Duration,
    ) -> Result<f64> {
        let used = || process::cpu_seconds(&self.child.id().to_string());
        process::rate(used, self.port, request, connections, load).await
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The body of the child process.
pub(crate) async fn serve(port: u16) -> Result<()> {
    let body: &'static [u8] =
        Box::leak(std::fs::read(std::env::var("BODY_FILE")?)?.into_boxed_slice());
    let router = Router::new().route(
        "/",
        get(move || async move { ([(header::CONTENT_TYPE, "application/json")], body) }),
    );
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, router).await?)
}
