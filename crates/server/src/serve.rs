//! `hufu serve`: from a configuration to open sockets, and back to a clean end.

use anyhow::{Context, Result};
use axum_server::Handle;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    app::App, banner, clock::Clock, config::Config, first_administrator, job, listen, prepare,
    router::router,
};

/// Serves until the process is told to stop (SIGTERM or Ctrl-C), then lets open requests end.
///
/// # Errors
/// When the database cannot be used, a port cannot be opened, or a certificate cannot be read.
pub async fn serve(config: Config) -> Result<()> {
    let clock = Clock::System;
    let sockets = sockets(&config)?;
    let (db, vault) = prepare::database_patiently(&config, &clock).await?;
    let app = App::start(config, db, vault, clock).await?;
    let welcome = first_administrator::prepare(&app).await?;

    let tls = match &app.config().listen.tls {
        Some(tls) => Some(
            listen::certificate(&tls.certificate, &tls.key)
                .await
                .context("the certificate cannot be read")?,
        ),
        None => None,
    };
    let handle = Handle::new();
    let mut servers = JoinSet::new();
    let router = router(app.clone());
    for socket in sockets {
        servers.spawn(listen::answer(
            socket,
            tls.clone(),
            router.clone(),
            handle.clone(),
        ));
    }
    banner::print(&app, &welcome);

    let (stop, stopping) = watch::channel(false);
    let mut jobs = JoinSet::new();
    jobs.spawn(job::deliver::run(app.clone(), stopping.clone()));
    jobs.spawn(job::audit::run(app.clone(), stopping.clone()));
    jobs.spawn(job::hook::run(app.clone(), stopping.clone()));
    jobs.spawn(job::follow::run(app.clone(), stopping.clone()));
    jobs.spawn(job::sweep::run(app.clone(), stopping.clone()));
    jobs.spawn(job::promote::run(app.clone(), stopping.clone()));

    let failed = tokio::select! {
        () = told_to_stop() => None,
        Some(ended) = servers.join_next() => Some(ended),
    };
    let _ = stop.send(true);
    handle.graceful_shutdown(Some(listen::DRAIN));
    while servers.join_next().await.is_some() {}
    jobs.join_all().await;
    if let Err(error) = app.audit().flush(&app).await {
        tracing::error!("the last audit logs could not be written: {error}");
    }
    app.db().close().await;
    match failed {
        Some(ended) => ended?.context("a socket failed"),
        None => Ok(()),
    }
}

/// Opens the ports before anything else: two servers on one machine should not both touch the database first.
fn sockets(config: &Config) -> Result<Vec<std::net::TcpListener>> {
    let ports = [Some(config.listen.port), config.listen.admin_port];
    let open = |port| {
        listen::open(&config.listen.candidates(port))
            .with_context(|| format!("port {port} cannot be opened"))
    };
    ports.into_iter().flatten().map(open).collect()
}

/// Waits for SIGTERM or Ctrl-C.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
