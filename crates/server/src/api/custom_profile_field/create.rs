//! `POST /api/custom-profile-fields`.

use axum::{Json, extract::State, http::StatusCode};

use super::{CustomProfileFieldView, definition::NewField};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
};

/// Adds a field behind the last one.
#[utoipa::path(
    post,
    path = "/custom-profile-fields",
    operation_id = "CreateCustomProfileField",
    tag = "Custom profile fields",
    request_body = NewField,
    responses((status = 201, body = CustomProfileFieldView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewField>,
) -> Result<(StatusCode, Json<CustomProfileFieldView>), ApiError> {
    let tenant = &caller.tenant.id;
    let mut field = new.field(app.random_id(21), 0, app.now())?;
    let mut tx = caller.begin(&app).await?;
    field.sie_order = store::custom_profile_field::next_order(&mut tx, tenant).await?;
    store::custom_profile_field::insert(&mut tx, tenant, &field).await?;
    app.commit(tx).await?;
    let view = CustomProfileFieldView::new(tenant, field);
    Ok((StatusCode::CREATED, Json(view)))
}
