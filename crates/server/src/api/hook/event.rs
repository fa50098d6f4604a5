//! The events that a hook can be told of, by name.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::ObjectBuilder},
};

use crate::{error::ApiError, hook::Event};

/// The name of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventName(pub(super) Event);

impl<'de> Deserialize<'de> for EventName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let event = Event::named(&name);
        event
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("there is no event {name:?}")))
    }
}

impl PartialSchema for EventName {
    fn schema() -> RefOr<Schema> {
        let names = Event::ALL.iter().map(|event| event.as_str());
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .enum_values(Some(names))
            .into()
    }
}

impl ToSchema for EventName {
    fn name() -> Cow<'static, str> {
        "HookEvent".into()
    }
}

/// The names of these events, each once. A list without any is refused.
pub(super) fn names(events: &[EventName]) -> Result<Vec<String>, ApiError> {
    let mut names: Vec<String> = Vec::new();
    for EventName(event) in events {
        if !names.iter().any(|name| name == event.as_str()) {
            names.push(event.as_str().to_owned());
        }
    }
    if names.is_empty() {
        return Err(ApiError::Input {
            part: "body",
            details: "events: too_small: expected at least one event".to_owned(),
        });
    }
    Ok(names)
}
