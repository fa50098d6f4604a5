//! A receiver of webhooks: a real HTTP server on loopback that checks signatures as its kind does.

use std::{
    collections::VecDeque,
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::Value;

/// A call that came.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub headers: HeaderMap,
    pub raw: Bytes,
    pub body: Value,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Whether the signature is that of exactly these bytes under this key.
    pub(crate) fn is_signed_with(&self, key: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        let mut expected = String::new();
        for byte in hmac::sign(&key, &self.raw).as_ref() {
            write!(expected, "{byte:02x}").unwrap();
        }
        self.header("logto-signature-sha-256") == expected
    }
}

/// Answers with what it was told to, else with 200.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let router = Router::new()
            .route("/hook", post(Self::receive))
            .with_state(receiver.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        receiver
    }

    async fn receive(
        State(receiver): State<Self>,
        headers: HeaderMap,
        raw: Bytes,
    ) -> (StatusCode, &'static str) {
        let body = serde_json::from_slice(&raw).unwrap_or_default();
        let call = Call { headers, raw, body };
        receiver.calls.lock().unwrap().push(call);
        let answer = receiver.answers.lock().unwrap().pop_front().unwrap_or(200);
        if answer == 0 {
            tokio::time::sleep(Duration::from_hours(1)).await;
        }
        (StatusCode::from_u16(answer).unwrap(), r#"{"got":"it"}"#)
    }

    /// What the next calls are answered with; 0 never answers.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    /// The calls that came since the last look.
    pub(crate) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// The names of the events that came since the last look.
    pub(crate) fn events(&self) -> Vec<String> {
        let calls = self.calls();
        let events = calls.iter().map(|call| &call.body["event"]);
        events
            .map(|event| event.as_str().unwrap().to_owned())
            .collect()
    }
}
