//! The document as callers see and send it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::api::{
    patch::Patch,
    sign_in_exp::{Branding, PartialColor, WebAddress, members},
    text::Text,
};

/// What an application shows instead of the tenant's sign-in experience.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationSignInExperience)]
#[serde(rename_all = "camelCase")]
pub(super) struct Experience {
    tenant_id: String,
    application_id: String,
    #[schema(value_type = PartialColor)]
    color: Map<String, Value>,
    #[schema(value_type = Branding)]
    branding: Map<String, Value>,
    custom_css: Option<String>,
    display_name: Option<String>,
    terms_of_use_url: Option<String>,
    privacy_policy_url: Option<String>,
}

/// What of it changes.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationSignInExperienceChange)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    color: Option<PartialColor>,
    branding: Option<Branding>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 65536>>)]
    custom_css: Patch<Text<0, 65536>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 256>>)]
    display_name: Patch<Text<0, 256>>,
    #[serde(default)]
    #[schema(value_type = Option<WebAddress>)]
    terms_of_use_url: Patch<WebAddress>,
    #[serde(default)]
    #[schema(value_type = Option<WebAddress>)]
    privacy_policy_url: Patch<WebAddress>,
}

impl Experience {
    /// The stored document.
    pub(super) fn new(tenant_id: &str, application_id: &str, stored: &Map<String, Value>) -> Self {
        let part = |name: &str| stored.get(name).and_then(Value::as_object).cloned();
        let text = |name: &str| stored.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            tenant_id: tenant_id.to_owned(),
            application_id: application_id.to_owned(),
            color: part("color").unwrap_or_default(),
            branding: part("branding").unwrap_or_default(),
            custom_css: text("customCss"),
            display_name: text("displayName"),
            terms_of_use_url: text("termsOfUseUrl"),
            privacy_policy_url: text("privacyPolicyUrl"),
        }
    }
}

impl Change {
    /// The stored document with the change in it. What the change does not mention stays.
    pub(crate) fn apply(self, mut stored: Map<String, Value>) -> Map<String, Value> {
        if let Some(color) = self.color {
            stored.insert("color".to_owned(), members(&color).into());
        }
        if let Some(branding) = self.branding {
            stored.insert("branding".to_owned(), members(&branding).into());
        }
        for (name, text) in [
            ("customCss", self.custom_css.map(|text| json!(text))),
            ("displayName", self.display_name.map(|text| json!(text))),
            (
                "termsOfUseUrl",
                self.terms_of_use_url.map(|text| json!(text)),
            ),
            (
                "privacyPolicyUrl",
                self.privacy_policy_url.map(|text| json!(text)),
            ),
        ] {
            if let Some(text) = text.into_option() {
                stored.insert(name.to_owned(), text.unwrap_or_default());
            }
        }
        stored
    }
}
