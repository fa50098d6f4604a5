//! A server of S3's protocol on loopback, which checks signatures.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use object_store::client::{DnsFuture, DnsResolver};
use s3s::{auth::SimpleAuth, host::MultiDomain, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;

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
                let service = service.clone();
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    let _ = server.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self {
            endpoint: format!("http://{address}"),
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
