//! `GET /api/email-templates`.

use axum::{Json, extract::State};
use identity::message::TemplateType;
use serde::Deserialize;
use store::email_template::Wanted;
use utoipa::IntoParams;

use super::{details::TemplateTypeName, view::EmailTemplateView};
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
};

/// Which templates are meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those of this language.
    language_tag: Option<String>,
    /// Only those of this occasion.
    #[param(value_type = Option<TemplateTypeName>, inline)]
    template_type: Option<TemplateType>,
}

impl Asked {
    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            language_tag: self.language_tag.as_deref(),
            template_type: self.template_type,
        }
    }
}

/// The tenant's own messages, by language and occasion.
#[utoipa::path(
    get,
    path = "/email-templates",
    operation_id = "ListEmailTemplates",
    tag = "Email templates",
    params(Asked),
    responses((status = 200, body = Vec<EmailTemplateView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<EmailTemplateView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let known = store::email_template::list(app.db(), tenant, asked.wanted()).await?;
    let views = known.into_iter();
    Ok(Json(
        views
            .map(|template| EmailTemplateView::new(tenant, template))
            .collect(),
    ))
}
