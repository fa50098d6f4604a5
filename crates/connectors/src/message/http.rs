//! Messages that a program of the operator sends: it is called with everything and renders by itself (`contract/logto-core.md` §8.7).

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};

use super::Message;
use crate::{error::ConnectorError, http::Guarded};

/// How long the program may take.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn send(
    http: &Guarded,
    config: &Map<String, Value>,
    message: &Message<'_>,
) -> Result<(), ConnectorError> {
    let text = |name: &str| config.get(name).and_then(Value::as_str);
    let missing = || ConnectorError::InvalidConfig("endpoint is missing".to_owned());
    let endpoint = text("endpoint").ok_or_else(missing)?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(authorization) = text("authorization") {
        let mut value = HeaderValue::from_str(authorization)
            .map_err(|_| ConnectorError::InvalidConfig("authorization is no header".to_owned()))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    let mut body = json!({
        "to": message.to,
        "type": message.usage.as_str(),
        "payload": message.payload,
    });
    if let (Some(ip), Some(members)) = (message.ip, body.as_object_mut()) {
        members.insert("ip".to_owned(), ip.into());
    }
    let body = body.to_string().into_bytes();
    let answer = http.post(endpoint, headers, body, TIMEOUT).await?;
    if answer.is_success() {
        return Ok(());
    }
    let said: String = answer.text().chars().take(2000).collect();
    Err(ConnectorError::NotSent(format!(
        "status {}: {said}",
        answer.status
    )))
}
