//! `POST /api/roles/{id}/scopes`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::{self, ROLE_SCOPES};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds, scope::ScopeView},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::{self, Refused},
};

/// What it shall allow beside what it allows now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scopes {
    scope_ids: SomeIds,
}

/// Lets a role allow more, and answers with all that it allows.
#[utoipa::path(
    post,
    path = "/roles/{id}/scopes",
    operation_id = "CreateRoleScope",
    tag = "Roles",
    params(("id" = String, Path)),
    request_body = Scopes,
    responses((status = 201, body = Vec<ScopeView>))
)]
pub(super) async fn add_scopes(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(more): Input<Scopes>,
) -> Result<(StatusCode, Json<Vec<ScopeView>>), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let role = operation::role::find_changeable(&mut tx, tenant, &id).await?;
    let held = relation::children(&mut tx, ROLE_SCOPES, tenant, &[&id]).await?;
    if let Some(scope) = more.scope_ids.iter().find(|scope| held.contains(scope)) {
        let message = format!("The role allows the scope {scope:?} already.");
        return Err(Refused::new("role.scope_exists", message).into());
    }
    operation::role::allow(&mut tx, tenant, &role, &more.scope_ids).await?;
    let all = relation::children(&mut tx, ROLE_SCOPES, tenant, &[&id]).await?;
    let all = store::resource::find_scopes(&mut tx, tenant, &all).await?;
    let views: Vec<_> = all
        .into_iter()
        .map(|(scope, _)| ScopeView::new(tenant, scope))
        .collect();
    raise(
        &app,
        &mut tx,
        &caller,
        Event::RoleScopesUpdated,
        &id,
        201,
        &views,
    )
    .await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(views)))
}
