//! A template as callers see it.

use identity::message::{ContentType, Template, TemplateType};
use serde::Serialize;
use store::email_template::EmailTemplate;
use utoipa::ToSchema;

use super::details::{MessageContentType, TemplateTypeName};
use crate::api::millis::Millis;

/// A message of the tenant's own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailTemplate)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailTemplateView {
    tenant_id: String,
    id: String,
    language_tag: String,
    #[schema(value_type = TemplateTypeName)]
    template_type: TemplateType,
    details: DetailsView,
    created_at: Millis,
}

/// What a message says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailTemplateDetails)]
#[serde(rename_all = "camelCase")]
struct DetailsView {
    subject: String,
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<MessageContentType>)]
    content_type: Option<ContentType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    send_from: Option<String>,
}

impl EmailTemplateView {
    pub(super) fn new(tenant: &str, template: EmailTemplate) -> Self {
        Self {
            tenant_id: tenant.to_owned(),
            id: template.id,
            language_tag: template.language_tag,
            template_type: template.template_type,
            details: template.details.into(),
            created_at: template.created_at.into(),
        }
    }
}

impl From<Template> for DetailsView {
    fn from(details: Template) -> Self {
        Self {
            subject: details.subject,
            content: details.content,
            content_type: details.content_type,
            reply_to: details.reply_to,
            send_from: details.send_from,
        }
    }
}
