//! `PUT /api/custom-profile-fields/{name}`.

use axum::{
    Json,
    extract::{Path, State},
};
use identity::profile_field::Strictness;

use super::{CustomProfileFieldView, definition::FieldDefinition};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Defines a field anew; name and place stay.
#[utoipa::path(
    put,
    path = "/custom-profile-fields/{name}",
    operation_id = "UpdateCustomProfileFieldByName",
    tag = "Custom profile fields",
    params(("name" = String, Path)),
    request_body = FieldDefinition,
    responses((status = 200, body = CustomProfileFieldView))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Input(definition): Input<FieldDefinition>,
) -> Result<Json<CustomProfileFieldView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::custom_profile_field::find(&mut tx, tenant, &name).await?;
    let mut field =
        found.ok_or_else(|| Refused::nothing_to_change("custom profile field", &name))?;
    definition.apply(&mut field, Strictness::Complete)?;
    store::custom_profile_field::update(&mut tx, tenant, &field).await?;
    app.commit(tx).await?;
    Ok(Json(CustomProfileFieldView::new(tenant, field)))
}
