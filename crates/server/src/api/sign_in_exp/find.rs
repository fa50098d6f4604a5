//! `GET /api/sign-in-exp`.

use axum::{Json, extract::State};
use serde_json::Value;

use super::document::{SignInExperienceView, view};
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// How the tenant's people sign in.
#[utoipa::path(
    get,
    path = "/sign-in-exp",
    operation_id = "GetSignInExp",
    tag = "Sign-in experience",
    responses((status = 200, body = SignInExperienceView))
)]
pub(super) async fn find(State(app): State<App>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let document = operation::experience::find(app.db(), &caller.tenant.id).await?;
    Ok(Json(view(&caller.tenant.id, document)))
}
