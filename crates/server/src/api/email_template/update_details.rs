//! `PATCH /api/email-templates/{id}/details`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{details::DetailsChange, view::EmailTemplateView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Changes what a message says.
#[utoipa::path(
    patch,
    path = "/email-templates/{id}/details",
    operation_id = "UpdateEmailTemplateDetails",
    tag = "Email templates",
    params(("id" = String, Path)),
    request_body = DetailsChange,
    responses((status = 200, body = EmailTemplateView))
)]
pub(super) async fn update_details(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<DetailsChange>,
) -> Result<Json<EmailTemplateView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    store::email_template::lock(&mut tx, tenant, &id).await?;
    let found = store::email_template::find(&mut tx, tenant, &id).await?;
    let mut template = found.ok_or_else(|| Refused::not_exists("e-mail template", &id))?;
    template.details = change.apply(template.details);
    store::email_template::update(&mut tx, tenant, &id, &template.details).await?;
    app.commit(tx).await?;
    Ok(Json(EmailTemplateView::new(tenant, template)))
}
