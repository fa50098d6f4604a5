//! What applying a document changes, in words.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::{Map, Value};

use super::given::Given;

/// What is shown in the place of a secret.
pub(super) const SECRET: &str = "(secret)";

/// What changes of one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What becomes of it.
    pub action: Action,
    /// Such as `role`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// What of it.
    pub fields: Vec<FieldChange>,
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It was not there before.
    Make,
    /// It was another.
    Change,
    /// It goes, with all that belongs to it.
    Remove,
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

impl Shown {
    /// Something without secrets.
    pub(super) fn open(members: Map<String, Value>) -> Self {
        Self {
            concealed: members.clone(),
            real: members,
        }
    }
}

impl Change {
    /// The difference between two states of a thing; `None` before when it is new. What came from variables is not shown, nor what it
    /// takes the place of: that came from one as well, as far as anybody knows.
    pub(super) fn between(
        kind: &'static str,
        name: String,
        before: Option<&Shown>,
        after: &Shown,
        given: &Given,
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
            .map(|path| {
                let (before, after) = (before_shown.get(path), after_shown.get(path));
                let hidden = after.map(|after| given.hide_in(after));
                let is_given = hidden.as_ref() != after;
                FieldChange {
                    path: path.clone(),
                    before: before.map(|before| {
                        if is_given {
                            SECRET.into()
                        } else {
                            before.clone()
                        }
                    }),
                    after: hidden,
                }
            });
        Self {
            action: if before.is_none() {
                Action::Make
            } else {
                Action::Change
            },
            kind,
            name: given.hide(&name),
            fields: fields.collect(),
        }
    }

    /// That a thing goes.
    pub(super) const fn removal(kind: &'static str, name: String) -> Self {
        Self {
            action: Action::Remove,
            kind,
            name,
            fields: Vec::new(),
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
        let sign = match self.action {
            Action::Make => '+',
            Action::Change => '~',
            Action::Remove => '-',
        };
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

    use super::{Action, Change, Given, SECRET, Shown};

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
        let none = Given::default();
        let before = shown("a", "x");
        let change = Change::between("hook", "a".into(), Some(&before), &shown("b", "y"), &none);
        assert_eq!(
            change.to_string(),
            "~ hook a\n    config.secret: changed (secret)\n    name: a -> b"
        );
        let change = Change::between("hook", "a\u{1b}".into(), None, &before, &none);
        assert_eq!(
            change.to_string(),
            "+ hook a \n    config.id: 1\n    config.secret: (secret)\n    list: []\n    name: a"
        );
        assert_eq!(change.action, Action::Make);
        let mut less = shown("a", "x");
        less.real.remove("name");
        less.concealed.remove("name");
        let change = Change::between("hook", "a".into(), Some(&before), &less, &none);
        assert_eq!(change.to_string(), "~ hook a\n    name: a -> nothing");
        assert_eq!(Change::removal("hook", "a".into()).to_string(), "- hook a");
    }

    #[test]
    fn t55_what_came_from_a_variable_is_not_shown_nor_what_it_replaces() {
        let given = Given::new("s3cret", "${KEY}", &[("KEY".into(), "s3cret".into())]);
        let (before, after) = (shown("old s3cret", "x"), shown("s3cret", "x"));
        let change = Change::between("hook", "s3cret".into(), Some(&before), &after, &given);
        assert_eq!(
            change.to_string(),
            "~ hook ${KEY}\n    name: (secret) -> ${KEY}"
        );
    }
}
