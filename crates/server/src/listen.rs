//! The sockets: plain HTTP/1 and HTTP/2, or TLS when a certificate is configured.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::Path,
    time::Duration,
};

use axum::Router;
use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};

/// A client that has not sent its headers after this long is a slow-loris, not a browser.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long open requests may go on after the signal to stop.
pub const DRAIN: Duration = Duration::from_secs(20);

/// Opens the first of `candidates` that can be bound.
///
/// # Errors
/// When none can: the port is taken or may not be used.
pub fn open(candidates: &[SocketAddr]) -> io::Result<TcpListener> {
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for candidate in candidates {
        match TcpListener::bind(candidate) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                return Ok(listener);
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Answers requests on `listener` until `handle` says stop.
///
/// # Errors
/// When the socket fails.
pub async fn answer(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let plain = axum_server::from_tcp(listener)?.handle(handle);
    if let Some(tls) = tls {
        let acceptor = RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor);
        let mut server = plain.acceptor(acceptor);
        bound_headers(server.http_builder());
        server.serve(service).await
    } else {
        let mut server = plain.acceptor(NoDelayAcceptor);
        bound_headers(server.http_builder());
        server.serve(service).await
    }
}

fn bound_headers(builder: &mut Builder<TokioExecutor>) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT);
}

/// Reads the certificate and key that `HTTPS_CERT_PATH` and `HTTPS_KEY_PATH` name.
///
/// # Errors
/// When a file cannot be read or does not hold what it should.
pub async fn certificate(certificate: &Path, key: &Path) -> io::Result<RustlsConfig> {
    RustlsConfig::from_pem_file(certificate, key).await
}
