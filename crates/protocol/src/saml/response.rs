//! The answer to a service provider (SAML Core §3.3.3, Profiles §4.1.4).

use thiserror::Error;

use super::{
    attribute::Attribute,
    encryption::{NotEncrypted, Seal},
    name_id::NameId,
    signature::Signer,
    xml::Element,
};
use crate::{jose::SignError, time::Time};

/// How long an assertion is good, in seconds (`contract/logto-core.md` §4).
const LIFE: i64 = 600;
/// How far the clock of a service provider may be behind, in seconds.
const BEHIND: i64 = 60;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
const NO_PASSIVE: &str = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

/// Why there is no answer: an error of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotWritten {
    /// The library did not sign.
    #[error(transparent)]
    Signature(#[from] SignError),
    /// The library did not encrypt.
    #[error(transparent)]
    Encryption(#[from] NotEncrypted),
}

/// Whom an answer is from and to.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// A new id.
    pub id: &'a str,
    /// Our entity id.
    pub issuer: &'a str,
    /// The assertion consumer service.
    pub acs_url: &'a str,
    /// The id of the request.
    pub in_response_to: &'a str,
}

/// Who signed in, as the service provider is told.
#[derive(Clone, Debug)]
pub struct Authenticated<'a> {
    /// A new id.
    pub assertion_id: &'a str,
    /// The service provider's entity id.
    pub audience: &'a str,
    /// The person's name.
    pub name_id: NameId,
    /// What else is told.
    pub attributes: Vec<Attribute>,
    /// When the person proved who they are.
    pub authenticated_at: Time,
    /// How (RFC 8176).
    pub amr: &'a [String],
    /// What the service provider knows the sign-in by.
    pub session_index: &'a str,
}

/// How an answer is protected.
#[derive(Debug)]
pub struct Protection<'a> {
    /// What signs the assertion.
    pub signer: Signer<'a>,
    /// What encrypts it after that, if anything does.
    pub seal: Option<Seal<'a>>,
    /// Whether the answer as a whole is signed as well, after everything else.
    ///
    /// Where the assertion is encrypted, this is `encryptThenSign`: a service provider that decrypts before it verifies would find
    /// such a signature broken.
    pub signs_answer: bool,
}

impl Answer<'_> {
    /// The answer that tells who signed in: its assertion is always signed.
    ///
    /// # Errors
    /// When the library does not sign or encrypt.
    pub fn success(
        &self,
        person: &Authenticated<'_>,
        protection: Protection<'_>,
        now: Time,
    ) -> Result<String, NotWritten> {
        let Protection {
            signer,
            seal,
            signs_answer,
        } = protection;
        let assertion = signer.sign(self.assertion(person, now))?;
        let assertion = match seal {
            Some(seal) => seal.encrypt(&assertion)?,
            None => assertion,
        };
        let status = Element::new("samlp:StatusCode").attribute("Value", SUCCESS);
        let response = self.response(status, now).child(assertion);
        let response = if signs_answer {
            signer.sign(response)?
        } else {
            response
        };
        Ok(response.canonical())
    }

    /// The answer to a request with `IsPassive` for which a person would have to do something (Core §3.4.1).
    ///
    /// # Errors
    /// When the library does not sign.
    pub fn no_passive(&self, signer: Signer<'_>, now: Time) -> Result<String, NotWritten> {
        let why = Element::new("samlp:StatusCode").attribute("Value", NO_PASSIVE);
        let status = Element::new("samlp:StatusCode").attribute("Value", RESPONDER);
        let response = self.response(status.child(why), now);
        Ok(signer.sign(response)?.canonical())
    }

    fn response(&self, status: Element, now: Time) -> Element {
        Element::new("samlp:Response")
            .attribute("ID", self.id)
            .attribute("Version", "2.0")
            .attribute("IssueInstant", now.iso())
            .attribute("Destination", self.acs_url)
            .attribute("InResponseTo", self.in_response_to)
            .child(Element::new("saml:Issuer").text(self.issuer))
            .child(Element::new("samlp:Status").child(status))
    }

    fn assertion(&self, person: &Authenticated<'_>, now: Time) -> Element {
        let assertion = Element::new("saml:Assertion")
            .attribute("ID", person.assertion_id)
            .attribute("Version", "2.0")
            .attribute("IssueInstant", now.iso())
            .child(Element::new("saml:Issuer").text(self.issuer))
            .child(self.subject(person, now))
            .child(conditions(person, now))
            .child(authn_statement(person));
        // A statement without attributes is not allowed (Core §2.7.3).
        if person.attributes.is_empty() {
            return assertion;
        }
        let attributes = person.attributes.iter().map(attribute);
        assertion.child(Element::new("saml:AttributeStatement").children(attributes))
    }

    /// Who it is, and that whoever brings this within ten minutes as the answer to that request is the person (Profiles §4.1.4.2).
    fn subject(&self, person: &Authenticated<'_>, now: Time) -> Element {
        let name = Element::new("saml:NameID")
            .attribute("Format", person.name_id.format.as_str())
            .text(&person.name_id.value);
        let data = Element::new("saml:SubjectConfirmationData")
            .attribute("InResponseTo", self.in_response_to)
            .attribute("NotOnOrAfter", now.plus(LIFE).iso())
            .attribute("Recipient", self.acs_url);
        let confirmation = Element::new("saml:SubjectConfirmation")
            .attribute("Method", BEARER)
            .child(data);
        Element::new("saml:Subject").child(name).child(confirmation)
    }
}

fn conditions(person: &Authenticated<'_>, now: Time) -> Element {
    let audience = Element::new("saml:Audience").text(person.audience);
    Element::new("saml:Conditions")
        .attribute("NotBefore", now.plus(-BEHIND).iso())
        .attribute("NotOnOrAfter", now.plus(LIFE).iso())
        .child(Element::new("saml:AudienceRestriction").child(audience))
}

fn authn_statement(person: &Authenticated<'_>) -> Element {
    let class = if person.amr.iter().any(|method| method == "pwd") {
        PASSWORD
    } else {
        UNSPECIFIED
    };
    let class = Element::new("saml:AuthnContextClassRef").text(class);
    Element::new("saml:AuthnStatement")
        .attribute("AuthnInstant", person.authenticated_at.iso())
        .attribute("SessionIndex", person.session_index)
        .child(Element::new("saml:AuthnContext").child(class))
}

fn attribute(attribute: &Attribute) -> Element {
    let value = |value: &String| Element::new("saml:AttributeValue").text(value);
    Element::new("saml:Attribute")
        .attribute("Name", &attribute.name)
        .attribute("NameFormat", BASIC)
        .children(attribute.values.iter().map(value))
}

#[cfg(test)]
mod tests;
