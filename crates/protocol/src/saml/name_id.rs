//! How an assertion names its person (SAML Core §2.2.3, §8.3).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Refused;

/// The kind of name that a service provider gets, whatever `NameIDPolicy` its requests hold: the operator decides (`contract/logto-core.md` §4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameIdFormat {
    /// The user's id.
    #[default]
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")]
    Persistent,
    /// The user's verified e-mail address.
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")]
    EmailAddress,
    /// Another one each time.
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")]
    Transient,
    /// The user's id, without saying so.
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified")]
    Unspecified,
}

/// A name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameId {
    /// Its kind.
    pub format: NameIdFormat,
    /// The name itself.
    pub value: String,
}

impl NameIdFormat {
    /// Its URN.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        }
    }

    /// The name of a person with these claims; `drawn` was never used before.
    ///
    /// # Errors
    /// When an e-mail address is wanted and the person has no verified one: a service provider takes such an address for who somebody
    /// is (T31).
    pub fn name(
        self,
        user_id: &str,
        person: &Map<String, Value>,
        drawn: &str,
    ) -> Result<NameId, Refused> {
        let value = match self {
            Self::Persistent | Self::Unspecified => user_id,
            Self::Transient => drawn,
            Self::EmailAddress => {
                let email = person.get("email").and_then(Value::as_str);
                let email = email.filter(|email| !email.is_empty()).ok_or_else(|| {
                    let message = "The application names people by their e-mail address, and this account has none.";
                    Refused::new("application.saml.missing_email_address", message)
                })?;
                if person.get("email_verified") != Some(&Value::Bool(true)) {
                    let message = "The application names people by their e-mail address, and this account's is not verified.";
                    let code = "application.saml.email_address_unverified";
                    return Err(Refused::new(code, message));
                }
                email
            }
        };
        Ok(NameId {
            format: self,
            value: value.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::NameIdFormat::{self, EmailAddress, Persistent, Transient, Unspecified};

    fn name(format: NameIdFormat, person: Value) -> Result<String, &'static str> {
        let name = format.name("ann", person.as_object().unwrap(), "drawn");
        name.map(|name| name.value).map_err(|refused| refused.code)
    }

    #[test]
    fn each_format_names_people_in_its_way() {
        let person = json!({ "email": "ann@example.com", "email_verified": true });
        for (format, expected) in [
            (Persistent, "ann"),
            (Unspecified, "ann"),
            (Transient, "drawn"),
            (EmailAddress, "ann@example.com"),
        ] {
            assert_eq!(name(format, person.clone()), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn t31_an_address_that_nobody_verified_is_no_name() {
        let missing = "application.saml.missing_email_address";
        let unverified = "application.saml.email_address_unverified";
        for (person, expected) in [
            (json!({}), missing),
            (json!({ "email": "" }), missing),
            (json!({ "email": "ann@example.com" }), unverified),
            (
                json!({ "email": "ann@example.com", "email_verified": false }),
                unverified,
            ),
            (
                json!({ "email": "ann@example.com", "email_verified": "true" }),
                unverified,
            ),
        ] {
            assert_eq!(name(EmailAddress, person), Err(expected));
        }
    }

    #[test]
    fn a_format_is_written_as_its_urn() {
        for format in [Persistent, EmailAddress, Transient, Unspecified] {
            assert_eq!(json!(format), json!(format.as_str()));
        }
    }
}
