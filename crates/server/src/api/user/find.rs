//! `GET /api/users/{userId}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{UserView, find_user, sso_identity};
use crate::{
    api::{
        caller::Caller,
        query::{Query, Truthy},
    },
    app::App,
    error::ApiError,
};

/// What the account brings along.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// What enterprise providers know it as.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    include_sso_identities: Truthy,
    /// The hash of its password.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    include_password_hash: Truthy,
}

/// One account.
#[utoipa::path(
    get,
    path = "/users/{userId}",
    operation_id = "GetUser",
    tag = "Users",
    params(("userId" = String, Path), Asked),
    responses((status = 200, body = UserView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<UserView>, ApiError> {
    let user = find_user(app.db(), &caller.tenant.id, &id).await?;
    let mut view = if asked.include_password_hash.0 {
        UserView::with_password(user)
    } else {
        UserView::from(user)
    };
    if asked.include_sso_identities.0 {
        let identities = sso_identity::of_user(&app, &caller.tenant.id, &id).await?;
        view = view.with_sso_identities(identities);
    }
    Ok(Json(view))
}
