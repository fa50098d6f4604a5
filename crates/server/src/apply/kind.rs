//! What all kinds of things in a document have in common: they are found by what they are called, and written where they differ.

use std::collections::BTreeSet;

use protocol::time::Time;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use store::{Tx, Vault};

use super::{
    ApplyError, Fault,
    change::{Change, SECRET, Shown},
    node::Node,
};
use crate::{
    config::Config,
    error::ApiError,
    operation::{OperationError, Refused},
};

/// What documents are read from and written to: one tenant, in one transaction.
#[derive(Debug)]
pub struct World<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// Opens secrets.
    pub vault: &'a Vault,
    /// The configuration.
    pub config: &'a Config,
    /// The tenant.
    pub tenant: &'a str,
    /// The present.
    pub now: Time,
}

/// Conceals a secret; the parts say whose it is.
pub(super) type Hide<'a> = &'a mut dyn FnMut(&[&str], &mut String);

/// A kind of things, of which a document has a list.
pub(super) trait Kind: Clone + PartialEq + Serialize + DeserializeOwned {
    /// Its member of the document.
    const SECTION: &'static str;
    /// What one of them is.
    const NOUN: &'static str;
    /// The members that it is found by: the first of them that the document has decides.
    const KEYS: &'static [&'static str];
    /// Members that are objects of which the document may mention parts.
    const PARTIAL: &'static [&'static str] = &[];
    /// Members that are lists of things with names, which stay when the document does not mention them.
    const NAMED: &'static [&'static str] = &[];

    /// All there are, by what they are called.
    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError>;

    /// Makes what was not there before, or changes what was.
    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError>;

    /// What people call it.
    fn name(&self) -> String;

    /// The same as it will be stored: what can be written in several ways is written in one.
    fn settle(&mut self) {}

    /// Conceals its secrets.
    fn conceal(&mut self, _hide: Hide<'_>) {}
}

/// Brings all things of a kind that a document mentions to what it says of them.
pub(super) async fn apply<K: Kind>(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let held = K::read(world).await?;
    let mut mentioned = BTreeSet::new();
    for entry in section.elements(K::SECTION)? {
        entry.members(&format!("each of {}", K::SECTION))?;
        let wanted = entry.object();
        let before = find(&held, &wanted, entry)?;
        let mut merged = before.map(object).unwrap_or_default();
        merge::<K>(&mut merged, wanted);
        let after: Result<K, _> = serde_path_to_error::deserialize(Value::Object(merged));
        let mut after = after.map_err(|error| {
            let message = error.inner().to_string();
            let line = entry.line_quoted(&message);
            let line = line.unwrap_or_else(|| entry.line_at(error.path()));
            Fault::new(line, format!("{}: {message}", error.path()))
        })?;
        after.settle();
        let identity = before.map_or_else(
            || identity::<K>(&object(&after)),
            |it| identity::<K>(&object(it)),
        );
        if !mentioned.insert(identity) {
            let message = format!("the {} {:?} stands here twice", K::NOUN, after.name());
            return Err(Fault::new(entry.line, message).into());
        }
        if before == Some(&after) {
            continue;
        }
        let was = before.map(shown);
        let name = before.unwrap_or(&after).name();
        changes.push(Change::between(K::NOUN, name, was.as_ref(), &shown(&after)));
        let written = after.write(world, before).await;
        written.map_err(|error| at(entry, error))?;
    }
    Ok(())
}

/// A refusal with the line of what it is about.
pub(super) fn at(entry: &Node, error: OperationError) -> ApplyError {
    match error {
        OperationError::Refused(Refused { message, .. }) => {
            let line = entry.line_quoted(&message).unwrap_or(entry.line);
            Fault::new(line, message).into()
        }
        error => error.into(),
    }
}

fn find<'a, K: Kind>(
    held: &'a [K],
    wanted: &Map<String, Value>,
    entry: &Node,
) -> Result<Option<&'a K>, Fault> {
    let key = K::KEYS
        .iter()
        .find_map(|key| Some((*key, wanted.get(*key).filter(|value| !value.is_null())?)));
    let Some((key, value)) = key else {
        let message = format!(
            "{} is missing: what is this {}?",
            K::KEYS.join(" or "),
            K::NOUN
        );
        return Err(Fault::new(entry.line, message));
    };
    let mut same = held.iter().filter(|it| object(*it).get(key) == Some(value));
    let found = same.next();
    if same.next().is_some() {
        let message = format!(
            "there is more than one {} with {key} {value}; say which by its id",
            K::NOUN
        );
        return Err(Fault::new(entry.line, message));
    }
    Ok(found)
}

