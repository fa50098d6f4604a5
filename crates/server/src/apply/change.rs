//! What applying a document changes, in words.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::{Map, Value};

/// What is shown in the place of a secret.
pub(super) const SECRET: &str = "(secret)";

/// What changes of one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Whether it was not there before.
    pub is_new: bool,
    /// Such as `role`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// What of it.
    pub fields: Vec<FieldChange>,
}

/// What changes of one member, however deep it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Such as `config.clientId`.
    pub path: String,
    /// What it was.
    pub before: Option<Value>,
    /// What it becomes.
    pub after: Option<Value>,
}

/// A thing as it is, and as it may be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub(super) real: Map<String, Value>,
    pub(super) concealed: Map<String, Value>,
}

impl Change {
    /// The difference between two states of a thing; `None` before when it is new.
    pub(super) fn between(
        kind: &'static str,
        name: String,
        before: Option<&Shown>,
        after: &Shown,
    ) -> Self {
        let none = Shown::default();
        let was = before.unwrap_or(&none);
        let (real_before, real_after) = (leaves(&was.real), leaves(&after.real));
        let (before_shown, after_shown) = (leaves(&was.concealed), leaves(&after.concealed));
        let removed = real_before
            .keys()
            .filter(|path| !real_after.contains_key(*path));
        let paths = real_after.keys().chain(removed);
        let fields = paths
            .filter(|path| real_before.get(*path) != real_after.get(*path))
            .map(|path| FieldChange {
                path: path.clone(),
                before: before_shown.get(path).cloned(),
                after: after_shown.get(path).cloned(),
            });
        Self {
            is_new: before.is_none(),
            kind,
            name,
            fields: fields.collect(),
        }
    }
}

/// The members by path, those of members included. Lists are one value.
fn leaves(members: &Map<String, Value>) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (name, value) in members {
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                let inner = leaves(inner).into_iter();
                found.extend(inner.map(|(path, value)| (format!("{name}.{path}"), value)));
            }
            value => {
                found.insert(name.clone(), value.clone());
            }
        }
    }
    found
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_new { '+' } else { '~' };
        let Self { kind, name, .. } = self;
        write!(f, "{sign} {kind} {}", harmless(name))?;
        for FieldChange {
            path,
            before,
            after,
        } in &self.fields
        {
            write!(f, "\n    {}: ", harmless(path))?;
            match (before, after) {
                (Some(before), Some(after)) if before == after => {
                    f.write_str("changed (secret)")?;
                }
                (Some(before), Some(after)) => write!(f, "{} -> {}", text(before), text(after))?,
                (Some(before), None) => write!(f, "{} -> nothing", text(before))?,
                (None, after) => f.write_str(&after.as_ref().map(text).unwrap_or_default())?,
            }
        }
        Ok(())
    }
}

/// A value on one line, cut where it is long.
fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) if !text.is_empty() && text != "null" => harmless(text),
        value => harmless(&value.to_string()),
    };
    match text.char_indices().nth(200) {
        Some((place, _)) => format!("{}…", text.get(..place).unwrap_or_default()),
        None => text,
    }
}

/// The text without control characters: a document must not steer the operator's terminal.
fn harmless(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Change, SECRET, Shown};

    fn members(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn shown(name: &str, secret: &str) -> Shown {
        let of = |secret: &str| {
            members(json!({ "name": name, "config": { "id": 1, "secret": secret }, "list": [] }))
        };
        Shown {
            real: of(secret),
            concealed: of(SECRET),
        }
    }

    #[test]
    fn what_changed_is_named_and_no_secret_is_shown() {
        let change = Change::between("hook", "a".into(), Some(&shown("a", "x")), &shown("b", "y"));
        assert_eq!(
            change.to_string(),
            "~ hook a\n    config.secret: changed (secret)\n    name: a -> b"
        );
        let change = Change::between("hook", "a\u{1b}".into(), None, &shown("a", "x"));
        assert_eq!(
            change.to_string(),
            "+ hook a \n    config.id: 1\n    config.secret: (secret)\n    list: []\n    name: a"
        );
        assert!(change.is_new);
        let mut less = shown("a", "x");
        less.real.remove("name");
        less.concealed.remove("name");
        let change = Change::between("hook", "a".into(), Some(&shown("a", "x")), &less);
        assert_eq!(change.to_string(), "~ hook a\n    name: a -> nothing");
    }
}
