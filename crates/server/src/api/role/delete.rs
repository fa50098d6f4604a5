//! `DELETE /api/roles/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::{self, Refused},
};

/// Forgets a role and takes it from everybody.
#[utoipa::path(
    delete,
    path = "/roles/{id}",
    operation_id = "DeleteRole",
    tag = "Roles",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::role::find(&mut tx, tenant, &id).await?;
    let role = found.ok_or_else(|| Refused::not_found("role", &id))?;
    operation::role::check_name(&role.name)?;
    store::role::delete(&mut tx, tenant, &id).await?;
    raise(&app, &mut tx, &caller, Event::RoleDeleted, &id, 204, &()).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
