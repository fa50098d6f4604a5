//! A small HTTP/1.1 client that keeps its connection: the load must cost less than what it measures.

use anyhow::{Context, Result};
use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A request that can be sent again and again.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) path: String,
    /// Header names and values.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// A form.
    pub(crate) body: String,
}

impl Request {
    /// A GET without headers.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A POST of a form.
    pub(crate) fn form(path: impl Into<String>, body: String) -> Self {
        let headers = vec![(
            "content-type",
            "application/x-www-form-urlencoded".to_owned(),
        )];
        Self {
            method: "POST",
            path: path.into(),
            headers,
            body,
        }
    }

    /// The same with one header more.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: hyper::HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

impl Answer {
    /// Where a redirect points.
    pub(crate) fn location(&self) -> Result<&str> {
        let location = self
            .headers
            .get("location")
            .with_context(|| format!("no redirect but {}: {}", self.status, self.text()))?;
        Ok(location.to_str()?)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A string member of a JSON body.
    pub(crate) fn member(&self, name: &str) -> Result<String> {
        let json: serde_json::Value =
            serde_json::from_slice(&self.body).with_context(|| self.text())?;
        let value = json
            .get(name)
            .and_then(serde_json::Value::as_str)
            .with_context(|| format!("no {name} in {json}"))?;
        Ok(value.to_owned())
    }
}

/// One kept connection.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Connection {
    /// Connects to a port of this machine.
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: format!("localhost:{port}"),
        })
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Answer> {
        let mut builder = hyper::Request::builder()
            .method(request.method)
            .uri(&request.path)
            .header("host", &self.host);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        self.sender.ready().await?;
        let response = self
            .sender
            .send_request(builder.body(Full::from(request.body.clone()))?)
            .await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }
}
