//! What an assertion tells of its person (SAML Core §2.7.3).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{name_id::NameIdFormat, service_provider::ServiceProvider};
use crate::{claims, scope::ScopeSet};

/// Claims that are told under their own names to a service provider without a mapping (`contract/logto-core.md` §4).
pub const DEFAULT: [&str; 3] = ["sub", "email", "name"];

/// An attribute with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What the service provider calls it.
    pub name: String,
    /// At least one.
    pub values: Vec<String>,
}

impl ServiceProvider {
    /// The attributes by the claims that they carry.
    fn mapping(&self) -> BTreeMap<&str, &str> {
        if self.attribute_mapping.is_empty() {
            return DEFAULT.map(|claim| (claim, claim)).into();
        }
        let mapped = self.attribute_mapping.iter();
        mapped
            .map(|(claim, name)| (claim.as_str(), name.as_str()))
            .collect()
    }

    /// The scopes without which its attributes would be empty: what is asked for at a sign-in. `offline_access` is never among them.
    pub fn scope(&self) -> ScopeSet {
        let mut scope = ScopeSet::parse("openid");
        for claim in self.mapping().into_keys() {
            if let Some(name) = claims::scope_of(claim) {
                scope.insert(name);
            }
        }
        if self.name_id_format == NameIdFormat::EmailAddress {
            scope.insert("email");
        }
        scope
    }

    /// The attributes of a person with these claims. Those without a value are left out.
    pub fn attributes(&self, user_id: &str, person: &Map<String, Value>) -> Vec<Attribute> {
        let attribute = |(claim, name): (&str, &str)| {
            let values = match claim {
                "sub" => vec![user_id.to_owned()],
                _ => values(person.get(claim)?),
            };
            (!values.is_empty()).then(|| Attribute {
                name: name.to_owned(),
                values,
            })
        };
        self.mapping().into_iter().filter_map(attribute).collect()
    }
}

/// A list is as many values; what has members is JSON.
fn values(claim: &Value) -> Vec<String> {
    match claim {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(values).collect(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Attribute;
    use crate::saml::{
        name_id::NameIdFormat, samples::service_provider, service_provider::ServiceProvider,
    };

    fn mapped(pairs: &[(&str, &str)]) -> ServiceProvider {
        let mut provider = service_provider();
        let pairs = pairs.iter();
        provider.attribute_mapping = pairs
            .map(|(claim, name)| ((*claim).to_owned(), (*name).to_owned()))
            .collect();
        provider
    }

    fn attributes(provider: &ServiceProvider, person: Value) -> Vec<(String, Vec<String>)> {
        let attributes = provider.attributes("ann", person.as_object().unwrap());
        let pair = |Attribute { name, values }| (name, values);
        attributes.into_iter().map(pair).collect()
    }

    #[test]
    fn without_a_mapping_id_address_and_name_are_told() {
        let person = json!({ "name": "Ann", "email": "ann@example.com", "roles": ["x"] });
        let told = attributes(&service_provider(), person);
        let expected = [
            ("email", "ann@example.com"),
            ("name", "Ann"),
            ("sub", "ann"),
        ]
        .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        assert_eq!(told, expected);
    }

    #[test]
    fn claims_go_under_the_names_that_the_service_provider_has_for_them() {
        let provider = mapped(&[
            ("roles", "groups"),
            ("email_verified", "verified"),
            ("address", "address"),
            ("name", "cn"),
            ("nickname", "nick"),
            ("organizations", "org"),
            ("created_at", "since"),
        ]);
        let person = json!({
            "roles": ["admin", "clerk"], "email_verified": true, "address": { "country": "NO" },
            "name": "Ann", "nickname": null, "organizations": [], "created_at": 5, "username": "not mapped",
        });
        let told = attributes(&provider, person);
        let expected = [
            ("address", vec!["{\"country\":\"NO\"}"]),
            ("since", vec!["5"]),
            ("verified", vec!["true"]),
            ("cn", vec!["Ann"]),
            ("groups", vec!["admin", "clerk"]),
        ]
        .map(|(name, values)| {
            (
                name.to_owned(),
                values.into_iter().map(str::to_owned).collect(),
            )
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn no_more_scopes_are_asked_for_than_the_attributes_need() {
        let mut by_email = mapped(&[("sub", "uid")]);
        by_email.name_id_format = NameIdFormat::EmailAddress;
        for (provider, expected) in [
            (service_provider(), "openid email profile"),
            (mapped(&[("sub", "uid")]), "openid"),
            (
                mapped(&[("roles", "r"), ("username", "u")]),
                "openid roles profile",
            ),
            (
                mapped(&[("organization_data", "o")]),
                "openid urn:logto:scope:organizations",
            ),
            (by_email, "openid email"),
        ] {
            assert_eq!(provider.scope().to_string(), expected);
        }
    }
}
