//! The tenant's own messages.

use identity::message::{Template, TemplateType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::email_template::{self, Wanted};

use super::kind::{Kind, World, object, shaped_input};
use crate::{
    api::{custom_phrase::check_tag, email_template::NewDetails},
    operation::OperationError,
    random,
};

/// A message of one language and occasion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EmailTemplate {
    language_tag: String,
    template_type: TemplateType,
    details: Map<String, Value>,
}

const DETAILS: &[&str] = &["subject", "content", "contentType", "replyTo", "sendFrom"];

impl Kind for EmailTemplate {
    const SECTION: &'static str = "emailTemplates";
    const NOUN: &'static str = "e-mail template";
    const KEYS: &'static [&'static [&'static str]] = &[&["languageTag", "templateType"]];
    const PARTIAL: &'static [&'static str] = &["details"];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let wanted = Wanted::default();
        let found = email_template::list(&mut *world.tx, world.tenant, wanted).await?;
        let templates = found.into_iter().map(|found| Self {
            language_tag: found.language_tag,
            template_type: found.template_type,
            details: object(&found.details),
        });
        let mut templates: Vec<Self> = templates.collect();
        templates.sort_by_key(Self::name);
        Ok(templates)
    }

    async fn write(&self, world: &mut World<'_>, _: Option<&Self>) -> Result<(), OperationError> {
        check_tag(&self.language_tag)?;
        let details: NewDetails = shaped_input("details", &self.details, DETAILS)?;
        let template = email_template::EmailTemplate {
            id: random::id(21),
            language_tag: self.language_tag.clone(),
            template_type: self.template_type,
            details: Template::from(details),
            created_at: world.now,
        };
        email_template::set(world.tx, world.tenant, &template).await?;
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        let wanted = Wanted {
            language_tag: Some(&self.language_tag),
            template_type: Some(self.template_type),
        };
        email_template::delete_all(world.tx, world.tenant, wanted).await?;
        Ok(())
    }

    fn name(&self) -> String {
        format!("{} {}", self.language_tag, self.template_type.as_str())
    }
}
