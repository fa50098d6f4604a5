//! Lists in bodies.

use std::{borrow::Cow, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use store::{Listed, Page};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::ArrayBuilder},
};

/// The most entries that a list may have: one request is one transaction.
pub const MOST: usize = 2000;

/// A list of `MIN` to [`MOST`] entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Bounded<const MIN: usize>(Vec<String>);

/// Ids, or none.
pub type Ids = Bounded<0>;
/// At least one id.
pub type SomeIds = Bounded<1>;

impl<const MIN: usize> Default for Bounded<MIN> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<const MIN: usize> Deref for Bounded<MIN> {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

/// A list that the server made, to be shown.
impl From<Vec<String>> for Ids {
    fn from(ids: Vec<String>) -> Self {
        Self(ids)
    }
}

impl<'de, const MIN: usize> Deserialize<'de> for Bounded<MIN> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<String>::deserialize(deserializer)?;
        if list.len() < MIN || list.len() > MOST {
            return Err(D::Error::custom(format!(
                "expected {MIN} to {MOST} entries, received {}",
                list.len()
            )));
        }
        if list.iter().any(String::is_empty) {
            return Err(D::Error::custom("an entry is empty"));
        }
        Ok(Self(list))
    }
}

impl<const MIN: usize> PartialSchema for Bounded<MIN> {
    fn schema() -> RefOr<Schema> {
        let id = super::text::Text::<1, 256>::schema();
        ArrayBuilder::new()
            .items(id)
            .min_items(Some(MIN))
            .max_items(Some(MOST))
            .into()
    }
}

impl<const MIN: usize> ToSchema for Bounded<MIN> {
    fn name() -> Cow<'static, str> {
        format!("Ids{MIN}").into()
    }
}

/// Part of a list that is short enough to be read as a whole.
pub fn window<T>(rows: Vec<T>, page: Page) -> Listed<T> {
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let at = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    Listed {
        rows: rows
            .into_iter()
            .skip(at(page.offset))
            .take(at(page.limit))
            .collect(),
        total,
    }
}

#[cfg(test)]
mod tests {
    use super::{Ids, MOST, SomeIds};

    #[test]
    fn a_list_has_a_limited_number_of_entries() {
        assert!(serde_json::from_str::<Ids>("[]").is_ok());
        assert!(serde_json::from_str::<SomeIds>("[]").is_err());
        assert!(serde_json::from_str::<SomeIds>(r#"[""]"#).is_err());
        let long = serde_json::to_string(&vec!["a"; MOST + 1]).unwrap();
        assert!(serde_json::from_str::<SomeIds>(&long).is_err());
        assert_eq!(
            serde_json::from_str::<SomeIds>(r#"["a"]"#).unwrap().len(),
            1
        );
    }
}
