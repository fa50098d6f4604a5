//! `GET /api/applications`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use store::application::{FIELDS, Wanted};
use utoipa::IntoParams;

use super::{ApplicationView, view::Kind};
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        query::Query,
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Which applications are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only these kinds; may be repeated.
    #[serde(default)]
    #[param(style = Form, explode)]
    types: Vec<Kind>,
    /// Only applications that do not have this role.
    exclude_role_id: Option<String>,
    /// Only applications that do not act in this organization.
    exclude_organization_id: Option<String>,
    /// Only third-party ones, or only the others.
    is_third_party: Option<bool>,
}

/// The applications, newest first.
#[utoipa::path(
    get,
    path = "/applications",
    operation_id = "ListApplications",
    tag = "Applications",
    params(PageParameters, SearchParameters, Asked),
    responses((status = 200, body = Vec<ApplicationView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: OptionalPaging,
    search: SearchQuery,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    if asked.exclude_role_id.is_some() && asked.exclude_organization_id.is_some() {
        let message = "excludeRoleId and excludeOrganizationId exclude each other";
        return Err(Refused::new("request.invalid_input", message).into());
    }
    let tenant = &caller.tenant.id;
    let wanted = Wanted {
        search: search.over(&FIELDS)?,
        kinds: asked.types.into_iter().map(Into::into).collect(),
        is_third_party: asked.is_third_party,
        without_role: asked.exclude_role_id.as_deref(),
        outside_organization: asked.exclude_organization_id.as_deref(),
        ..Wanted::default()
    };
    let listed = store::application::page(app.db(), tenant, &wanted, paging.page()).await?;
    Ok(paging.answer(&listed.map(|application| ApplicationView::new(tenant, application))))
}
