//! A profile field as callers see it.

use serde::Serialize;
use serde_json::{Map, Value};
use store::custom_profile_field::CustomProfileField;
use utoipa::ToSchema;

use crate::api::millis::Millis;

/// A field of people's profiles.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomProfileField)]
#[serde(rename_all = "camelCase")]
pub struct CustomProfileFieldView {
    tenant_id: String,
    id: String,
    /// Its key in the profile or the custom data.
    name: String,
    /// `Text`, `Number`, `Date`, `Checkbox`, `Select`, `Url`, `Regex`, `Address` or `Fullname`.
    r#type: &'static str,
    label: String,
    description: Option<String>,
    required: bool,
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    created_at: Millis,
    /// Its place in the form.
    sie_order: i64,
}

impl CustomProfileFieldView {
    /// The field of a tenant.
    pub fn new(tenant_id: &str, field: CustomProfileField) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: field.id,
            name: field.name,
            r#type: field.kind.as_str(),
            label: field.label,
            description: field.description,
            required: field.required,
            config: field.config,
            created_at: field.created_at.into(),
            sie_order: field.sie_order,
        }
    }

    /// The fields of a tenant.
    pub fn list(tenant_id: &str, fields: Vec<CustomProfileField>) -> Vec<Self> {
        let views = fields.into_iter().map(|field| Self::new(tenant_id, field));
        views.collect()
    }
}
