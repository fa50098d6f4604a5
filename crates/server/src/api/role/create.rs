//! `POST /api/roles`.

use axum::{Json, extract::State};
use serde::Deserialize;
use store::role::{Role, RoleType};
use utoipa::ToSchema;

use super::{RoleKind, RoleView};
use crate::{
    api::{caller::Caller, input::Input, list::Ids, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation,
};

/// A role to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewRole {
    name: Text<1, 128>,
    description: Text<1, 128>,
    /// Who can have it; that cannot change later.
    #[serde(default)]
    #[schema(value_type = Option<RoleKind>)]
    r#type: RoleType,
    /// Whether new users get it.
    #[serde(default)]
    is_default: bool,
    /// What it allows.
    #[serde(default)]
    scope_ids: Ids,
}

/// Makes a role.
#[utoipa::path(
    post,
    path = "/roles",
    operation_id = "CreateRole",
    tag = "Roles",
    request_body = NewRole,
    responses((status = 200, body = RoleView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewRole>,
) -> Result<Json<RoleView>, ApiError> {
    let tenant = &caller.tenant.id;
    operation::role::check_name(&new.name)?;
    let role = Role {
        id: app.random_id(21),
        name: new.name.into(),
        description: new.description.into(),
        kind: new.r#type,
        is_default: new.is_default,
    };
    let mut tx = caller.begin(&app).await?;
    store::role::insert(&mut tx, tenant, &role).await?;
    let scopes = operation::role::allow(&mut tx, tenant, &role, &new.scope_ids).await?;
    let view = RoleView::new(tenant, role);
    raise(
        &app,
        &mut tx,
        &caller,
        Event::RoleCreated,
        view.id(),
        200,
        &view,
    )
    .await?;
    if !scopes.is_empty() {
        raise(
            &app,
            &mut tx,
            &caller,
            Event::RoleScopesUpdated,
            view.id(),
            200,
            &scopes,
        )
        .await?;
    }
    app.commit(tx).await?;
    Ok(Json(view))
}
