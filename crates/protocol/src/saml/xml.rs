//! XML that is canonical as it is written (Exclusive XML Canonicalization 1.0, without comments).
//!
//! Whoever checks a signature brings what is signed into that form first. So an element is written with the declarations that it and its
//! attributes use and no others, attributes in order, no self-closing tags, and the escapes of Canonical XML 1.0 §2.3: what is
//! sent, and what is signed of it, are then the same bytes.

use std::collections::BTreeMap;

use super::{ASSERTION, PROTOCOL};

/// The prefixes that elements may have.
const NAMESPACES: [(&str, &str); 5] = [
    ("ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("md", "urn:oasis:names:tc:SAML:2.0:metadata"),
    ("saml", ASSERTION),
    ("samlp", PROTOCOL),
    ("xenc", "http://www.w3.org/2001/04/xmlenc#"),
];

/// An element with what is in it. Attributes have no prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: &'static str,
    attributes: BTreeMap<&'static str, String>,
    children: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An empty element; its name begins with one of the prefixes `ds`, `md`, `saml`, `samlp` and `xenc`.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: BTreeMap::new(),
            children: Vec::new(),
        }
    }

    /// With an attribute.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.insert(name, value.into());
        self
    }

    /// With a text at the end.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// With an element at the end.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// With elements at the end.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children
            .extend(children.into_iter().map(Node::Element));
        self
    }

    /// With an element after the first one.
    #[must_use]
    pub fn second(mut self, child: Self) -> Self {
        let place = self.children.len().min(1);
        self.children.insert(place, Node::Element(child));
        self
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// The canonical form, as of an element that stands by itself.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut Vec::new(), &mut out);
        out
    }

    /// Writes the element where `declared` prefixes are known.
    fn write(&self, declared: &mut Vec<&'static str>, out: &mut String) {
        let prefix = self.name.split(':').next().unwrap_or_default();
        let is_new = !declared.contains(&prefix);
        out.push('<');
        out.push_str(self.name);
        if is_new {
            declared.push(prefix);
            let found = NAMESPACES.iter().find(|(known, _)| *known == prefix);
            let uri = found.map_or("", |(_, uri)| uri);
            write_attribute(&format!("xmlns:{prefix}"), uri, out);
        }
        for (name, value) in &self.attributes {
            write_attribute(name, value, out);
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(declared, out),
                Node::Text(text) => text.chars().for_each(|c| write_text(c, out)),
            }
        }
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
        if is_new {
            declared.pop();
        }
    }
}

fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(allowed(c)),
        }
    }
    out.push('"');
}

fn write_text(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\r' => out.push_str("&#xD;"),
        c => out.push(allowed(c)),
    }
}

/// XML 1.0 §2.2 has no way to write some characters, not even as references.
const fn allowed(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => c,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Element, allowed};

    #[test]
    fn prefixes_are_declared_where_they_are_first_used() {
        let inner = Element::new("saml:Issuer").text("i");
        let outer = Element::new("samlp:Response")
            .attribute("Version", "2.0")
            .attribute("ID", "_1")
            .child(inner.clone())
            .child(Element::new("samlp:Status").child(inner.clone()));
        assert_eq!(
            outer.canonical(),
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\" Version=\"2.0\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">i</saml:Issuer>\
             <samlp:Status><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">i</saml:Issuer></samlp:Status>\
             </samlp:Response>"
        );
        // What a verifier makes of a part by itself is what the part is within the whole.
        assert!(outer.canonical().contains(&inner.canonical()));
    }

    #[test]
    fn a_signature_comes_second() {
        let whole = Element::new("saml:Assertion")
            .child(Element::new("saml:Issuer"))
            .child(Element::new("saml:Subject"));
        let names = whole.second(Element::new("ds:Signature")).canonical();
        assert!(names.contains("</saml:Issuer><ds:Signature "), "{names}");
    }

    #[test]
    fn escapes_are_those_of_canonical_xml() {
        let element = Element::new("saml:A")
            .attribute("Name", "<&>\"'\t\n\r")
            .text("<&>\"'\t\n\r");
        let xml = element.canonical();
        assert!(
            xml.contains("Name=\"&lt;&amp;>&quot;'&#x9;&#xA;&#xD;\""),
            "{xml}"
        );
        assert!(xml.contains(">&lt;&amp;&gt;\"'\t\n&#xD;</"), "{xml}");
    }

    proptest! {
        #[test]
        fn t45_whatever_stands_in_a_text_or_attribute_reads_back_as_that(text in any::<String>()) {
            let expected: String = text.chars().map(allowed).collect();
            let xml = Element::new("saml:A").attribute("Name", text.clone()).text(text).canonical();
            let document = roxmltree::Document::parse(&xml).unwrap();
            let root = document.root_element();
            prop_assert_eq!(root.attribute("Name"), Some(&*expected));
            prop_assert_eq!(root.text().unwrap_or_default(), expected);
            prop_assert_eq!(root.children().filter(roxmltree::Node::is_element).count(), 0);
        }
    }
}
