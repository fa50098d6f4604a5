//! A member of a change: left out, `null`, or a value.

use serde::{Deserialize, Deserializer};

/// What a change says of a member that may be `null`.
///
/// Use it with `#[serde(default)]`, and tell the document `#[schema(value_type = Option<T>)]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Nothing: it stays.
    #[default]
    Keep,
    /// `null`: it goes.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// What the member is afterwards.
    pub fn apply(self, held: Option<T>) -> Option<T> {
        match self {
            Self::Keep => held,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same for another type.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(change(value)),
        }
    }

    /// Whether it says nothing.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// `None` for nothing, `Some(None)` for `null`.
    pub fn into_option(self) -> Option<Option<T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::Patch;

    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        name: Patch<String>,
    }

    #[test]
    fn left_out_null_and_a_value_are_three_things() {
        for (body, expected) in [
            ("{}", Patch::Keep),
            (r#"{"name":null}"#, Patch::Clear),
            (r#"{"name":"a"}"#, Patch::Set("a".to_owned())),
        ] {
            let change: Change = serde_json::from_str(body).unwrap();
            assert_eq!(change.name, expected);
        }
    }
}
