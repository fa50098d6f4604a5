//! `GET /api/email-templates/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::view::EmailTemplateView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// One message of the tenant's own.
#[utoipa::path(
    get,
    path = "/email-templates/{id}",
    operation_id = "GetEmailTemplate",
    tag = "Email templates",
    params(("id" = String, Path)),
    responses((status = 200, body = EmailTemplateView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EmailTemplateView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = store::email_template::find(app.db(), tenant, &id).await?;
    let found = found.ok_or_else(|| Refused::not_exists("e-mail template", &id))?;
    Ok(Json(EmailTemplateView::new(tenant, found)))
}
