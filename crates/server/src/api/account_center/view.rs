//! The account center as callers see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What people may see and change of their own account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountCenter)]
#[serde(rename_all = "camelCase")]
pub struct AccountCenterView {
    tenant_id: String,
    /// Always `default`: a tenant has one.
    id: &'static str,
    #[serde(flatten)]
    settings: Settings,
}

/// The settings, as they are stored.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    pub(super) enabled: bool,
    /// By name of the field; what is left out is off.
    #[schema(value_type = Fields)]
    pub(super) fields: BTreeMap<String, Access>,
    /// Other origins that passkeys of this tenant work at.
    pub(super) webauthn_related_origins: Vec<String>,
    /// Where people ask for their account to be deleted.
    pub(super) delete_account_url: Option<String>,
    pub(super) custom_css: Option<String>,
    /// Which profile fields are shown, in order; all of them when `null`.
    pub(super) profile_fields: Option<Vec<FieldName>>,
}

/// What people may do with a field.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) enum Access {
    /// Neither see nor change it.
    Off,
    /// See it.
    ReadOnly,
    /// See and change it.
    Edit,
}

/// Every field.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    social: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_data: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted_device: Option<Access>,
}

/// Their names.
pub(crate) const FIELDS: [&str; 13] = [
    "name",
    "avatar",
    "profile",
    "email",
    "phone",
    "password",
    "username",
    "social",
    "customData",
    "mfa",
    "passkey",
    "session",
    "trustedDevice",
];

impl Fields {
    /// Those that say something, by name.
    pub(super) fn said(&self) -> BTreeMap<String, Access> {
        serde_json::from_value(json!(self)).unwrap_or_default()
    }
}

/// The name of a profile field.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct FieldName {
    pub(super) name: String,
}

impl AccountCenterView {
    /// What is stored for the tenant, or what an account center begins with.
    pub fn new(tenant_id: &str, stored: Option<Map<String, Value>>) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: "default",
            settings: Settings::read(stored),
        }
    }
}

impl Settings {
    /// What is stored; what does not read is as at the beginning.
    pub(crate) fn read(stored: Option<Map<String, Value>>) -> Self {
        let stored = Value::Object(stored.unwrap_or_default());
        serde_json::from_value(stored).unwrap_or_default()
    }

    /// What is stored of it.
    pub(crate) fn write(&self) -> Map<String, Value> {
        match json!(self) {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::{FIELDS, Fields};

    #[test]
    fn every_field_has_its_name() {
        let all: Map<String, Value> = FIELDS
            .iter()
            .map(|name| ((*name).to_owned(), "Edit".into()))
            .collect();
        let fields: Fields = serde_json::from_value(Value::Object(all)).unwrap();
        let Value::Object(known) = serde_json::to_value(&fields).unwrap() else {
            panic!("fields are an object");
        };
        assert_eq!(known.len(), FIELDS.len());
        let everything = serde_json::to_string(&fields).unwrap();
        assert!(!everything.contains("Off"), "{everything}");
    }
}
