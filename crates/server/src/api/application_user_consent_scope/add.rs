//! `POST /api/applications/{applicationId}/user-consent-scopes`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use protocol::resource::is_management;
use serde::Deserialize;
use serde_json::{Map, json};
use store::{Tx, organization_scope, relation, resource::find_scopes};
use utoipa::ToSchema;

use super::kind::{ScopeKind, UserScope, Whose};
use crate::{
    api::{caller::Caller, input::Input, list::Ids},
    app::App,
    error::ApiError,
    operation::{self, OperationError, Refused},
};

/// What an application may ask for from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddApplicationUserConsentScopes)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "Logto's API spells them so")]
pub(in crate::api) struct Added {
    organization_scopes: Ids,
    resource_scopes: Ids,
    organization_resource_scopes: Ids,
    #[schema(max_items = 100)]
    user_scopes: Vec<UserScope>,
}

/// Lets a third-party application ask people for more; what it may ask for already is passed over.
#[utoipa::path(
    post,
    path = "/applications/{applicationId}/user-consent-scopes",
    operation_id = "CreateApplicationUserConsentScope",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    request_body = Added,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<Added>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    operation::application::find_third_party(&mut tx, tenant, &id).await?;
    let_ask(&mut tx, tenant, Whose::Application(&id), &body).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, "Created"))
}

/// Writes down what may be asked for from now on.
pub(in crate::api) async fn let_ask(
    tx: &mut Tx,
    tenant: &str,
    whose: Whose<'_>,
    body: &Added,
) -> Result<(), OperationError> {
    check(tx, tenant, body).await?;
    let user_scopes: Vec<String> = body
        .user_scopes
        .iter()
        .map(|scope| scope.name().to_owned())
        .collect();
    for (kind, added) in [
        (ScopeKind::OrganizationScopes, &*body.organization_scopes),
        (ScopeKind::ResourceScopes, &*body.resource_scopes),
        (
            ScopeKind::OrganizationResourceScopes,
            &*body.organization_resource_scopes,
        ),
        (ScopeKind::UserScopes, &user_scopes),
    ] {
        relation::add(tx, kind.relation(whose), tenant, &whose.parent(), added).await?;
    }
    Ok(())
}

/// Whether the scopes exist, and none of them opens the Management API (T39).
async fn check(tx: &mut Tx, tenant: &str, body: &Added) -> Result<(), OperationError> {
    let organization =
        organization_scope::find_by_ids(&mut *tx, tenant, &body.organization_scopes).await?;
    let organization: Vec<_> = organization.into_iter().map(|scope| scope.id).collect();
    let (mut missing, mut is_missing) = (Map::new(), false);
    let mut report = |name: &str, wanted: &[String], found: &[String]| {
        let lost: Vec<_> = wanted.iter().filter(|id| !found.contains(id)).collect();
        is_missing |= !lost.is_empty();
        missing.insert(name.to_owned(), json!(lost));
    };
    report(
        "invalidOrganizationScopes",
        &body.organization_scopes,
        &organization,
    );
    for (name, wanted) in [
        ("invalidResourceScopes", &body.resource_scopes),
        (
            "invalidOrganizationResourceScopes",
            &body.organization_resource_scopes,
        ),
    ] {
        let scopes = find_scopes(&mut *tx, tenant, wanted).await?;
        if scopes
            .iter()
            .any(|(_, resource)| is_management(&resource.indicator))
        {
            return Err(Refused::new(
                "application.consent_management_api_scopes_not_allowed",
                "A third-party application never gets scopes of the Management API.",
            )
            .into());
        }
        let found: Vec<_> = scopes.into_iter().map(|(scope, _)| scope.id).collect();
        report(name, wanted, &found);
    }
    if is_missing {
        let refused = Refused::new(
            "application.user_consent_scopes_not_found",
            "Some of the scopes do not exist.",
        );
        return Err(refused.with(missing.into()).into());
    }
    Ok(())
}
