//! `PATCH /api/users/{userId}/custom-data`.

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
#[serde(rename_all = "camelCase")]
pub(super) struct CustomDataChange {
    #[schema(value_type = Object)]
    custom_data: Map<String, Value>,
}

/// Changes what applications store with an account, member by member.
#[utoipa::path(
    patch,
    path = "/users/{userId}/custom-data",
    operation_id = "UpdateUserCustomData",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = CustomDataChange,
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn update_custom_data(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<CustomDataChange>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let tenant = &caller.tenant;
    let mut tx = caller.begin(&app).await?;
    let mut user = find_user(&mut tx, &tenant.id, &id).await?;
    user.custom_data.extend(change.custom_data);
    let changes = Changes {
        custom_data: Change::To(user.custom_data),
        ..Changes::default()
    };
    let case = user::case_of(tenant);
    store::user::update(&mut tx, &tenant.id, &id, &changes, case, app.now()).await?;
    Ok(Json(
        keep(&app, tx, &caller, &id, StatusCode::OK)
            .await?
            .custom_data,
    ))
}
