//! A host on loopback that serves documents of clients over HTTPS, well and badly.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{CertificateParams, KeyPair};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivatePkcs8KeyDer},
};

/// How a path answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// Status line and headers without the last empty line, such as `200 OK\r\ncache-control: no-store`.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: String,
    /// How long it thinks first.
    pub(crate) pause: Duration,
    /// Sends the body again and again, with the pause between.
    pub(crate) endless: bool,
}

impl Reply {
    /// JSON.
    pub(crate) fn json(body: impl ToString) -> Self {
        Self::new("200 OK\r\ncontent-type: application/json", body)
    }

    /// Anything.
    pub(crate) fn new(head: &str, body: impl ToString) -> Self {
        Self {
            head: head.to_owned(),
            body: body.to_string(),
            pause: Duration::ZERO,
            endless: false,
        }
    }
}

/// The host. It has a certificate for `localhost` and `127.0.0.1`.
#[derive(Clone)]
pub(crate) struct DocumentHost {
    pub(crate) port: u16,
    /// The certificate in PEM form: whom to trust.
    pub(crate) authority: String,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl DocumentHost {
    pub(crate) async fn start() -> Self {
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names).unwrap();
        let certificate = certificate.self_signed(&key).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let text = STANDARD.encode(certificate.der());
        let host = Self {
            port: listener.local_addr().unwrap().port(),
            authority: format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"),
            replies: Arc::default(),
            asked: Arc::default(),
        };
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let serving = host.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().answer(acceptor.clone(), stream));
            }
        });
        host
    }

    /// The address of a path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// Answers so at `path` from now on.
    pub(crate) fn serve(&self, path: &str, reply: Reply) {
        let mut replies = self.replies.lock().unwrap();
        replies.insert(path.to_owned(), reply);
    }

    /// How often `path` was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|known| *known == path).count()
    }

    async fn answer(self, acceptor: TlsAcceptor, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = acceptor.accept(stream).await?;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await?);
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(path.clone());
        let reply = self.replies.lock().unwrap().get(&path).cloned();
        let reply = reply.unwrap_or_else(|| Reply::new("404 Not Found", ""));
        sleep(reply.pause).await;
        let head = format!("HTTP/1.1 {}\r\nconnection: close\r\n\r\n", reply.head);
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(reply.body.as_bytes()).await?;
        if !reply.endless {
            return stream.shutdown().await;
        }
        loop {
            sleep(reply.pause).await;
            stream.write_all(reply.body.as_bytes()).await?;
        }
    }
}
