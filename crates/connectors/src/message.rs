//! Messages to people: e-mail and SMS.

mod http;
mod mock;
mod smtp;
mod template;

use std::path::Path;

use identity::message::{Template, TemplateType};
use serde_json::{Map, Value};

use crate::{error::ConnectorError, http::Guarded};

/// A message that goes to one person.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// An e-mail address, or a phone number in digits.
    pub to: &'a str,
    /// The occasion.
    pub usage: TemplateType,
    /// What the placeholders of the template stand for.
    pub payload: &'a Map<String, Value>,
    /// The address from which the person asked for it.
    pub ip: Option<&'a str>,
    /// The tenant's own template for e-mail of this occasion; without one the connector's counts.
    pub template: Option<&'a Template>,
}

/// Whether messages can be sent with connectors of this factory.
pub fn is_built(factory: &str) -> bool {
    matches!(
        factory,
        "simple-mail-transfer-protocol" | "http-email" | "http-sms"
    ) || factory.starts_with("mock-")
}

/// Sends a message with a connector of this factory; `mocks` is where the connectors for tests write theirs.
///
/// Returns when the other side has taken it, which does not mean that it arrived.
pub async fn send(
    http: &Guarded,
    factory: &str,
    config: &Map<String, Value>,
    message: &Message<'_>,
    mocks: Option<&Path>,
) -> Result<(), ConnectorError> {
    match (factory, mocks) {
        ("simple-mail-transfer-protocol", _) => {
            let template = template::choose(config, message)?.fill(message.payload);
            smtp::send(http, config, message.to, &template).await
        }
        ("http-email" | "http-sms", _) => http::send(http, config, message).await,
        ("mock-email-service" | "mock-email-service-alternative", Some(directory)) => mock::write(
            directory,
            "logto_mock_email_record.txt",
            "address",
            config,
            message,
        ),
        ("mock-short-message-service", Some(directory)) => mock::write(
            directory,
            "logto_mock_sms_record.txt",
            "phone",
            config,
            message,
        ),
        _ => Err(ConnectorError::NotImplemented(
            "this release cannot send messages with this kind of connector",
        )),
    }
}
