use std::collections::BTreeMap;

use proptest::prelude::*;
use roxmltree::{Document, Node};
use zeroize::Zeroizing;

use super::{Answer, Authenticated, Protection};
use crate::{
    jose::{SigningKey, test_keys::rs256},
    saml::{
        attribute::Attribute,
        encryption::Seal,
        name_id::{NameId, NameIdFormat},
        samples::{CERTIFICATE, decrypted, is_signed},
        signature::Signer,
    },
    time::Time,
};

const NOW: Time = Time(1_795_231_562);

const ANSWER: Answer<'static> = Answer {
    id: "_response",
    issuer: "https://id.example.com/saml/app",
    acs_url: "https://sp.example.com/acs",
    in_response_to: "_b7",
};

fn person(amr: &[String]) -> Authenticated<'_> {
    let attribute = |name: &str, values: &[&str]| Attribute {
        name: name.to_owned(),
        values: values.iter().map(ToString::to_string).collect(),
    };
    Authenticated {
        assertion_id: "_assertion",
        audience: "https://sp.example.com/metadata",
        name_id: NameId {
            format: NameIdFormat::Persistent,
            value: "ann".to_owned(),
        },
        attributes: vec![attribute("cn", &["Ann"]), attribute("groups", &["a", "b"])],
        authenticated_at: NOW.plus(-30),
        amr,
        session_index: "_grant",
    }
}

fn signer(key: &SigningKey) -> Signer<'_> {
    Signer {
        key,
        certificate: b"certificate",
    }
}

fn written(person: &Authenticated<'_>, seal: Option<Seal<'_>>, signs_answer: bool) -> String {
    let key = rs256();
    let protection = Protection {
        signer: signer(&key),
        seal,
        signs_answer,
    };
    ANSWER.success(person, protection, NOW).unwrap()
}

fn seal() -> Seal<'static> {
    Seal {
        certificate: CERTIFICATE,
        key: Zeroizing::new([5; 32]),
        nonce: [6; 12],
    }
}

/// The element of this name.
fn find<'a, 'input>(document: &'a Document<'input>, name: &str) -> Node<'a, 'input> {
    let mut nodes = document.descendants();
    nodes
        .find(|node| node.tag_name().name() == name)
        .expect(name)
}

