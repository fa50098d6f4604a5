//! `PUT /api/email-templates`.

use axum::{Json, extract::State};
use identity::message::TemplateType;
use serde::Deserialize;
use store::email_template::EmailTemplate;
use utoipa::ToSchema;

use super::{
    details::{NewDetails, TemplateTypeName},
    view::EmailTemplateView,
};
use crate::{
    api::{caller::Caller, custom_phrase::check_tag, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// The most templates that one request writes.
const MOST: usize = 500;

/// Messages to write.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewTemplates {
    #[schema(min_items = 1, max_items = 500)]
    templates: Vec<NewTemplate>,
}

/// A message to write.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EmailTemplateInput)]
#[serde(rename_all = "camelCase")]
struct NewTemplate {
    language_tag: Text<1, 16>,
    #[schema(value_type = TemplateTypeName)]
    template_type: TemplateType,
    details: NewDetails,
}

/// Writes messages in place of those of their languages and occasions; others stay.
#[utoipa::path(
    put,
    path = "/email-templates",
    operation_id = "ReplaceEmailTemplates",
    tag = "Email templates",
    request_body = NewTemplates,
    responses((status = 200, body = Vec<EmailTemplateView>))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewTemplates>,
) -> Result<Json<Vec<EmailTemplateView>>, ApiError> {
    if !(1..=MOST).contains(&new.templates.len()) {
        let message = format!("templates must have 1 to {MOST} entries.");
        return Err(Refused::new("guard.invalid_input", message).into());
    }
    for template in &new.templates {
        check_tag(&template.language_tag)?;
    }
    let tenant = &caller.tenant.id;
    let mut views = Vec::with_capacity(new.templates.len());
    let mut tx = caller.begin(&app).await?;
    for template in new.templates {
        let template = EmailTemplate {
            id: app.random_id(21),
            language_tag: template.language_tag.into(),
            template_type: template.template_type,
            details: template.details.into(),
            created_at: app.now(),
        };
        let template = store::email_template::set(&mut tx, tenant, &template).await?;
        views.push(EmailTemplateView::new(tenant, template));
    }
    app.commit(tx).await?;
    Ok(Json(views))
}
