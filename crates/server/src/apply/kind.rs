//! What all kinds of things in a document have in common: they are found by what they are called, and written where they differ.

use std::collections::BTreeSet;

use protocol::time::Time;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use store::{Tx, Vault};

use super::{
    ApplyError, Fault,
    change::{Change, SECRET, Shown},
    node::Node,
};
use crate::{
    config::Config,
    error::{ApiError, Failure},
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
    /// The members that it is found by: the first group of them that the document has decides.
    const KEYS: &'static [&'static [&'static str]];
    /// Members that are objects of which the document may mention parts.
    const PARTIAL: &'static [&'static str] = &[];
    /// Members that are lists of things, and what those are found by: they stay when the document does not mention them.
    const NAMED: &'static [(&'static str, &'static str)] = &[];

    /// All there are, by what they are called.
    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError>;

    /// Makes what was not there before, or changes what was.
    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError>;

    /// Takes it away, with all that belongs to it.
    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError>;

    /// What people call it.
    fn name(&self) -> String;

    /// Whether the server came with it: it is never taken away.
    fn is_built_in(&self, _tenant: &str) -> bool {
        false
    }

    /// The same as it will be stored: what can be written in several ways is written in one.
    fn settle(&mut self) {}

    /// Conceals its secrets.
    fn conceal(&mut self, _hide: Hide<'_>) {}
}

/// Something with its members.
type Whole<K> = (K, Map<String, Value>);

/// What there is of a kind.
struct Held<K>(Vec<Whole<K>>);

/// Brings all things of a kind that a document mentions to what it says of them. Where the document is to be the whole, so are its lists.
pub(super) async fn apply<K: Kind>(
    world: &mut World<'_>,
    section: &Node,
    is_whole: bool,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let held = Held::<K>::read(world).await?;
    let mut mentioned = BTreeSet::new();
    for entry in section.elements(K::SECTION)? {
        let mut wanted = entry.object();
        let before = held.find(&wanted, entry)?;
        // `id: null` says no more than nothing, least of all that what was found by its name has another id.
        wanted.retain(|name, value| !value.is_null() || !K::KEYS.concat().contains(&name.as_str()));
        let is_whole = is_whole && before.is_none_or(|(held, _)| !held.is_built_in(world.tenant));
        let mut merged = before
            .map(|(_, members)| members.clone())
            .unwrap_or_default();
        merge::<K>(&mut merged, wanted, is_whole);
        let mut after: K = entry.read_as(Value::Object(merged))?;
        after.settle();
        let identity = before.map_or_else(
            || identity::<K>(&object(&after)),
            |(_, members)| identity::<K>(members),
        );
        if !mentioned.insert(identity) {
            let message = format!("the {} {:?} stands here twice", K::NOUN, after.name());
            return Err(Fault::new(entry.line, message).into());
        }
        let before = before.map(|(held, _)| held);
        if before == Some(&after) {
            continue;
        }
        let (was, given) = (before.map(shown), entry.given());
        // What it was called is a secret if what it is called now is one.
        let is_named_openly = given.hide(&after.name()) == after.name();
        let named = before.filter(|_| is_named_openly).unwrap_or(&after);
        changes.push(Change::between(
            K::NOUN,
            named.name(),
            was.as_ref(),
            &shown(&after),
            &given,
        ));
        let written = after.write(world, before).await;
        written.map_err(|error| at(entry, error))?;
    }
    Ok(())
}

/// Takes away all things of a kind that a document does not mention, but for those that the server came with.
pub(super) async fn prune<K: Kind>(
    world: &mut World<'_>,
    section: &Node,
    changes: &mut Vec<Change>,
) -> Result<(), ApplyError> {
    let held = Held::<K>::read(world).await?;
    let mut mentioned = BTreeSet::new();
    for entry in section.elements(K::SECTION)? {
        if let Some((_, members)) = held.find(&entry.object(), entry)? {
            mentioned.insert(identity::<K>(members));
        }
    }
    for (thing, members) in &held.0 {
        if thing.is_built_in(world.tenant) || mentioned.contains(&identity::<K>(members)) {
            continue;
        }
        changes.push(Change::removal(K::NOUN, thing.name()));
        thing.remove(world).await?;
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

impl<K: Kind> Held<K> {
    async fn read(world: &mut World<'_>) -> Result<Self, OperationError> {
        let things = K::read(world).await?.into_iter();
        Ok(Self(
            things
                .map(|thing| {
                    let members = object(&thing);
                    (thing, members)
                })
                .collect(),
        ))
    }

    /// The thing that an entry of a document means.
    fn find(&self, wanted: &Map<String, Value>, entry: &Node) -> Result<Option<&Whole<K>>, Fault> {
        entry.members(&format!("each of {}", K::SECTION))?;
        let mut keys = K::KEYS.iter();
        let Some(key) = keys.find_map(|key| values(wanted, key)) else {
            let keys: Vec<String> = K::KEYS.iter().map(|key| key.join(" and ")).collect();
            let message = format!(
                "{} is missing: what is this {}?",
                keys.join(" or "),
                K::NOUN
            );
            return Err(Fault::new(entry.line, message));
        };
        let is_same = |members: &Map<String, Value>| {
            key.iter()
                .all(|(name, value)| members.get(*name) == Some(*value))
        };
        let mut same = self.0.iter().filter(|(_, members)| is_same(members));
        let found = same.next();
        if same.next().is_some() {
            let message = format!(
                "there is more than one {} with {}; say which by its id",
                K::NOUN,
                written(&key)
            );
            return Err(Fault::new(entry.line, message));
        }
        Ok(found)
    }
}

/// A group of members with their values, if all of them are there.
fn values<'a>(
    members: &'a Map<String, Value>,
    key: &[&'static str],
) -> Option<Vec<(&'static str, &'a Value)>> {
    let values = key.iter().map(|name| {
        let value = members.get(*name).filter(|value| !value.is_null())?;
        Some((*name, value))
    });
    values.collect()
}

fn written(key: &[(&str, &Value)]) -> String {
    let members = key.iter().map(|(name, value)| format!("{name} {value}"));
    members.collect::<Vec<_>>().join(", ")
}

/// The values of the first key that it has.
fn identity<K: Kind>(members: &Map<String, Value>) -> String {
    let mut keys = K::KEYS.iter();
    let key = keys.find_map(|key| values(members, key));
    key.map(|key| written(&key)).unwrap_or_default()
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
fn merge<K: Kind>(held: &mut Map<String, Value>, wanted: Map<String, Value>, is_whole: bool) {
    for (name, value) in wanted {
        let before = held.get(&name).cloned();
        let list = K::NAMED.iter().find(|(list, _)| *list == name);
        let value = match list {
            Some((_, key)) => named(before, value, key, is_whole),
            None if K::PARTIAL.contains(&name.as_str()) => partial(before, value),
            None => value,
        };
        held.insert(name, value);
    }
}

/// What is wanted, over what is there.
pub(super) fn partial(before: Option<Value>, wanted: Value) -> Value {
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

/// First what is mentioned, so that positions stay those of the document, then the rest, unless what is mentioned is the whole.
fn named(before: Option<Value>, wanted: Value, key: &str, is_whole: bool) -> Value {
    let (Some(Value::Array(before)), Value::Array(mut wanted)) = (before, wanted.clone()) else {
        return wanted;
    };
    for held in before {
        let same = wanted.iter_mut().find(|it| it.get(key) == held.get(key));
        match (same, held) {
            (Some(Value::Object(same)), Value::Object(held)) => {
                for (name, value) in held {
                    same.entry(name).or_insert(value);
                }
            }
            (Some(_), _) => {}
            (None, _) if is_whole => {}
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

/// What a document says, where it must not be confused with saying nothing.
pub(super) fn mentioned<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
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

/// A `T` that only reads these members, if `known` has all of them.
pub(super) fn shaped_input<T: DeserializeOwned>(
    name: &str,
    value: &Map<String, Value>,
    known: &[&str],
) -> Result<T, Refused> {
    let invalid = |message: String| Refused::new("guard.invalid_input", message);
    if let Some(member) = value
        .keys()
        .find(|member| !known.contains(&member.as_str()))
    {
        return Err(invalid(format!("there is no member {member:?} in {name}")));
    }
    let read: Result<T, _> = serde_path_to_error::deserialize(Value::Object(value.clone()));
    read.map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { name } else { &path };
        invalid(format!("`{place}`: {}", error.inner()))
    })
}

/// What the API would refuse.
pub(super) fn refused(error: ApiError) -> Refused {
    match error {
        ApiError::Refused(refused) => refused,
        ApiError::Input { details, .. } | ApiError::Syntax(details) => {
            Refused::new("guard.invalid_input", details)
        }
        ApiError::Failed(Failure::Busy(_)) => {
            Refused::new("guard.invalid_input", "too much work is waiting")
        }
        ApiError::Failed(Failure::Internal(cause)) => {
            Refused::new("guard.invalid_input", cause.to_string())
        }
    }
}
