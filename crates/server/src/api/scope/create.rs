//! `POST /api/resources/{resourceId}/scopes`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::resource::Scope;
use utoipa::ToSchema;

use super::{ScopeView, check_name};
use crate::{
    api::{caller::Caller, input::Input, resource::changeable, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation,
};

/// A scope to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewScope {
    /// The value in `scope`, without spaces.
    name: Text<1, 256>,
    description: Option<String>,
}

/// Adds something that the API can allow.
#[utoipa::path(
    post,
    path = "/resources/{resourceId}/scopes",
    operation_id = "CreateResourceScope",
    tag = "Resources",
    params(("resourceId" = String, Path)),
    request_body = NewScope,
    responses((status = 201, body = ScopeView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(resource_id): Path<String>,
    Input(new): Input<NewScope>,
) -> Result<(StatusCode, Json<ScopeView>), ApiError> {
    let tenant = &caller.tenant.id;
    check_name(&new.name)?;
    let mut tx = caller.begin(&app).await?;
    let resource = operation::resource::find(&mut tx, tenant, &resource_id).await?;
    changeable(&resource.indicator)?;
    let scope = Scope {
        id: app.random_id(21),
        resource_id,
        name: new.name.into(),
        description: new.description,
        created_at: app.now(),
    };
    store::resource::insert_scope(&mut tx, tenant, &scope).await?;
    let view = ScopeView::new(tenant, scope);
    raise(
        &app,
        &mut tx,
        &caller,
        Event::ScopeCreated,
        view.id(),
        201,
        &view,
    )
    .await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