fn attributes(node: Node<'_, '_>) -> BTreeMap<String, String> {
    let pairs = node.attributes();
    pairs
        .map(|pair| (pair.name().to_owned(), pair.value().to_owned()))
        .collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn the_assertion_says_who_for_whom_when_and_in_answer_to_what() {
    let amr = ["pwd".to_owned()];
    let xml = written(&person(&amr), None, true);
    let document = Document::parse(&xml).unwrap();
    let text = |name| find(&document, name).text().unwrap_or_default();
    let expected = map(&[
        ("Destination", ANSWER.acs_url),
        ("ID", "_response"),
        ("InResponseTo", "_b7"),
        ("IssueInstant", "2026-11-21T03:26:02.000Z"),
        ("Version", "2.0"),
    ]);
    assert_eq!(attributes(document.root_element()), expected);
    assert_eq!(text("Issuer"), ANSWER.issuer);
    assert_eq!(text("NameID"), "ann");
    assert_eq!(text("Audience"), "https://sp.example.com/metadata");
    let expected = map(&[
        ("InResponseTo", "_b7"),
        ("NotOnOrAfter", "2026-11-21T03:36:02.000Z"),
        ("Recipient", ANSWER.acs_url),
    ]);
    let data = find(&document, "SubjectConfirmationData");
    assert_eq!(attributes(data), expected, "a bearer's has no NotBefore");
    let expected = map(&[
        ("NotBefore", "2026-11-21T03:25:02.000Z"),
        ("NotOnOrAfter", "2026-11-21T03:36:02.000Z"),
    ]);
    assert_eq!(attributes(find(&document, "Conditions")), expected);
    let expected = map(&[
        ("AuthnInstant", "2026-11-21T03:25:32.000Z"),
        ("SessionIndex", "_grant"),
    ]);
    assert_eq!(attributes(find(&document, "AuthnStatement")), expected);
    let told: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name((super::super::ASSERTION, "Attribute")))
        .map(|node| {
            let values = node.children().filter_map(|value| value.text());
            (node.attribute("Name").unwrap(), values.collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(told, [("cn", vec!["Ann"]), ("groups", vec!["a", "b"])]);
}

#[test]
fn elements_come_in_the_order_of_the_schema() {
    let xml = written(&person(&[]), None, true);
    let document = Document::parse(&xml).unwrap();
    let names = |node: Node<'_, '_>| {
        let children = node.children();
        let names = children.map(|child| child.tag_name().name().to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        names(document.root_element()),
        "Issuer Signature Status Assertion"
    );
    assert_eq!(
        names(find(&document, "Assertion")),
        "Issuer Signature Subject Conditions AuthnStatement AttributeStatement"
    );
}

#[test]
fn only_a_password_is_called_one() {
    for (amr, expected) in [
        (&["pwd"][..], "PasswordProtectedTransport"),
        (&["otp", "pwd"], "PasswordProtectedTransport"),
        (&["fed"], "unspecified"),
        (&[], "unspecified"),
    ] {
        let amr: Vec<_> = amr.iter().map(ToString::to_string).collect();
        let xml = written(&person(&amr), None, false);
        assert!(xml.contains(&format!("ac:classes:{expected}<")), "{amr:?}");
    }
}

#[test]
fn without_attributes_there_is_no_statement_of_them() {
    let mut person = person(&[]);
    person.attributes.clear();
    assert!(!written(&person, None, false).contains("AttributeStatement"));
}

#[test]
fn t41_the_assertion_is_always_signed_and_the_answer_where_that_can_be_verified() {
    let key = rs256();
    for (sealed, signs_answer) in [(false, true), (false, false), (true, true), (true, false)] {
        let xml = written(&person(&[]), sealed.then(seal), signs_answer);
        assert_eq!(is_signed(&xml, "_response", &key), signs_answer, "{xml}");
        let assertion = if sealed { decrypted(&xml) } else { xml.clone() };
        assert!(is_signed(&assertion, "_assertion", &key), "{assertion}");
        assert_eq!(xml.contains("https://sp.example.com/metadata"), !sealed);
        // Whatever is changed breaks the signature over it.
        let forged = assertion.replacen(">ann<", ">bob<", 1);
        assert!(!is_signed(&forged, "_assertion", &key));
    }
}

#[test]
fn a_request_that_nobody_may_notice_is_told_when_somebody_would() {
    let key = rs256();
    let xml = ANSWER.no_passive(signer(&key), NOW).unwrap();
    let document = Document::parse(&xml).unwrap();
    let status = find(&document, "StatusCode");
    assert!(status.attribute("Value").unwrap().ends_with(":Responder"));
    let inner = status.first_element_child().unwrap();
    assert!(inner.attribute("Value").unwrap().ends_with(":NoPassive"));
    assert!(!xml.contains("Assertion "));
    assert!(is_signed(&xml, "_response", &key));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn t45_nothing_that_people_write_gets_out_of_its_place(value in any::<String>(), name in any::<String>()) {
        let mut person = person(&[]);
        person.name_id.value = value.clone();
        person.attributes = vec![Attribute { name, values: vec![value] }];
        let xml = written(&person, None, true);
        let document = Document::parse(&xml).unwrap();
        let count = |name: &str| document.descendants().filter(|node| node.tag_name().name() == name).count();
        prop_assert_eq!((count("Assertion"), count("NameID"), count("Attribute"), count("AttributeValue")), (1, 1, 1, 1));
        let key = rs256();
        prop_assert!(is_signed(&xml, "_assertion", &key) && is_signed(&xml, "_response", &key));
    }
}
