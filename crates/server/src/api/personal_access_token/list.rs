//! `GET /api/users/{userId}/personal-access-tokens`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::personal_access_token;

use super::PersonalAccessTokenView;
use crate::{
    api::{caller::Caller, user::find_user},
    app::App,
    error::ApiError,
};

/// The personal access tokens of a user, expired ones included, oldest first.
#[utoipa::path(
    get,
    path = "/users/{userId}/personal-access-tokens",
    operation_id = "ListUserPersonalAccessTokens",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = Vec<PersonalAccessTokenView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<PersonalAccessTokenView>>, ApiError> {
    let tenant = &caller.tenant.id;
    find_user(app.db(), tenant, &id).await?;
    let found = personal_access_token::list(app.db(), app.vault(), tenant, &id).await?;
    let views = found.into_iter();
    Ok(Json(
        views
            .map(|token| PersonalAccessTokenView::new(tenant, &id, token))
            .collect(),
    ))
}
