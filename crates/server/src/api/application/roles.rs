//! `GET /api/applications/{applicationId}/roles`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use protocol::client::ApplicationType;
use store::{
    Source,
    role::{FIELDS, RoleType, Wanted},
};

use crate::{
    api::{
        caller::Caller,
        paging::{PageParameters, Paging},
        role::RoleView,
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Checks that there is such an application, and that it acts for itself: others have no roles.
pub(super) async fn check(source: impl Source, tenant: &str, id: &str) -> Result<(), ApiError> {
    let found = operation::application::find(source, tenant, id).await?;
    if found.kind == ApplicationType::MachineToMachine {
        return Ok(());
    }
    let message = "Only machine-to-machine applications have roles.";
    Err(Refused::new("application.invalid_type", message).into())
}

/// The roles of an application that acts for itself.
#[utoipa::path(
    get,
    path = "/applications/{applicationId}/roles",
    operation_id = "ListApplicationRoles",
    tag = "Applications",
    params(("applicationId" = String, Path), PageParameters, SearchParameters),
    responses((status = 200, body = Vec<RoleView>))
)]
pub(super) async fn roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Paging,
    search: SearchQuery,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    check(app.db(), tenant, &id).await?;
    let wanted = Wanted {
        search: search.over(&FIELDS)?,
        kind: Some(RoleType::MachineToMachine),
        of_application: Some(&id),
        ..Wanted::default()
    };
    let listed = store::role::page(app.db(), tenant, &wanted, paging.page()).await?;
    Ok(paging.answer(&listed.map(|role| RoleView::new(tenant, role))))
}
