//! What a service provider asks (SAML Core §3.4.1).
//!
//! Signatures of requests are not looked at: nothing is registered to check them with. It does no harm, because a request decides nothing
//! that a stranger could gain by. The answer goes to the registered address whatever the request says, is addressed to the registered
//! entity id, tells the registered attributes, and only of somebody who signs in at the browser that brought the request.

use roxmltree::{Document, Node, NodeType, ParsingOptions};

use super::{ASSERTION, POST, PROTOCOL, Refused};
use crate::time::Time;

/// How far a service provider's clock may be off, and how old a request may be, in seconds (T42).
const LEEWAY: i64 = 300;
/// The longest id that is remembered, in bytes.
const LONGEST_ID: usize = 256;
/// Elements, texts and comments of a document; a request has a dozen.
const MOST_NODES: u32 = 2_000;

/// A request to sign somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// Its id, which the answer names.
    pub id: String,
    /// Whether the person shall prove who they are even if they are signed in.
    pub force_authn: bool,
    /// Whether the person shall not see anything of ours.
    pub is_passive: bool,
    issuer: String,
    issued_at: Time,
    destination: Option<String>,
    acs_url: Option<String>,
}

/// What a request may say of its ways.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    /// Where requests are taken.
    pub sso_url: &'a str,
    /// The service provider's name.
    pub entity_id: &'a str,
    /// Where answers go.
    pub acs_url: &'a str,
}

impl AuthnRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// When it is none. Documents with a DTD, and so with entities, are refused.
    pub fn read(xml: &str) -> Result<Self, Refused> {
        let options = ParsingOptions {
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(xml, options)
            .map_err(|error| refuse(format!("it is no XML: {error}")))?;
        let root = document.root_element();
        if !root.has_tag_name((PROTOCOL, "AuthnRequest")) {
            return Err(refuse("it is no samlp:AuthnRequest"));
        }
        if root.attribute("Version") != Some("2.0") {
            return Err(refuse("its Version must be 2.0"));
        }
        let id = root.attribute("ID").unwrap_or_default();
        if id.is_empty() || id.len() > LONGEST_ID {
            return Err(refuse("its ID must have 1 to 256 bytes"));
        }
        let issued_at = root.attribute("IssueInstant").and_then(instant);
        if let Some(binding) = root.attribute("ProtocolBinding").filter(|one| *one != POST) {
            return Err(refuse(format!(
                "it wants its answer by {binding:?}, which is not the binding HTTP-POST"
            )));
        }
        Ok(Self {
            id: id.to_owned(),
            force_authn: boolean(root, "ForceAuthn")?,
            is_passive: boolean(root, "IsPassive")?,
            issuer: issuer(root)?,
            issued_at: issued_at.ok_or_else(|| refuse("its IssueInstant is no point in time"))?,
            destination: root.attribute("Destination").map(str::to_owned),
            acs_url: root
                .attribute("AssertionConsumerServiceURL")
                .map(str::to_owned),
        })
    }

    /// Whether it comes from the service provider, is meant for us, and is new. An `AssertionConsumerServiceIndex` means the one
    /// address that there is.
    ///
    /// # Errors
    /// When one of these is not so.
    pub fn check(&self, registered: &Registered<'_>, now: Time) -> Result<(), Refused> {
        if self.issuer != registered.entity_id {
            let message = format!(
                "The request comes from {:?}, which is not the entity id of the application.",
                self.issuer
            );
            let code = "application.saml.auth_request_issuer_not_match";
            return Err(Refused::new(code, message));
        }
        let other = |named: &Option<String>, known: &str| {
            named
                .as_deref()
                .is_some_and(|named| !named.is_empty() && named != known)
        };
        if other(&self.destination, registered.sso_url) {
            return Err(refuse("its Destination is another address than this"));
        }
        if other(&self.acs_url, registered.acs_url) {
            return Err(refuse(
                "its AssertionConsumerServiceURL is not the registered one",
            ));
        }
        if !(-LEEWAY..=LEEWAY).contains(&now.since(self.issued_at)) {
            return Err(refuse(
                "it was issued more than five minutes ago, or the clock of the application is wrong",
            ));
        }
        Ok(())
    }
}

