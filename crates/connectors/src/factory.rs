//! The catalogue: which kinds of connectors there are and what each has to be told (`contract/logto-api.md` §4.1).

mod email;
mod field;
mod mock;
mod sms;
mod social;
mod standard;

use serde_json::{Map, Value};

pub use self::field::{Field, Kind};
use crate::{
    error::ConnectorError,
    secret::{Confidential, is_address},
};

/// What is no secret in an object that may hold some: how and as whom to sign in at a mail server.
const PLAIN_WITHIN: [&str; 2] = ["type", "user"];

/// A kind of connector.
#[derive(Clone, Copy, Debug)]
pub struct Factory {
    /// Such as `github-universal`.
    pub id: &'static str,
    /// What its connectors do.
    pub purpose: Purpose,
    /// What its connectors are known as, unless it is [`Factory::is_standard`].
    pub target: &'static str,
    /// Where its sign-ins happen; `None` for messages.
    pub platform: Option<Platform>,
    /// Whether it speaks a standard: any number of its connectors may exist, and each has its own target and name.
    pub is_standard: bool,
    /// Whether the tokens of its providers can be kept.
    pub stores_tokens: bool,
    /// Whether it exists for tests only.
    pub is_mock: bool,
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub description: &'static str,
    /// What its connectors have to be told.
    pub fields: &'static [Field],
}

/// What a connector is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Sends e-mail.
    Email,
    /// Sends SMS.
    Sms,
    /// Signs people in.
    Social,
}

impl Purpose {
    /// `Email`, `Sms` or `Social`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "Email",
            Self::Sms => "Sms",
            Self::Social => "Social",
        }
    }
}

/// Where a provider can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// In applications of phones.
    Native,
    /// Everywhere.
    Universal,
    /// In browsers.
    Web,
}

impl Platform {
    /// `Native`, `Universal` or `Web`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "Native",
            Self::Universal => "Universal",
            Self::Web => "Web",
        }
    }
}

/// Every factory; those for tests only when they are asked for.
pub fn all(mocks: bool) -> impl Iterator<Item = &'static Factory> {
    let lists = [email::FACTORIES, sms::FACTORIES, social::FACTORIES];
    let tests: &[Factory] = if mocks { mock::FACTORIES } else { &[] };
    lists.into_iter().chain([tests]).flatten()
}

/// The factory with this id, those for tests included.
pub fn find(id: &str) -> Option<&'static Factory> {
    all(true).find(|factory| factory.id == id)
}

impl Factory {
    const fn message(
        purpose: Purpose,
        id: &'static str,
        target: &'static str,
        name: &'static str,
        description: &'static str,
        fields: &'static [Field],
    ) -> Self {
        Self {
            id,
            purpose,
            target,
            platform: None,
            is_standard: false,
            stores_tokens: false,
            is_mock: false,
            name,
            description,
            fields,
        }
    }

