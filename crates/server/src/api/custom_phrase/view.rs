//! The operator's own words as callers see them.

use serde::Serialize;
use serde_json::{Map, Value};
use store::custom_phrase::CustomPhrase;
use utoipa::ToSchema;

/// The operator's own words in one language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomPhrase)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomPhraseView {
    tenant_id: String,
    id: String,
    language_tag: String,
    /// Words by nested keys.
    #[schema(value_type = Object)]
    translation: Map<String, Value>,
}

impl CustomPhraseView {
    /// The words of a tenant.
    pub(super) fn new(tenant_id: &str, phrase: CustomPhrase) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: phrase.id,
            language_tag: phrase.language_tag,
            translation: phrase.translation,
        }
    }
}
