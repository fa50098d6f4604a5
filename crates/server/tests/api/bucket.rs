//! A server of S3's protocol on loopback, which checks signatures.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use object_store::client::{DnsFuture, DnsResolver};
use rcgen::{CertificateParams, KeyPair};
use s3s::{auth::SimpleAuth, host::MultiDomain, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivatePkcs8KeyDer},
};

/// The bucket's name.
pub(crate) const NAME: &str = "files";
/// Who may write.
pub(crate) const KEY_ID: &str = "ann";
/// With what.
pub(crate) const SECRET: &str = "swordfish";

/// A running server with one bucket.
pub(crate) struct Bucket {
    /// Its address.
    pub endpoint: String,
    /// A name of it, with the port, below which it has its bucket; see [`Bucket::resolver`].
    pub domain: String,
    /// Where it keeps files.
    pub folder: TempDir,
}

impl Bucket {
    pub(crate) async fn start() -> Self {
        Self::open(None).await
    }

    /// Over TLS, with a certificate that nobody signed: its PEM comes with it.
    pub(crate) async fn start_encrypting() -> (Self, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        let text = STANDARD.encode(certificate.der());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
        (
            Self::open(Some(TlsAcceptor::from(Arc::new(tls)))).await,
            pem,
        )
    }

    async fn open(tls: Option<TlsAcceptor>) -> Self {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(NAME)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (address, domain) = (format!("127.0.0.1:{port}"), format!("s3.test:{port}"));
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        builder.set_host(MultiDomain::new([&address, &domain]).unwrap());
        let service = builder.build();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (service, tls) = (service.clone(), tls.clone());
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    let Some(tls) = tls else {
                        let socket = TokioIo::new(socket);
                        return drop(server.serve_connection(socket, service).await);
                    };
                    if let Ok(socket) = tls.accept(socket).await {
                        let socket = TokioIo::new(socket);
                        drop(server.serve_connection(socket, service).await);
                    }
                });
            }
        });
        Self {
            endpoint: format!("{scheme}://{address}"),
            domain,
            folder,
        }
    }

    /// Finds every name on loopback.
    #[expect(clippy::unused_self, reason = "it is only good for this server")]
    pub(crate) fn resolver(&self) -> Arc<dyn DnsResolver> {
        Arc::new(Loopback)
    }
}

#[derive(Debug)]
struct Loopback;

impl DnsResolver for Loopback {
    fn resolve(&self, _: &str) -> DnsFuture {
        Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) })
    }
}
