//! `GET /api/custom-profile-fields`.

use axum::{Json, extract::State};

use super::CustomProfileFieldView;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// All fields in the order of the form.
#[utoipa::path(
    get,
    path = "/custom-profile-fields",
    operation_id = "ListCustomProfileFields",
    tag = "Custom profile fields",
    responses((status = 200, body = Vec<CustomProfileFieldView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<CustomProfileFieldView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let fields = store::custom_profile_field::list(app.db(), tenant).await?;
    Ok(Json(CustomProfileFieldView::list(tenant, fields)))
}
