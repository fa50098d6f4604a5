//! Factories for tests: messages go to a file, and a provider vouches for whomever the test names.

use super::{
    Factory, Platform, Purpose,
    field::{Field, templates, text},
};

const fn mock(factory: Factory) -> Factory {
    Factory {
        is_mock: true,
        ..factory
    }
}

const MAIL: &[Field] = &[
    text("apiKey", "API key").secret(),
    text("fromEmail", "From address"),
    text("fromName", "From name").optional(),
    templates(&["content"]),
];

pub(super) const FACTORIES: &[Factory] = &[
    mock(Factory::message(
        Purpose::Email,
        "mock-email-service",
        "mock-mail",
        "Mock e-mail",
        "Writes e-mail into a file, for tests.",
        MAIL,
    )),
    mock(Factory::message(
        Purpose::Email,
        "mock-email-service-alternative",
        "mock-mail-alternative",
        "Mock e-mail, alternative",
        "Writes e-mail into a file, for tests.",
        MAIL,
    )),
    mock(Factory::message(
        Purpose::Sms,
        "mock-short-message-service",
        "mock-sms",
        "Mock SMS",
        "Writes SMS into a file, for tests.",
        &[
            text("accountSID", "Account SID"),
            text("authToken", "Auth token").secret(),
            text("fromMessagingServiceSID", "Messaging service SID"),
            templates(&["content"]),
        ],
    )),
    Factory {
        platform: Some(Platform::Universal),
        stores_tokens: true,
        ..mock(Factory::message(
            Purpose::Social,
            "mock-social-connector",
            "mock-social",
            "Mock social",
            "Vouches for whomever a test names.",
            &[
                text("clientId", "Client id"),
                text("clientSecret", "Client secret").secret(),
            ],
        ))
    },
];
