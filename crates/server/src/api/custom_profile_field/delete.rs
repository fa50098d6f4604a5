//! `DELETE /api/custom-profile-fields/{name}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Map, Value};
use store::Tx;

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
    tenant::Tenant,
};

/// Forgets a field; it goes from the sign-in experience and the account center too.
#[utoipa::path(
    delete,
    path = "/custom-profile-fields/{name}",
    operation_id = "DeleteCustomProfileFieldByName",
    tag = "Custom profile fields",
    params(("name" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant;
    let mut tx = caller.begin(&app).await?;
    if !store::custom_profile_field::delete(&mut tx, &tenant.id, &name).await? {
        return Err(Refused::not_found("custom profile field", &name).into());
    }
    take_from_lists(&mut tx, tenant, &name).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn take_from_lists(tx: &mut Tx, tenant: &Tenant, name: &str) -> Result<(), ApiError> {
    let mut experience = operation::experience::find(&mut *tx, &tenant.id).await?;
    if takes(&mut experience, "signUpProfileFields", name) {
        operation::experience::save(tx, &tenant.id, experience).await?;
    }
    if let Some(mut center) = store::account_center::find(&mut *tx, &tenant.id).await?
        && takes(&mut center, "profileFields", name)
    {
        store::account_center::set(tx, &tenant.id, &center).await?;
    }
    Ok(())
}

/// Takes the field from a list of `{name}`; `false` when it was not there.
fn takes(document: &mut Map<String, Value>, list: &str, name: &str) -> bool {
    let Some(Value::Array(fields)) = document.get_mut(list) else {
        return false;
    };
    let before = fields.len();
    fields.retain(|field| field["name"] != name);
    fields.len() < before
}
