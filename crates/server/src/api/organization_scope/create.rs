//! `POST /api/organization-scopes`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use store::organization_scope::OrganizationScope;
use utoipa::ToSchema;

use super::OrganizationScopeView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
};

/// An organization scope to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewOrganizationScope {
    name: Text<1, 128>,
    description: Option<Text<0, 256>>,
}

/// Makes an organization scope.
#[utoipa::path(
    post,
    path = "/organization-scopes",
    operation_id = "CreateOrganizationScope",
    tag = "Organization scopes",
    request_body = NewOrganizationScope,
    responses((status = 201, body = OrganizationScopeView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewOrganizationScope>,
) -> Result<(StatusCode, Json<OrganizationScopeView>), ApiError> {
    let tenant = &caller.tenant.id;
    let scope = OrganizationScope {
        id: app.random_id(21),
        name: new.name.into(),
        description: new.description.map(String::from),
    };
    let mut tx = caller.begin(&app).await?;
    store::organization_scope::insert(&mut tx, tenant, &scope).await?;
    let view = OrganizationScopeView::new(tenant, scope);
    let event = Event::OrganizationScopeCreated;
    raise(&app, &mut tx, &caller, event, view.id(), 201, &view).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
