//! What a document took from variables: it may be secret wherever it stands, so it is never shown.

use serde_json::{Value, json};

/// Texts that came from variables, and what stands for each of them in the document.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(Vec<(String, String)>);

/// Shorter values are found as a whole only: parts of other words look the same.
const SHORTEST: usize = 4;

impl Given {
    /// A text with these variables, and how the document has it.
    pub(super) fn new(expanded: &str, written: &str, variables: &[(String, String)]) -> Self {
        if variables.is_empty() {
            return Self::default();
        }
        let whole = (expanded.to_owned(), written.to_owned());
        let values = variables
            .iter()
            .map(|(name, value)| (value.clone(), format!("${{{name}}}")));
        let mut given = Self::default();
        given.extend(Self(std::iter::once(whole).chain(values).collect()));
        given
    }

    /// These and those.
    pub(super) fn extend(&mut self, other: Self) {
        for (value, written) in other.0 {
            if !value.is_empty() && !self.0.iter().any(|(known, _)| *known == value) {
                self.0.push((value, written));
            }
        }
        // Of two that contain each other the longer one is hidden first.
        self.0
            .sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// The text without them. They are found in the case in which they may be stored, and quoted as messages quote them.
    pub(super) fn hide(&self, text: &str) -> String {
        let lower = text.to_lowercase();
        let same = self
            .0
            .iter()
            .find(|(value, _)| value.to_lowercase() == lower);
        if let Some((_, written)) = same {
            return written.clone();
        }
        let mut text = text.to_owned();
        for (value, written) in &self.0 {
            for quoted in [format!("{value:?}"), json!(value).to_string()] {
                text = text.replace(&quoted, &format!("\"{written}\""));
            }
            if value.chars().count() >= SHORTEST {
                text = text.replace(value, written);
                text = text.replace(&value.to_lowercase(), written);
            }
        }
        text
    }

    /// The value without them, however deep they stand in it.
    pub(super) fn hide_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.hide(text).into(),
            Value::Array(values) => values.iter().map(|value| self.hide_in(value)).collect(),
            Value::Object(members) => {
                let members = members.iter();
                let hidden = members.map(|(name, value)| (name.clone(), self.hide_in(value)));
                Value::Object(hidden.collect())
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Given;

    fn given() -> Given {
        let variables = [
            ("TOKEN".to_owned(), "S3cret\"1".to_owned()),
            ("ID".to_owned(), "a".to_owned()),
        ];
        let mut given = Given::new("Bearer S3cret\"1 a", "Bearer ${TOKEN} ${ID}", &variables);
        given.extend(Given::new(
            "",
            "${EMPTY}",
            &[("EMPTY".into(), String::new())],
        ));
        given
    }

    #[test]
    fn t55_what_came_from_variables_is_hidden_wherever_it_stands() {
        for (text, hidden) in [
            ("Bearer S3cret\"1 a", "Bearer ${TOKEN} ${ID}"),
            ("bearer s3cret\"1 A", "Bearer ${TOKEN} ${ID}"),
            ("S3cret\"1", "${TOKEN}"),
            ("oauth2 S3cret\"1", "oauth2 ${TOKEN}"),
            ("oauth2 s3cret\"1", "oauth2 ${TOKEN}"),
            (
                "invalid type: string \"S3cret\\\"1\", expected i64",
                "invalid type: string \"${TOKEN}\", expected i64",
            ),
            ("there is no role \"a\"", "there is no role \"${ID}\""),
            ("a", "${ID}"),
            ("a banana", "a banana"),
            ("", ""),
        ] {
            assert_eq!(given().hide(text), hidden, "{text}");
        }
        assert_eq!(
            given().hide_in(&json!({ "x": ["b", { "y": "s3cret\"1", "z": 1 }] })),
            json!({ "x": ["b", { "y": "${TOKEN}", "z": 1 }] })
        );
        let none = Given::new("$${", "$${", &[]);
        assert_eq!(none.hide("$${"), "$${");
    }
}
