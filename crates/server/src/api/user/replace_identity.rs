//! `PUT /api/users/{userId}/identities/{target}`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use identity::user::SocialIdentity;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{changed::keep, find_user, view::IdentityView};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
};

/// What the provider knows the person as.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewIdentity {
    user_id: Text<1, 256>,
    #[schema(value_type = Option<Object>)]
    details: Option<Map<String, Value>>,
}

/// Links an account at a social provider: 201 when there was none, 200 when it takes the place of another.
#[utoipa::path(
    put,
    path = "/users/{userId}/identities/{target}",
    operation_id = "ReplaceUserIdentity",
    tag = "Users",
    params(("userId" = String, Path), ("target" = String, Path)),
    request_body = NewIdentity,
    responses(
        (status = 200, body = BTreeMap<String, IdentityView>),
        (status = 201, body = BTreeMap<String, IdentityView>),
    )
)]
pub(super) async fn replace_identity(
    State(app): State<App>,
    caller: Caller,
    Path((id, target)): Path<(String, String)>,
    Input(new): Input<NewIdentity>,
) -> Result<(StatusCode, Json<BTreeMap<String, IdentityView>>), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let before = find_user(&mut tx, tenant, &id).await?;
    let status = if before.identities.contains_key(&target) {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let identity = SocialIdentity {
        user_id: new.user_id.into_inner(),
        details: new.details.unwrap_or_default(),
    };
    store::user::link(&mut tx, tenant, &id, &target, &identity, app.now()).await?;
    let user = keep(&app, tx, &caller, &id, status).await?;
    Ok((status, Json(IdentityView::all(user.identities))))
}
