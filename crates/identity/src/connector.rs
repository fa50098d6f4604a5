//! A configured way to an outside service.

use serde_json::{Map, Value};

/// A configured connector (`contract/logto-core.md` §8.1).
#[derive(Clone, PartialEq)]
pub struct Connector {
    /// 12 lower-case letters and digits: part of the callback address.
    pub id: String,
    /// The factory: `github-universal`, `oauth2`, `oidc`, ….
    pub factory: String,
    /// What the provider is known as in `users.identities` and `direct_sign_in`.
    pub target: String,
    /// Name on the button.
    pub name: String,
    /// Address of the provider's logo; `None` shows the built-in one.
    pub logo: Option<String>,
    /// The same for dark pages.
    pub logo_dark: Option<String>,
    /// The factory's configuration, secrets included.
    pub config: Map<String, Value>,
    /// Whether name and picture are taken over at every sign-in.
    pub sync_profile: bool,
}

/// A way to send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}

/// Factories whose connectors send e-mail (`contract/logto-api.md` §4.1).
const EMAIL: [&str; 9] = [
    "simple-mail-transfer-protocol",
    "sendgrid-email-service",
    "mailgun-email",
    "aws-ses-mail",
    "postmark-mail",
    "http-email",
    "mailjunky-email-service",
    "smtp2go-email-service",
    "aliyun-direct-mail",
];

/// Factories whose connectors send SMS.
const SMS: [&str; 11] = [
    "twilio-short-message-service",
    "vonage-sms",
    "http-sms",
    "gatewayapi-sms",
    "smsaero-short-message-service",
    "smsbao-sms",
    "tencent-short-message-service",
    "whatsapp-short-message-service",
    "yunpian-sms",
    "aliyun-short-message-service",
    "aliyun-short-message-auth-service",
];

impl Connector {
    /// The way in which it sends messages; `None` when people sign in with it.
    pub fn channel(&self) -> Option<Channel> {
        if EMAIL.contains(&self.factory.as_str()) {
            Some(Channel::Email)
        } else if SMS.contains(&self.factory.as_str()) {
            Some(Channel::Sms)
        } else {
            None
        }
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector")
            .field("id", &self.id)
            .field("factory", &self.factory)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
