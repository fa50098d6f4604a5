//! Sets of scope values.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Scope values in the order they were first named, each once (RFC 6749 §3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(Vec<String>);

impl ScopeSet {
    /// Reads a space-separated list. Values with characters outside `%x21 / %x23-5B / %x5D-7E` are left out: no scope can have that name.
    pub fn parse(text: &str) -> Self {
        text.split(' ')
            .filter(|value| is_scope_token(value))
            .collect()
    }

    /// Whether the set names `value`.
    pub fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|known| known == value)
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Adds `value` unless it is there.
    pub fn insert(&mut self, value: &str) {
        if !self.contains(value) {
            self.0.push(value.to_owned());
        }
    }

    /// The values of `self` that satisfy `keep`, in order.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        self.iter().filter(|value| keep(value)).collect()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

fn is_scope_token(value: &str) -> bool {
    !value.is_empty()
        && value
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

impl<'a> FromIterator<&'a str> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(values: I) -> Self {
        let mut set = Self::default();
        for value in values {
            set.insert(value);
        }
        set
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ScopeSet;

    #[test]
    fn values_keep_their_order_and_stand_once() {
        assert_eq!(
            ScopeSet::parse("openid  email openid").to_string(),
            "openid email"
        );
    }

    #[test]
    fn t53_values_no_scope_can_have_are_left_out() {
        assert_eq!(ScopeSet::parse("a\"b ok \u{0} é c\\d").to_string(), "ok");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(text in ".*") {
            let set = ScopeSet::parse(&text);
            prop_assert_eq!(ScopeSet::parse(&set.to_string()), set);
        }
    }
}
