//! What a message says, as callers write it.

use identity::message::{ContentType, Template, TemplateType};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::text::Text;

/// Longer subjects than a mail server takes in one line are nobody's wish.
type Subject = Text<1, 900>;
type Content = Text<1, 262_144>;
type Address = Text<1, 900>;

/// What a message says. All texts may hold `{{placeholders}}`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EmailTemplateDetailsInput)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewDetails {
    subject: Subject,
    content: Content,
    #[schema(nullable = false, value_type = Option<MessageContentType>)]
    content_type: Option<ContentType>,
    /// Where answers go.
    #[schema(nullable = false)]
    reply_to: Option<Address>,
    /// Whom it is from.
    #[schema(nullable = false)]
    send_from: Option<Address>,
}

/// What a message shall say; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EmailTemplateDetailsChange)]
#[serde(rename_all = "camelCase")]
pub(super) struct DetailsChange {
    #[schema(nullable = false)]
    subject: Option<Subject>,
    #[schema(nullable = false)]
    content: Option<Content>,
    #[schema(nullable = false, value_type = Option<MessageContentType>)]
    content_type: Option<ContentType>,
    /// Where answers go.
    #[schema(nullable = false)]
    reply_to: Option<Address>,
    /// Whom it is from.
    #[schema(nullable = false)]
    send_from: Option<Address>,
}

/// Whether a text is HTML.
#[derive(Serialize, ToSchema)]
#[expect(dead_code, reason = "only the document reads it")]
pub(super) enum MessageContentType {
    #[serde(rename = "text/html")]
    Html,
    #[serde(rename = "text/plain")]
    Plain,
}

/// The occasion of a message.
#[derive(Serialize, ToSchema)]
#[schema(as = TemplateType)]
#[expect(dead_code, reason = "only the document reads it")]
pub(super) enum TemplateTypeName {
    SignIn,
    Register,
    ForgotPassword,
    OrganizationInvitation,
    Generic,
    UserPermissionValidation,
    BindNewIdentifier,
    MfaVerification,
    BindMfa,
}

const _: () = assert!(TemplateTypeName::BindMfa as usize + 1 == TemplateType::ALL.len());

impl From<NewDetails> for Template {
    fn from(details: NewDetails) -> Self {
        Self {
            subject: details.subject.into(),
            content: details.content.into(),
            content_type: details.content_type,
            reply_to: details.reply_to.map(String::from),
            send_from: details.send_from.map(String::from),
        }
    }
}

impl DetailsChange {
    pub(super) fn apply(self, held: Template) -> Template {
        Template {
            subject: self.subject.map_or(held.subject, String::from),
            content: self.content.map_or(held.content, String::from),
            content_type: self.content_type.or(held.content_type),
            reply_to: self.reply_to.map(String::from).or(held.reply_to),
            send_from: self.send_from.map(String::from).or(held.send_from),
        }
    }
}
