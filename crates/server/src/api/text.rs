//! Text of a limited length: what the database's columns hold (`contract/logto-api.md` §9).

use std::{borrow::Cow, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::ObjectBuilder},
};

/// A text of `MIN` to `MAX` characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The text.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> From<Text<MIN, MAX>> for String {
    fn from(text: Text<MIN, MAX>) -> Self {
        text.0
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if length < MIN || length > MAX {
            let wanted = format!("too_{}", if length < MIN { "small" } else { "big" });
            return Err(D::Error::custom(format!(
                "{wanted}: expected {MIN} to {MAX} characters, received {length}"
            )));
        }
        Ok(Self(text))
    }
}

impl<const MIN: usize, const MAX: usize> PartialSchema for Text<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .min_length(Some(MIN))
            .max_length(Some(MAX))
            // PostgreSQL's texts have no NUL.
            .pattern(Some(r"^[^\u0000]*$"))
            .into()
    }
}

impl<const MIN: usize, const MAX: usize> ToSchema for Text<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("Text{MIN}To{MAX}").into()
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn its_length_is_counted_in_characters() {
        for (text, fits) in [("", false), ("虎", true), ("虎符虎", true), ("abcd", false)] {
            let read: Result<Text<1, 3>, _> = serde_json::from_value(text.into());
            assert_eq!(read.is_ok(), fits, "{text}");
        }
    }
}
