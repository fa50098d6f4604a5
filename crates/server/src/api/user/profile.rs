//! `PATCH /api/users/{userId}/profile`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::user::{Change, Changes};
use utoipa::ToSchema;

use super::{changed::keep, find_user};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::user,
};

/// Members to put in the place of those before.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ProfileChange {
    #[schema(value_type = Object)]
    profile: Map<String, Value>,
}

/// Changes the profile of an account, member by member.
#[utoipa::path(
    patch,
    path = "/users/{userId}/profile",
    operation_id = "UpdateUserProfile",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = ProfileChange,
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn profile(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<ProfileChange>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    user::check_profile(&change.profile)?;
    let tenant = &caller.tenant;
    let mut tx = caller.begin(&app).await?;
    let mut user = find_user(&mut tx, &tenant.id, &id).await?;
    user.profile.extend(change.profile);
    let changes = Changes {
        profile: Change::To(user.profile),
        ..Changes::default()
    };
    let case = user::case_of(tenant);
    store::user::update(&mut tx, &tenant.id, &id, &changes, case, app.now()).await?;
    Ok(Json(
        keep(&app, tx, &caller, &id, StatusCode::OK).await?.profile,
    ))
}
