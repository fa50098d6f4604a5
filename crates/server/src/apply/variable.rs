//! `${NAME}` in a document stands for a variable of the environment, `$${` for itself.

use std::collections::BTreeSet;

use serde_json::Value;

/// Begins a text that is to be written as a variable. Texts of the database cannot contain it.
const MARK: char = '\0';

/// The text with the values of its variables.
pub(super) fn expand(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let (mut expanded, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            expanded.push_str(before);
            expanded.push_str("${");
            rest = after;
            continue;
        }
        expanded.push_str(before);
        let Some((name, after)) = after.split_once('}').filter(|(name, _)| is_name(name)) else {
            let start: String = after.chars().take(20).collect();
            return Err(format!(
                "${{{start} is no variable; write $${{ for the characters ${{ themselves"
            ));
        };
        let value = lookup(name);
        expanded.push_str(&value.ok_or_else(|| format!("the variable {name} is not set"))?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(is_letter)
        && name
            .bytes()
            .all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

/// The variables of a document that is written, each of which stands for one secret.
#[derive(Debug, Default)]
pub(super) struct Variables(BTreeSet<String>);

impl Variables {
    /// Puts a new variable in the place of a secret; `parts` say whose it is.
    pub(super) fn conceal(&mut self, parts: &[&str], secret: &mut String) {
        let mut name = String::new();
        let mut is_inside = false;
        for character in parts.join("_").chars() {
            // `clientSecret` are two words.
            if is_inside && character.is_ascii_uppercase() {
                name.push('_');
            }
            is_inside = character.is_ascii_lowercase();
            if character.is_ascii_alphanumeric() {
                name.push(character.to_ascii_uppercase());
            } else if !name.ends_with('_') {
                name.push('_');
            }
        }
        let name = name.trim_matches('_').to_owned();
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        if let Some(free) = names.find(|name| self.0.insert(name.clone())) {
            *secret = format!("{MARK}{free}");
        }
    }

    /// Their names.
    pub(super) fn into_names(self) -> Vec<String> {
        self.0.into_iter().collect()
    }
}

/// Writes variables as they are written, and everything else so that it is not mistaken for one.
pub(super) fn escape(value: &mut Value) {
    match value {
        Value::String(text) => {
            *text = match text.strip_prefix(MARK) {
                Some(name) => format!("${{{name}}}"),
                None => text.replace("${", "$${"),
            };
        }
        Value::Array(values) => values.iter_mut().for_each(escape),
        Value::Object(members) => members.values_mut().for_each(escape),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Variables, escape, expand};

    fn lookup(name: &str) -> Option<String> {
        (name == "A_1").then(|| "${B}".to_owned())
    }

    #[test]
    fn variables_are_expanded_once() {
        for (text, expanded) in [
            ("", Ok("")),
            ("a $ b { } $$", Ok("a $ b { } $$")),
            ("x${A_1}y", Ok("x${B}y")),
            ("$${A_1}", Ok("${A_1}")),
            ("${B}", Err("the variable B is not set")),
            ("${a.b}", Err("is no variable")),
            ("${A_1", Err("is no variable")),
            ("${}", Err("is no variable")),
        ] {
            match (expand(text, &lookup), expanded) {
                (Ok(found), Ok(expanded)) => assert_eq!(found, expanded),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn each_secret_has_a_variable_of_its_own() {
        let mut variables = Variables::default();
        let mut named = |parts: &[&str]| {
            let mut secret = "s3cret".to_owned();
            variables.conceal(parts, &mut secret);
            let mut value = json!([secret]);
            escape(&mut value);
            value[0].as_str().unwrap().to_owned()
        };
        assert_eq!(named(&["hook", "My hook!", "key"]), "${HOOK_MY_HOOK_KEY}");
        assert_eq!(named(&["hook", "my hook", "key"]), "${HOOK_MY_HOOK_KEY_2}");
        assert_eq!(
            named(&["connector", "clientSecret"]),
            "${CONNECTOR_CLIENT_SECRET}"
        );
        assert_eq!(named(&["hook", "虎", "key"]), "${HOOK_KEY}");
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_expanded_to_itself(text in "[$\\{}A_\"a虎]{0,12}") {
            let mut value = json!(text);
            escape(&mut value);
            prop_assert_eq!(expand(value.as_str().unwrap(), &|_| None), Ok(text));
        }
    }
}
