//! `GET /api/applications/{applicationId}/sign-in-experience`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::application::sign_in_experience;

use super::document::Experience;
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// What an application shows instead of the tenant's sign-in experience.
#[utoipa::path(
    get,
    path = "/applications/{applicationId}/sign-in-experience",
    operation_id = "GetApplicationSignInExperience",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    responses((status = 200, body = Experience))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Experience>, ApiError> {
    let tenant = &caller.tenant.id;
    operation::application::find(app.db(), tenant, &id).await?;
    let stored = sign_in_experience::find(app.db(), tenant, &id).await?;
    let none = || Refused::not_exists("sign-in experience of the application", &id);
    let stored = stored.ok_or_else(none)?;
    Ok(Json(Experience::new(tenant, &id, &stored)))
}