/// The text of the only `Issuer`. A comment in it would split it, and readers disagree about what is left.
fn issuer(request: Node<'_, '_>) -> Result<String, Refused> {
    let mut issuers = request
        .children()
        .filter(|child| child.has_tag_name((ASSERTION, "Issuer")));
    let (Some(issuer), None) = (issuers.next(), issuers.next()) else {
        return Err(refuse("it must have one saml:Issuer"));
    };
    let mut parts = issuer.children();
    match (parts.next(), parts.next()) {
        (Some(text), None) if text.node_type() == NodeType::Text => {
            Ok(text.text().unwrap_or_default().trim().to_owned())
        }
        _ => Err(refuse("its saml:Issuer must be a text")),
    }
}

/// XML Schema §3.2.2.
fn boolean(node: Node<'_, '_>, name: &str) -> Result<bool, Refused> {
    match node.attribute(name).map(str::trim) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(refuse(format!("its {name} is no boolean"))),
    }
}

/// An `xs:dateTime`; in UTC unless it says otherwise (Core §1.3.3).
fn instant(text: &str) -> Option<Time> {
    let (date, time) = text.trim().split_once('T')?;
    let date = Time::of_date(date)?;
    let (clock, offset) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at_checked(at)?,
        None => (time, "Z"),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut parts = clock.split(':');
    let mut part = |most| number(parts.next()?, most);
    let (hour, minute, second) = (part(24)?, part(59)?, part(60)?);
    if parts.next().is_some() {
        return None;
    }
    let offset = match offset.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let seconds = number(hours, 14)? * 3600 + number(minutes, 59)? * 60;
            if sign == "-" { -seconds } else { seconds }
        }
    };
    Some(date.plus(hour * 3600 + minute * 60 + second - offset))
}

/// Two digits up to `most`.
fn number(text: &str, most: i64) -> Option<i64> {
    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = text.parse().ok().filter(|_| is_number)?;
    (value <= most).then_some(value)
}

