//! `GET /api/applications/{applicationId}/user-consent-scopes`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use store::{
    Db, StoreError, organization_scope, relation,
    resource::{Resource, Scope, find_scopes},
};
use utoipa::ToSchema;

use super::kind::{ScopeKind, Whose};
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// What a third-party application may ask people for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicationUserConsentScopes)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "Logto's API spells them so")]
pub(in crate::api) struct ConsentScopes {
    organization_scopes: Vec<ConsentScope>,
    resource_scopes: Vec<ConsentResource>,
    organization_resource_scopes: Vec<ConsentResource>,
    user_scopes: Vec<String>,
}

/// A scope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserConsentScope)]
pub(super) struct ConsentScope {
    id: String,
    name: String,
    description: Option<String>,
}

/// An API with those of its scopes that may be asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserConsentResourceScopes)]
pub(super) struct ConsentResource {
    resource: ResourceName,
    scopes: Vec<ConsentScope>,
}

/// An API.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserConsentResource)]
pub(super) struct ResourceName {
    id: String,
    name: String,
    indicator: String,
}

/// What a third-party application may ask people for.
#[utoipa::path(
    get,
    path = "/applications/{applicationId}/user-consent-scopes",
    operation_id = "ListApplicationUserConsentScopes",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    responses((status = 200, body = ConsentScopes))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ConsentScopes>, ApiError> {
    let tenant = caller.tenant.id.as_str();
    operation::application::find(app.db(), tenant, &id).await?;
    let scopes = read(app.db(), tenant, Whose::Application(&id)).await?;
    Ok(Json(scopes))
}

/// What may be asked for.
pub(in crate::api) async fn read(
    db: &Db,
    tenant: &str,
    whose: Whose<'_>,
) -> Result<ConsentScopes, StoreError> {
    let parent = whose.parent();
    let ids =
        async |kind: ScopeKind| relation::children(db, kind.relation(whose), tenant, &parent).await;
    let organization = ids(ScopeKind::OrganizationScopes).await?;
    let resource = ids(ScopeKind::ResourceScopes).await?;
    let organization_resource = ids(ScopeKind::OrganizationResourceScopes).await?;
    let organization = organization_scope::find_by_ids(db, tenant, &organization).await?;
    Ok(ConsentScopes {
        organization_scopes: organization
            .into_iter()
            .map(|scope| ConsentScope {
                id: scope.id,
                name: scope.name,
                description: scope.description,
            })
            .collect(),
        resource_scopes: by_resource(find_scopes(db, tenant, &resource).await?),
        organization_resource_scopes: by_resource(
            find_scopes(db, tenant, &organization_resource).await?,
        ),
        user_scopes: ids(ScopeKind::UserScopes).await?,
    })
}

fn by_resource(scopes: Vec<(Scope, Resource)>) -> Vec<ConsentResource> {
    let mut resources: BTreeMap<String, ConsentResource> = BTreeMap::new();
    for (scope, resource) in scopes {
        let entry = resources
            .entry(resource.id.clone())
            .or_insert_with(|| ConsentResource {
                resource: ResourceName {
                    id: resource.id,
                    name: resource.name,
                    indicator: resource.indicator,
                },
                scopes: Vec::new(),
            });
        entry.scopes.push(ConsentScope {
            id: scope.id,
            name: scope.name,
            description: scope.description,
        });
    }
    resources.into_values().collect()
}