    /// Checks a configuration; the error names the field.
    pub fn check(&self, config: &Map<String, Value>) -> Result<(), ConnectorError> {
        for field in self.fields {
            field.check(config.get(field.key)).map_err(|fault| {
                ConnectorError::InvalidConfig(format!("{}: {fault}", field.key))
            })?;
        }
        match self.purpose {
            Purpose::Social if crate::social::is_built(self.id) => {
                crate::social::Config::read(self.id, config).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// A configuration to start from, as the text of a JSON object.
    pub fn config_template(&self) -> String {
        let members: Map<String, Value> = self
            .fields
            .iter()
            .map(|field| (field.key.to_owned(), field.sample()))
            .collect();
        format!("{:#}", Value::Object(members))
    }

    /// What a form asks for.
    pub fn form_items(&self) -> Vec<Value> {
        self.fields.iter().map(Field::form_item).collect()
    }

    /// A picture, as an address of the scheme `data`.
    pub fn logo(&self) -> String {
        let colour = match self.purpose {
            Purpose::Email => "#7a5c3e",
            Purpose::Sms => "#3e6b5c",
            Purpose::Social => "#4a5578",
        };
        match self.id {
            "github-universal" => picture(include_str!("../../../web/pages/github.svg")),
            _ => monogram(self.name, colour),
        }
    }

    /// How to set it up, in Markdown.
    pub fn readme(&self) -> String {
        let required = self.fields.iter().filter(|field| field.required);
        let keys: Vec<String> = required.map(|field| format!("`{}`", field.key)).collect();
        let needs = match keys.as_slice() {
            [] => String::new(),
            keys => format!("\n\nIt needs: {}.", keys.join(", ")),
        };
        let callback = match self.purpose {
            Purpose::Social => {
                "\n\nRegister `<endpoint>/callback/<connector id>` as the callback address there."
            }
            _ => "",
        };
        format!("# {}\n\n{}{needs}{callback}\n", self.name, self.description)
    }

    /// Whether people can sign in, or messages be sent, with it in this version.
    pub fn is_built(&self) -> bool {
        match self.purpose {
            Purpose::Social => crate::social::is_built(self.id),
            _ => crate::message::is_built(self.id),
        }
    }
}

impl Confidential for Factory {
    /// What the factory does not know may be a secret.
    fn is_secret(&self, path: &[&str]) -> bool {
        let Some((first, within)) = path.split_first() else {
            return false;
        };
        let is_plain = within
            .last()
            .is_some_and(|member| PLAIN_WITHIN.contains(member));
        let field = self.fields.iter().find(|field| field.key == *first);
        !is_plain && field.is_none_or(Field::may_hold_secrets)
    }

    fn is_destination(&self, path: &[&str], value: &Value) -> bool {
        let Some((first, _)) = path.split_first() else {
            return false;
        };
        let field = self.fields.iter().find(|field| field.key == *first);
        field.is_some_and(|field| field.is_destination)
            || (field.is_none_or(Field::may_hold_secrets) && is_address(value))
    }
}

/// The first letter of a name in a rounded square, as an address of the scheme `data`.
pub(crate) fn monogram(name: &str, colour: &str) -> String {
    let letter = name.chars().find(|letter| letter.is_alphanumeric());
    let letter = letter.unwrap_or('?').to_uppercase();
    picture(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\">\
         <rect width=\"24\" height=\"24\" rx=\"5\" fill=\"{colour}\"/>\
         <text x=\"12\" y=\"17\" font-family=\"sans-serif\" font-size=\"14\" text-anchor=\"middle\" fill=\"#fff\">{letter}</text></svg>"
    ))
}

fn picture(svg: &str) -> String {
    let text: String = url::form_urlencoded::byte_serialize(svg.trim().as_bytes()).collect();
    format!("data:image/svg+xml,{}", text.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::{Purpose, all, find};

    #[test]
    fn no_two_factories_have_one_id_or_one_target_on_one_platform() {
        let ids: HashSet<_> = all(true).map(|factory| factory.id).collect();
        assert_eq!(ids.len(), all(true).count());
        let places: HashSet<_> = all(true)
            .map(|factory| (factory.target, factory.platform.map(super::Platform::name)))
            .collect();
        assert_eq!(places.len(), all(true).count());
    }

    #[test]
    fn only_those_who_ask_see_factories_for_tests() {
        assert_eq!(all(true).count(), all(false).count() + 4);
        assert!(all(false).all(|factory| !factory.is_mock));
    }

    /// `contract/logto-api.md` §4.1.
    #[test]
    fn every_factory_of_the_contract_is_there() {
        let count = |purpose| all(false).filter(|known| known.purpose == purpose).count();
        assert_eq!(count(Purpose::Email), 9);
        assert_eq!(count(Purpose::Sms), 11);
        assert_eq!(count(Purpose::Social), 29);
    }

    #[test]
    fn the_configuration_to_start_from_is_accepted() {
        for factory in all(true) {
            let template: Value = serde_json::from_str(&factory.config_template()).unwrap();
            let checked = factory.check(template.as_object().unwrap());
            assert!(checked.is_ok(), "{}: {checked:?}", factory.id);
        }
    }

    #[test]
    fn a_required_field_that_is_missing_is_named() {
        for factory in all(true) {
            let template: Value = serde_json::from_str(&factory.config_template()).unwrap();
            for field in factory.fields.iter().filter(|field| field.required) {
                let mut config = template.as_object().unwrap().clone();
                config.remove(field.key);
                let fault = factory.check(&config).unwrap_err().to_string();
                assert!(fault.contains(field.key), "{}: {fault}", factory.id);
            }
        }
    }

    #[test]
    fn templates_must_include_the_four_that_every_tenant_needs() {
        let smtp = find("simple-mail-transfer-protocol").unwrap();
        let mut config: Value = serde_json::from_str(&smtp.config_template()).unwrap();
        assert!(smtp.check(config.as_object().unwrap()).is_ok());
        config["templates"].as_array_mut().unwrap().pop();
        assert!(smtp.check(config.as_object().unwrap()).is_err());
        config["templates"] = json!("Generic");
        assert!(smtp.check(config.as_object().unwrap()).is_err());
    }

    #[test]
    fn a_logo_is_an_address() {
        for factory in all(true) {
            assert!(url::Url::parse(&factory.logo()).is_ok(), "{}", factory.id);
        }
    }
}
