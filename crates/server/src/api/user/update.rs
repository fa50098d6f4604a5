//! `PATCH /api/users/{userId}`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::user::Change;
use utoipa::ToSchema;

use super::{UserView, changed::keep, find_user};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    operation::{
        Refused,
        user::{self, Fields},
    },
};

/// What may change; `null` or an empty text takes a member away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserChange {
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 128>>)]
    username: Patch<Text<0, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 128>>)]
    primary_email: Patch<Text<0, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 128>>)]
    primary_phone: Patch<Text<0, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 128>>)]
    name: Patch<Text<0, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 2048>>)]
    avatar: Patch<Text<0, 2048>>,
    /// As a whole.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// As a whole.
    #[schema(value_type = Option<Object>)]
    profile: Option<Map<String, Value>>,
}

/// Changes an account; JSON members are replaced as a whole.
#[utoipa::path(
    patch,
    path = "/users/{userId}",
    operation_id = "UpdateUser",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = UserChange,
    responses((status = 200, body = UserView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<UserChange>,
) -> Result<Json<UserView>, ApiError> {
    let text = |patch: Patch<Text<0, 128>>| match patch.map(Text::into_inner).into_option() {
        None => Change::Keep,
        Some(value) => Change::To(value),
    };
    let map = |value: Option<Map<String, Value>>| value.map_or(Change::Keep, Change::To);
    let fields = Fields {
        username: text(change.username),
        primary_email: text(change.primary_email),
        primary_phone: text(change.primary_phone),
        name: text(change.name),
        avatar: match change.avatar.map(Text::into_inner).into_option() {
            None => Change::Keep,
            Some(value) => Change::To(value),
        },
        profile: map(change.profile),
        custom_data: map(change.custom_data),
    };
    let changes = user::changes(fields)?;
    let tenant = &caller.tenant;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, &tenant.id, &id).await?;
    if changes == store::user::Changes::default() {
        let message = "the body changes nothing: name a member of the account";
        return Err(Refused::new("entity.invalid_input", message).into());
    }
    let case = user::case_of(tenant);
    store::user::update(&mut tx, &tenant.id, &id, &changes, case, app.now()).await?;
    Ok(Json(
        keep(&app, tx, &caller, &id, StatusCode::OK).await?.into(),
    ))
}
