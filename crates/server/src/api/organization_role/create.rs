//! `POST /api/organization-roles`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use store::{
    organization_role::OrganizationRole,
    relation::{self, ORGANIZATION_ROLE_RESOURCE_SCOPES, ORGANIZATION_ROLE_SCOPES},
    role::RoleType,
};
use utoipa::ToSchema;

use super::OrganizationRoleView;
use crate::{
    api::{
        caller::Caller, input::Input, list::Ids, organization::relation::refused, role::RoleKind,
        text::Text,
    },
    app::App,
    error::ApiError,
    hook::{Event, raise},
};

/// An organization role to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewOrganizationRole {
    name: Text<1, 128>,
    description: Option<Text<0, 256>>,
    /// Who can have it.
    #[serde(default)]
    #[schema(value_type = Option<RoleKind>)]
    r#type: RoleType,
    /// What it allows in the organization.
    #[serde(default)]
    organization_scope_ids: Ids,
    /// What it allows at APIs.
    #[serde(default)]
    resource_scope_ids: Ids,
}

/// Makes an organization role.
#[utoipa::path(
    post,
    path = "/organization-roles",
    operation_id = "CreateOrganizationRole",
    tag = "Organization roles",
    request_body = NewOrganizationRole,
    responses((status = 201, body = OrganizationRoleView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewOrganizationRole>,
) -> Result<(StatusCode, Json<OrganizationRoleView>), ApiError> {
    let tenant = &caller.tenant.id;
    let role = OrganizationRole {
        id: app.random_id(21),
        name: new.name.into(),
        description: new.description.map(String::from),
        kind: new.r#type,
    };
    let mut tx = caller.begin(&app).await?;
    store::organization_role::insert(&mut tx, tenant, &role).await?;
    for (relation, ids) in [
        (ORGANIZATION_ROLE_SCOPES, &new.organization_scope_ids),
        (ORGANIZATION_ROLE_RESOURCE_SCOPES, &new.resource_scope_ids),
    ] {
        let added = relation::add(&mut tx, relation, tenant, &[&role.id], ids).await;
        added.map_err(refused)?;
    }
    let view = OrganizationRoleView::new(tenant, role);
    let event = Event::OrganizationRoleCreated;
    raise(&app, &mut tx, &caller, event, view.id(), 201, &view).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