fn refuse(why: impl AsRef<str>) -> Refused {
    let message = format!("SAMLRequest is refused: {}.", why.as_ref());
    Refused::new("application.saml.invalid_saml_request", message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{AuthnRequest, Registered, instant};
    use crate::time::Time;

    const NOW: Time = Time(1_795_231_562);
    const REGISTERED: Registered<'static> = Registered {
        sso_url: "https://id.example.com/api/saml/app/authn",
        entity_id: "https://sp.example.com/metadata",
        acs_url: "https://sp.example.com/acs",
    };

    /// As `@node-saml/node-saml` writes it.
    const REQUEST: &str = r#"<?xml version="1.0"?><samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_b7" Version="2.0" IssueInstant="2026-11-21T03:26:02.123Z" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Destination="https://id.example.com/api/saml/app/authn" AssertionConsumerServiceURL="https://sp.example.com/acs"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.com/metadata</saml:Issuer><samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" AllowCreate="true"/><samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#;

    /// What becomes of the request with a part replaced.
    fn tried(part: &str, by: &str) -> Result<AuthnRequest, &'static str> {
        assert!(REQUEST.contains(part), "{part}");
        let request = AuthnRequest::read(&REQUEST.replacen(part, by, 1));
        let checked = request.and_then(|request| {
            request.check(&REGISTERED, NOW)?;
            Ok(request)
        });
        checked.map_err(|refused| refused.code)
    }

    #[test]
    fn a_request_is_read() {
        let request = tried("_b7", "_b7").unwrap();
        assert_eq!(request.id, "_b7");
        assert!(!request.force_authn && !request.is_passive);
        let request = tried(
            r#" Version="2.0""#,
            r#" Version="2.0" ForceAuthn="true" IsPassive="1""#,
        );
        let request = request.unwrap();
        assert!(request.force_authn && request.is_passive);
    }

    #[test]
    fn what_may_be_left_out_may_be_left_out() {
        for (part, by) in [
            (
                r#" Destination="https://id.example.com/api/saml/app/authn""#,
                "",
            ),
            (
                r#" AssertionConsumerServiceURL="https://sp.example.com/acs""#,
                "",
            ),
            (
                r#" AssertionConsumerServiceURL="https://sp.example.com/acs""#,
                r#" AssertionConsumerServiceIndex="0""#,
            ),
            (
                r#" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST""#,
                "",
            ),
            (
                ">https://sp.example.com/metadata<",
                ">\n  https://sp.example.com/metadata\n<",
            ),
        ] {
            assert!(tried(part, by).is_ok(), "{by}");
        }
    }

    #[test]
    fn t41_a_request_that_is_not_the_service_providers_or_not_meant_for_us_is_refused() {
        let malformed = "application.saml.invalid_saml_request";
        let issuer = "application.saml.auth_request_issuer_not_match";
        for (part, by, expected) in [
            ("/api/saml/app/authn", "/api/saml/other/authn", malformed),
            (
                "https://sp.example.com/acs",
                "https://evil.example.com/acs",
                malformed,
            ),
            (
                "https://sp.example.com/acs",
                "https://sp.example.com/acs/",
                malformed,
            ),
            ("bindings:HTTP-POST", "bindings:HTTP-Artifact", malformed),
            (
                "https://sp.example.com/metadata",
                "https://evil.example.com/metadata",
                issuer,
            ),
            (
                "https://sp.example.com/metadata",
                "https://sp.example.com/metadata<!---->.evil.example",
                malformed,
            ),
            (
                "https://sp.example.com/metadata",
                "<![CDATA[x]]><x/>",
                malformed,
            ),
            (">https://sp.example.com/metadata<", "><", malformed),
            (
                "saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                "saml:Issuer xmlns:saml=\"urn:other\"",
                malformed,
            ),
            ("Version=\"2.0\"", "Version=\"1.1\"", malformed),
            ("Version=\"2.0\"", "", malformed),
            ("ID=\"_b7\"", "", malformed),
            ("ID=\"_b7\"", "ID=\"\"", malformed),
            ("_b7", &*"x".repeat(257), malformed),
            ("SAML:2.0:protocol", "SAML:1.0:protocol", malformed),
            (
                "Version=\"2.0\"",
                "Version=\"2.0\" ForceAuthn=\"maybe\"",
                malformed,
            ),
        ] {
            assert_eq!(tried(part, by).err(), Some(expected), "{by}");
        }
        let twice = "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://evil.example.com</saml:Issuer><samlp:NameIDPolicy";
        assert_eq!(tried("<samlp:NameIDPolicy", twice).err(), Some(malformed));
    }

    #[test]
    fn t42_a_request_is_new_give_or_take_five_minutes() {
        let read = AuthnRequest::read(REQUEST).unwrap();
        for (seconds, good) in [
            (-301, false),
            (-300, true),
            (0, true),
            (300, true),
            (301, false),
        ] {
            let checked = read.check(&REGISTERED, NOW.plus(seconds));
            assert_eq!(checked.is_ok(), good, "{seconds}");
        }
        let extreme = read.check(&REGISTERED, Time(i64::MIN));
        assert!(extreme.is_err());
    }

    #[test]
    fn instants_are_those_of_xml_schema() {
        for text in [
            "2026-11-21T03:26:02Z",
            "2026-11-21T03:26:02.9999999Z",
            "2026-11-21T03:26:02",
            "2026-11-21T04:56:02+01:30",
            "2026-11-20T22:26:02-05:00",
        ] {
            assert_eq!(instant(text), Some(NOW), "{text}");
        }
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T",
            "2026-11-21T03:26Z",
            "2026-11-21T3:26:02Z",
            "2026-13-21T03:26:02Z",
            "2026-11-21T03:26:02.Z",
            "2026-11-21T03:26:02+1",
            "2026-11-21T03:26:02ZZ",
            "2026-11-21T25:26:02Z",
            "2026-11-21T+3:26:02Z",
            "2026-11-21T03:26:02Zé",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn t53_entities_and_endless_documents_are_refused() {
        let bomb =
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
        let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>";
        let deep = format!("{}{}", "<a>".repeat(9_000), "</a>".repeat(9_000));
        let wide = format!("<a>{}</a>", "<a/>".repeat(15_000));
        for xml in [bomb, outside, &deep, &wide, "", "<", "nonsense"] {
            assert!(AuthnRequest::read(xml).is_err());
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in any::<String>()) {
            let _ = instant(&text);
            let _ = AuthnRequest::read(&text);
            let _ = AuthnRequest::read(&REQUEST.replace("2026-11-21", &text));
        }
    }
}
