//! The parameters of a request as they were sent.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use crate::error::OAuthError;

/// Names and values in the order they were sent, nothing believed yet.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query or a form body (`application/x-www-form-urlencoded`).
    pub fn parse(form: &str) -> Self {
        Self(
            form_urlencoded::parse(form.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// Writes them as a query.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    /// The one value of `name`. One without a value counts as left out (RFC 6749 §3.1).
    ///
    /// Refuses a parameter that stands twice, or whose value holds a NUL.
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, OAuthError> {
        let mut values = self.all(name);
        let value = values.next();
        if values.next().is_some() {
            return Err(OAuthError::invalid_request(format!(
                "{name} must not be sent twice"
            )));
        }
        if value.is_some_and(|value| value.contains('\0')) {
            return Err(OAuthError::invalid_request(format!(
                "{name} must not hold a NUL character"
            )));
        }
        Ok(value)
    }

    /// The value of `name` where a wrong one is as good as none.
    pub fn lenient(&self, name: &'static str) -> Option<&str> {
        self.one(name).ok().flatten()
    }

    /// Every value of `name` that is not empty.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Names and values, in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The parameters without those called `name`.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// The parameters and one more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// Names only: values may be hints and tokens.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Parameters;

    #[test]
    fn a_parameter_without_a_value_is_treated_as_omitted() {
        let parameters = Parameters::parse("state=&scope=openid+email&state=a%20b");
        assert_eq!(parameters.one("state"), Ok(Some("a b")));
        assert_eq!(parameters.one("scope"), Ok(Some("openid email")));
        assert_eq!(parameters.one("nonce"), Ok(None));
    }

    #[test]
    fn t08_a_parameter_must_not_be_included_more_than_once() {
        let parameters = Parameters::parse("state=a&state=a");
        assert!(parameters.one("state").is_err());
        assert_eq!(parameters.lenient("state"), None);
    }

    #[test]
    fn t53_nul_characters_are_refused() {
        assert!(Parameters::parse("state=a%00b").one("state").is_err());
    }

    #[test]
    fn t55_values_are_not_printed() {
        let shown = format!("{:?}", Parameters::parse("one_time_token=swordfish"));
        assert_eq!(shown, "[\"one_time_token\"]");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(pairs in prop::collection::vec((".*", ".*"), 0..5)) {
            let parameters: Parameters = pairs.into_iter().collect();
            prop_assert_eq!(Parameters::parse(&parameters.to_query()), parameters);
        }
    }
}
