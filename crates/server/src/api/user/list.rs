//! `GET /api/users`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use store::user::{FIELDS, Wanted};
use utoipa::IntoParams;

use super::UserView;
use crate::{
    api::{
        caller::Caller,
        paging::{PageParameters, Paging},
        query::{Query, Truthy},
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Which users are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only users who do not have this role.
    exclude_role_id: Option<String>,
    /// Only users who are not members of this organization.
    exclude_organization_id: Option<String>,
    /// Whether to show the hashes of passwords.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    include_password_hash: Truthy,
}

/// People's accounts, newest first.
#[utoipa::path(
    get,
    path = "/users",
    operation_id = "ListUsers",
    tag = "Users",
    params(PageParameters, SearchParameters, Asked),
    responses((status = 200, body = Vec<UserView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    search: SearchQuery,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    if asked.exclude_role_id.is_some() && asked.exclude_organization_id.is_some() {
        let message = "excludeRoleId and excludeOrganizationId exclude each other";
        return Err(Refused::new("request.invalid_input", message).into());
    }
    let wanted = Wanted {
        search: search.over(&FIELDS)?,
        without_role: asked.exclude_role_id.as_deref(),
        outside_organization: asked.exclude_organization_id.as_deref(),
        ..Wanted::default()
    };
    let listed = store::user::page(app.db(), &caller.tenant.id, &wanted, paging.page()).await?;
    let view = if asked.include_password_hash.0 {
        UserView::with_password
    } else {
        UserView::from
    };
    Ok(paging.answer(&listed.map(view)))
}
