//! Reads a page strictly: what this refuses, a browser would have to guess.

use std::collections::HashSet;

/// An element's start.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// The text up to the next tag.
    pub(crate) text: String,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// These have no end.
const VOID: [&str; 5] = ["meta", "link", "img", "input", "source"];
/// So do these, inside drawings.
const SELF_CLOSING: [&str; 2] = ["path", "circle"];

/// The elements of a page in order.
///
/// # Panics
/// When the page is not well-formed.
pub(crate) fn read(html: &str) -> Vec<Tag> {
    let mut rest = html.strip_prefix("<!doctype html>\n").expect("a doctype");
    let mut open: Vec<String> = Vec::new();
    let mut tags = Vec::new();
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a stray > in {text:?}");
        let (inside, behind) = after.split_once('>').expect("a closed tag");
        rest = behind;
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(
                open.pop().as_deref(),
                Some(name),
                "the end of another element"
            );
            continue;
        }
        let (inside, closes) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let mut tag = tag(inside);
        assert_eq!(
            closes,
            SELF_CLOSING.contains(&tag.name.as_str()),
            "{inside}"
        );
        if !closes && !VOID.contains(&tag.name.as_str()) {
            open.push(tag.name.clone());
        }
        rest.split('<')
            .next()
            .unwrap_or_default()
            .trim()
            .clone_into(&mut tag.text);
        tags.push(tag);
    }
    assert_eq!(open, Vec::<String>::new(), "elements that do not end");
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let different: HashSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), different.len(), "an id stands twice: {ids:?}");
    tags
}

fn tag(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    assert!(
        name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{inside}"
    );
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let attribute = &rest[..end];
        assert!(!attribute.is_empty(), "a stray space in <{inside}>");
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(attribute.bytes().all(is_name), "{inside}");
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, behind) = quoted.split_once('"').expect("a closed quote");
                rest = behind;
                value
            }
            None => "",
        };
        attributes.push((attribute.to_owned(), value.to_owned()));
        rest = match rest.strip_prefix(' ') {
            Some(behind) => behind,
            None if rest.is_empty() => rest,
            None => panic!("something after a quote in <{inside}>"),
        };
    }
    let names: HashSet<&String> = attributes.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names.len(),
        attributes.len(),
        "an attribute stands twice in <{inside}>"
    );
    Tag {
        name: name.to_owned(),
        attributes,
        text: String::new(),
    }
}

#[test]
fn a_page_that_is_not_well_formed_is_refused() {
    for wrong in [
        "<p>x",
        "<p>x</a>",
        "<p class=a>x</p>",
        "<p id=\"a\"></p><p id=\"a\"></p>",
        "<p id=\"a\"class=\"b\"></p>",
        "<p id=\"\" onclick></b>",
        "a > b",
    ] {
        let page = format!("<!doctype html>\n{wrong}<p></p>");
        assert!(std::panic::catch_unwind(|| read(&page)).is_err(), "{wrong}");
    }
    assert_eq!(read("<!doctype html>\n<p>x<img src=\"a\"></p>").len(), 2);
}
