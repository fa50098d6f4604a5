//! `POST /api/custom-profile-fields/batch`.

use axum::{Json, extract::State, http::StatusCode};

use super::{CustomProfileFieldView, definition::NewField};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// The most fields of one request.
const MOST: usize = 20;

/// Adds several fields behind the last one, or none of them.
#[utoipa::path(
    post,
    path = "/custom-profile-fields/batch",
    operation_id = "CreateCustomProfileFieldsBatch",
    tag = "Custom profile fields",
    request_body = Vec<NewField>,
    responses((status = 201, body = Vec<CustomProfileFieldView>))
)]
pub(super) async fn create_batch(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<Vec<NewField>>,
) -> Result<(StatusCode, Json<Vec<CustomProfileFieldView>>), ApiError> {
    if new.len() > MOST {
        let message = format!("expected at most {MOST} fields, received {}", new.len());
        return Err(Refused::new("guard.invalid_input", message).into());
    }
    let tenant = &caller.tenant.id;
    let fields: Result<Vec<_>, Refused> = new
        .into_iter()
        .map(|new| new.field(app.random_id(21), 0, app.now()))
        .collect();
    let mut fields = fields?;
    let mut tx = caller.begin(&app).await?;
    let first = store::custom_profile_field::next_order(&mut tx, tenant).await?;
    for (place, field) in (first..).zip(&mut fields) {
        field.sie_order = place;
        store::custom_profile_field::insert(&mut tx, tenant, field).await?;
    }
    app.commit(tx).await?;
    let views = CustomProfileFieldView::list(tenant, fields);
    Ok((StatusCode::CREATED, Json(views)))
}
