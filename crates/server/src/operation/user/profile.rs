//! The standard members of a profile (`contract/logto-api.md` §9.1).

use serde_json::{Map, Value};

use crate::operation::Refused;

const TEXTS: [&str; 11] = [
    "familyName",
    "givenName",
    "middleName",
    "nickname",
    "preferredUsername",
    "profile",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
];
const ADDRESS: [&str; 6] = [
    "formatted",
    "streetAddress",
    "locality",
    "region",
    "postalCode",
    "country",
];

/// Refuses members that no claim is made of.
///
/// # Errors
/// The sentence names the member.
pub fn check(profile: &Map<String, Value>) -> Result<(), Refused> {
    for (name, value) in profile {
        match (name.as_str(), value) {
            ("address", Value::Object(address)) => {
                if let Some((part, _)) = address
                    .iter()
                    .find(|(part, value)| !ADDRESS.contains(&part.as_str()) || !value.is_string())
                {
                    return Err(refused(format!(
                        "profile.address.{part} is no text member of an address"
                    )));
                }
            }
            (name, Value::String(_)) if TEXTS.contains(&name) => {}
            (name, _) => {
                return Err(refused(format!(
                    "profile.{name} is no text member of a profile"
                )));
            }
        }
    }
    Ok(())
}

fn refused(message: String) -> Refused {
    Refused::new("guard.invalid_input", message)
}
