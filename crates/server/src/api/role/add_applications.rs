//! `POST /api/roles/{id}/applications`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use protocol::client::ApplicationType;
use serde::Deserialize;
use store::{
    relation::{self, ROLE_APPLICATIONS},
    role::RoleType,
};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds},
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Who shall have the role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Applications {
    application_ids: SomeIds,
}

/// Gives a role to applications that do not have it yet.
#[utoipa::path(
    post,
    path = "/roles/{id}/applications",
    operation_id = "CreateRoleApplication",
    tag = "Roles",
    params(("id" = String, Path)),
    request_body = Applications,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add_applications(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(applications): Input<Applications>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let role = operation::role::find_changeable(&mut tx, tenant, &id).await?;
    if role.kind != RoleType::MachineToMachine {
        let message = "A role for people cannot be given to applications.";
        return Err(Refused::new("entity.db_constraint_violated", message).into());
    }
    let held = relation::children(&mut tx, ROLE_APPLICATIONS, tenant, &[&id]).await?;
    if let Some(application) = applications
        .application_ids
        .iter()
        .find(|application| held.contains(application))
    {
        let message = format!("The application {application:?} has the role already.");
        return Err(Refused::new("role.application_exists", message).into());
    }
    for application_id in applications.application_ids.iter() {
        let found = operation::application::find(&mut tx, tenant, application_id).await?;
        if found.kind != ApplicationType::MachineToMachine {
            let message = "Only machine-to-machine applications have roles.";
            return Err(Refused::new("entity.db_constraint_violated", message).into());
        }
    }
    relation::add(
        &mut tx,
        ROLE_APPLICATIONS,
        tenant,
        &[&id],
        &applications.application_ids,
    )
    .await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, "Created"))
}
