//! `GET /api/custom-profile-fields/{name}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::CustomProfileFieldView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// One field.
#[utoipa::path(
    get,
    path = "/custom-profile-fields/{name}",
    operation_id = "GetCustomProfileFieldByName",
    tag = "Custom profile fields",
    params(("name" = String, Path)),
    responses((status = 200, body = CustomProfileFieldView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<CustomProfileFieldView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = store::custom_profile_field::find(app.db(), tenant, &name).await?;
    let field = found.ok_or_else(|| Refused::not_found("custom profile field", &name))?;
    Ok(Json(CustomProfileFieldView::new(tenant, field)))
}