/// The value of the first key that it has.
fn identity<K: Kind>(members: &Map<String, Value>) -> String {
    let mut keys = K::KEYS.iter();
    let value = keys.find_map(|key| Some((key, members.get(*key)?)));
    value.map_or_else(String::new, |(key, value)| format!("{key} {value}"))
}

fn shown<K: Kind>(thing: &K) -> Shown {
    let mut concealed = thing.clone();
    concealed.conceal(&mut |_, secret| SECRET.clone_into(secret));
    Shown {
        real: object(thing),
        concealed: object(&concealed),
    }
}

/// The members of a thing.
pub(super) fn object(thing: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(thing) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Puts what a document says over what is there. In objects that may be mentioned in part `null` removes a member.
fn merge<K: Kind>(held: &mut Map<String, Value>, wanted: Map<String, Value>) {
    for (name, value) in wanted {
        let before = held.get(&name).cloned();
        let value = if K::PARTIAL.contains(&name.as_str()) {
            partial(before, value)
        } else if K::NAMED.contains(&name.as_str()) {
            named(before, value)
        } else {
            value
        };
        held.insert(name, value);
    }
}

fn partial(before: Option<Value>, wanted: Value) -> Value {
    match (before, wanted) {
        (before, Value::Object(wanted)) => {
            let mut held = match before {
                Some(Value::Object(held)) => held,
                _ => Map::new(),
            };
            for (name, value) in wanted {
                if value.is_null() {
                    held.remove(&name);
                } else {
                    held.insert(name, value);
                }
            }
            Value::Object(held)
        }
        (_, wanted) => wanted,
    }
}

/// First what is mentioned, so that positions stay those of the document, then the rest.
fn named(before: Option<Value>, wanted: Value) -> Value {
    let (Some(Value::Array(before)), Value::Array(mut wanted)) = (before, wanted.clone()) else {
        return wanted;
    };
    for held in before {
        let same = wanted
            .iter_mut()
            .find(|it| it.get("name") == held.get("name"));
        match (same, held) {
            (Some(Value::Object(same)), Value::Object(held)) => {
                for (name, value) in held {
                    same.entry(name).or_insert(value);
                }
            }
            (Some(_), _) => {}
            (None, held) => wanted.push(held),
        }
    }
    Value::Array(wanted)
}

/// Checks the length of a text, in characters.
pub(super) fn sized(name: &str, text: &str, least: usize, most: usize) -> Result<(), Refused> {
    let length = text.chars().count();
    if (least..=most).contains(&length) {
        return Ok(());
    }
    let message = format!("`{name}` must have {least} to {most} characters, this has {length}");
    Err(Refused::new("guard.invalid_input", message))
}

/// Whether a value is the one that is assumed: such members are not written.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A `T` with these members, if they are all members of it.
pub(super) fn shaped<T: DeserializeOwned + Serialize>(
    name: &str,
    value: &Map<String, Value>,
) -> Result<T, Refused> {
    let invalid = |message: String| Refused::new("guard.invalid_input", message);
    let read = serde_json::from_value::<T>(Value::Object(value.clone()));
    let read = read.map_err(|error| invalid(format!("`{name}`: {error}")))?;
    let known = object(&read);
    match value.keys().find(|member| !known.contains_key(*member)) {
        Some(member) => Err(invalid(format!("there is no member {member:?} in {name}"))),
        None => Ok(read),
    }
}

/// What the API would refuse.
pub(super) fn refused(error: ApiError) -> Refused {
    match error {
        ApiError::Refused(refused) => refused,
        ApiError::Input { details, .. } | ApiError::Syntax(details) => {
            Refused::new("guard.invalid_input", details)
        }
        ApiError::Busy(_) => Refused::new("guard.invalid_input", "too much work is waiting"),
        ApiError::Internal(cause) => Refused::new("guard.invalid_input", cause.to_string()),
    }
}
