//! The query of a request, in the form that the route asks for.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use url::form_urlencoded;

use crate::{app::App, error::ApiError};

/// Query parameters. Those that the route does not know are dropped; a parameter without a value counts as left out.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The parameters of a query that have a value.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let given: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs(query))
        .finish();
    serde_html_form::from_str(&given).map_err(|error| ApiError::Input {
        part: "query",
        details: error.to_string(),
    })
}

/// A switch: present with anything but `false` or `0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truthy(pub bool);

impl<'de> Deserialize<'de> for Truthy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(!matches!(text.as_str(), "false" | "0" | "")))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Truthy, read};

    #[derive(Debug, Deserialize)]
    struct Asked {
        #[serde(default)]
        types: Vec<String>,
        #[serde(default)]
        full: Truthy,
        limit: Option<u8>,
    }

    #[test]
    fn parameters_may_repeat_and_be_empty() {
        let asked: Asked = read("types=a&types=b&full=true&limit=&other=1").unwrap();
        assert_eq!(asked.types, ["a", "b"]);
        assert!(asked.full.0);
        assert_eq!(asked.limit, None);
        assert!(!read::<Asked>("full=false").unwrap().full.0);
        assert!(read::<Asked>("limit=many").is_err());
    }
}
