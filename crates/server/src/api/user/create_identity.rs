//! `POST /api/users/{userId}/identities`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{changed::keep, find_user, view::IdentityView};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    social,
};

/// With what a person came back from a provider.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Returned {
    connector_id: Text<1, 128>,
    /// The query, and `redirectUri` as it was at the beginning.
    #[schema(value_type = Object)]
    connector_data: Map<String, Value>,
}

/// Asks a provider who came back from it, and links that account there; another of the same provider gives way.
#[utoipa::path(
    post,
    path = "/users/{userId}/identities",
    operation_id = "CreateUserIdentity",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Returned,
    responses((status = 200, body = BTreeMap<String, IdentityView>))
)]
pub(super) async fn create_identity(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(returned): Input<Returned>,
) -> Result<Json<BTreeMap<String, IdentityView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let unexpected = "session.invalid_connector_id";
    let connector = social::find(&app, tenant, &returned.connector_id, unexpected).await?;
    // A code works once: it is not spent on nobody.
    find_user(app.db(), tenant, &id).await?;
    let identity = social::vouched(&app, &connector, returned.connector_data).await?;
    let (target, now) = (&connector.target, app.now());
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, tenant, &id).await?;
    store::user::link(&mut tx, tenant, &id, target, &identity, now).await?;
    let user = keep(&app, tx, &caller, &id, StatusCode::OK).await?;
    Ok(Json(IdentityView::all(user.identities)))
}
