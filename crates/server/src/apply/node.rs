//! YAML as a tree that knows its lines.

use std::cell::RefCell;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use serde_saphyr::Spanned;

use super::{Fault, given::Given, variable};

/// A value and the line on which it begins.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: u64,
    shape: Shape,
    /// What came from variables.
    given: Given,
}

#[derive(Clone, Debug)]
enum Shape {
    Leaf(Value),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The tree of a document.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        // `no` is a word and not a switch: YAML 1.1 knows more switches than people do.
        let options = serde_saphyr::options! { strict_booleans: true };
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let line = error.location().map_or(1, |location| location.line());
            let message = error.without_snippet().to_string();
            let place = message.rfind(" at line ").unwrap_or(message.len());
            Fault::new(line, message.get(..place).unwrap_or(&message))
        })
    }

    /// Puts values in the place of variables, wherever they stand.
    pub(super) fn expand(&mut self, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Fault> {
        match &mut self.shape {
            Shape::Leaf(Value::String(text)) => {
                let found = RefCell::new(Vec::new());
                let noting = |name: &str| {
                    let value = lookup(name)?;
                    found.borrow_mut().push((name.to_owned(), value.clone()));
                    Some(value)
                };
                let expanded = variable::expand(text, &noting)
                    .map_err(|message| Fault::new(self.line, message))?;
                self.given = Given::new(&expanded, text, &found.into_inner());
                *text = expanded;
                if text.contains('\0') {
                    return Err(Fault::new(self.line, "a text cannot contain U+0000"));
                }
            }
            Shape::Leaf(_) => {}
            Shape::List(nodes) => {
                for node in nodes {
                    node.expand(lookup)?;
                }
            }
            Shape::Map(members) => {
                for (_, node) in members {
                    node.expand(lookup)?;
                }
            }
        }
        Ok(())
    }

    /// What in it came from variables.
    pub(super) fn given(&self) -> Given {
        let mut given = self.given.clone();
        match &self.shape {
            Shape::Leaf(_) => {}
            Shape::List(nodes) => nodes.iter().for_each(|node| given.extend(node.given())),
            Shape::Map(members) => members
                .iter()
                .for_each(|(_, node)| given.extend(node.given())),
        }
        given
    }

    /// Whether it says nothing at all.
    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self.shape, Shape::Leaf(Value::Null))
    }

    /// The members of a map; nothing at all has none.
    pub(super) fn members(&self, what: &str) -> Result<&[(String, Self)], Fault> {
        match &self.shape {
            Shape::Map(members) => Ok(members),
            Shape::Leaf(Value::Null) => Ok(&[]),
            _ => Err(Fault::new(self.line, format!("{what} must be a map"))),
        }
    }

    /// The elements of a list; nothing at all has none.
    pub(super) fn elements(&self, what: &str) -> Result<&[Self], Fault> {
        match &self.shape {
            Shape::List(nodes) => Ok(nodes),
            Shape::Leaf(Value::Null) => Ok(&[]),
            _ => Err(Fault::new(self.line, format!("{what} must be a list"))),
        }
    }

    /// The same as JSON.
    pub(super) fn value(&self) -> Value {
        match &self.shape {
            Shape::Leaf(value) => value.clone(),
            Shape::List(nodes) => nodes.iter().map(Self::value).collect(),
            Shape::Map(_) => Value::Object(self.object()),
        }
    }

    /// The members as JSON.
    pub(super) fn object(&self) -> Map<String, Value> {
        let Shape::Map(members) = &self.shape else {
            return Map::new();
        };
        let members = members.iter();
        members
            .map(|(name, node)| (name.clone(), node.value()))
            .collect()
    }

    /// A `T` that says this, with what stands here in it.
    pub(super) fn read_as<T: DeserializeOwned>(&self, value: Value) -> Result<T, Fault> {
        let read: Result<T, _> = serde_path_to_error::deserialize(value);
        read.map_err(|error| {
            let message = error.inner().to_string();
            let line = self.line_quoted(&message);
            let line = line.unwrap_or_else(|| self.line_at(error.path()));
            Fault::new(line, format!("{}: {message}", error.path()))
        })
    }

    /// The line of what stands at a path, or of the innermost thing around it that is there.
    pub(super) fn line_at(&self, path: &serde_path_to_error::Path) -> u64 {
        let mut node = self;
        for segment in path {
            let inner = match (&node.shape, segment) {
                (Shape::List(nodes), Segment::Seq { index }) => nodes.get(*index),
                (Shape::Map(members), Segment::Map { key }) => {
                    let found = members.iter().find(|(name, _)| name == key);
                    found.map(|(_, node)| node)
                }
                _ => None,
            };
            let Some(inner) = inner else { break };
            node = inner;
        }
        node.line
    }

    /// The same by the names of members.
    pub(super) fn line_within<'a>(&self, names: impl Iterator<Item = &'a str>) -> u64 {
        let mut node = self;
        for name in names {
            let Shape::Map(members) = &node.shape else {
                break;
            };
            let Some((_, inner)) = members.iter().find(|(known, _)| known == name) else {
                break;
            };
            node = inner;
        }
        node.line
    }

    /// The line of the text or member that `message` quotes first, if there is one: refusals quote what they are about.
    pub(super) fn line_quoted(&self, message: &str) -> Option<u64> {
        self.quoted(message).map(|(_, line)| line)
    }

    /// Where in `message` it stands, and its line.
    fn quoted(&self, message: &str) -> Option<(usize, u64)> {
        let place = |text: &str, line: u64| {
            let place = message.find(&format!("{text:?}"));
            let place = place.or_else(|| message.find(&format!("`{text}`")))?;
            Some((place, line))
        };
        match &self.shape {
            Shape::Leaf(Value::String(text)) => place(text, self.line),
            Shape::Leaf(_) => None,
            Shape::List(nodes) => nodes.iter().filter_map(|node| node.quoted(message)).min(),
            Shape::Map(members) => {
                let members = members.iter();
                members
                    .flat_map(|(name, node)| [place(name, node.line), node.quoted(message)])
                    .flatten()
                    .min()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Shape>::deserialize(deserializer)?;
        Ok(Self {
            line: spanned.referenced.line(),
            shape: spanned.value,
            given: Given::default(),
        })
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Shape, E> {
        Ok(Shape::Leaf(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Shape, E> {
        Ok(Shape::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Shape, E> {
        Ok(Shape::Leaf(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Shape, E> {
        let number = serde_json::Number::from_f64(value);
        let number = number.ok_or_else(|| E::custom("a number must be finite"))?;
        Ok(Shape::Leaf(number.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Shape, E> {
        Ok(Shape::Leaf(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Leaf(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Leaf(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Shape, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = access.next_element()? {
            nodes.push(node);
        }
        Ok(Shape::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Shape, A::Error> {
        let mut members = Vec::new();
        while let Some((name, node)) = access.next_entry::<Spanned<String>, Node>()? {
            // Of what begins below its name, the name's line says more.
            let line = name.referenced.line();
            members.push((name.value, Node { line, ..node }));
        }
        Ok(Shape::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Node;

    const TEXT: &str = "roles:\n  - name: no\n    scopes:\n      https://a: [x, y]\n  - name: \"${N}\"\n    description: >-\n      long\n      text\n";

    #[test]
    fn a_document_is_json_with_lines() {
        let mut node = Node::read(TEXT).unwrap();
        node.expand(&|name| (name == "N").then(|| "ann".to_owned()))
            .unwrap();
        assert_eq!(
            node.value(),
            json!({ "roles": [
                { "name": "no", "scopes": { "https://a": ["x", "y"] } },
                { "name": "ann", "description": "long text" },
            ] })
        );
        for (message, line) in [
            ("there is no scope \"y\"", Some(4)),
            ("there is no API \"https://a\"", Some(4)),
            ("unknown field `description`, expected `name`", Some(6)),
            ("there is no \"z\"", None),
        ] {
            assert_eq!(node.line_quoted(message), line, "{message}");
        }
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_line() {
        for (text, line, message) in [
            ("a: 1\nb: [1\nc: 2", 3, ""),
            ("a: 1\na: 2\n", 2, "duplicate mapping key"),
            ("a: *z\n", 1, "unknown anchor"),
            ("a: \"x\\0\"\n", 1, "U+0000"),
            ("a:\n  - ${MISSING}\n", 2, "MISSING is not set"),
        ] {
            let read = Node::read(text).and_then(|mut node| node.expand(&|_| None));
            let fault = read.unwrap_err();
            assert_eq!(fault.line, line, "{text}");
            assert!(fault.message.contains(message), "{fault:?}");
        }
    }
}
