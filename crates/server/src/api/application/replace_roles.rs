//! `PUT /api/applications/{applicationId}/roles`.

use axum::extract::{Path, State};
use store::{
    relation::{self, APPLICATION_ROLES},
    role::RoleType,
};

use super::{add_roles::Roles, find::ADMIN_ROLE, roles::check};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation,
};

/// Makes these the roles of an application. Whether it may manage the tenant stays as it is.
#[utoipa::path(
    put,
    path = "/applications/{applicationId}/roles",
    operation_id = "ReplaceApplicationRoles",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    request_body = Roles,
    responses((status = 200, body = String, content_type = "text/plain"))
)]
pub(super) async fn replace_roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(roles): Input<Roles>,
) -> Result<&'static str, ApiError> {
    const KIND: RoleType = RoleType::MachineToMachine;
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    check(&mut tx, tenant, &id).await?;
    operation::role::check_kind(&mut tx, tenant, &roles.role_ids, KIND).await?;
    let held = relation::children(&mut tx, APPLICATION_ROLES, tenant, &[&id]).await?;
    let mut wanted = roles.role_ids.to_vec();
    wanted.extend(held.into_iter().filter(|role| role == ADMIN_ROLE));
    relation::replace(&mut tx, APPLICATION_ROLES, tenant, &[&id], &wanted).await?;
    app.commit(tx).await?;
    Ok("OK")
}
