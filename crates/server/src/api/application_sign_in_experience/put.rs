//! `PUT /api/applications/{applicationId}/sign-in-experience`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use store::application::sign_in_experience;

use super::document::{Change, Experience};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation,
};

/// Changes what an application shows; what is left out stays.
#[utoipa::path(
    put,
    path = "/applications/{applicationId}/sign-in-experience",
    operation_id = "ReplaceApplicationSignInExperience",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    request_body = Change,
    responses(
        (status = 200, body = Experience),
        (status = 201, body = Experience, description = "The application had none before.")
    )
)]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<Change>,
) -> Result<(StatusCode, Json<Experience>), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    operation::application::find(&mut tx, tenant, &id).await?;
    let before = sign_in_experience::find(&mut tx, tenant, &id).await?;
    let status = match before {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    let after = change.apply(before.unwrap_or_default());
    sign_in_experience::set(&mut tx, tenant, &id, &after).await?;
    app.commit(tx).await?;
    Ok((status, Json(Experience::new(tenant, &id, &after))))
}
