//! How things name other things: by what they are called.

use std::collections::BTreeMap;

use store::{
    organization::{self, Organization},
    organization_role::{self, OrganizationRole},
    relation::{self, ORGANIZATION_JIT_SSO_CONNECTORS, Relation},
    resource,
    role::INTERNAL,
    sso_connector,
};

use super::kind::World;
use crate::operation::{OperationError, Refused};

/// By indicator: names of scopes.
pub(super) type Scopes = BTreeMap<String, Vec<String>>;

/// The scopes of APIs that belong to a parent.
pub(super) async fn scopes(
    world: &mut World<'_>,
    relation: Relation,
    parent: &[&str],
) -> Result<Scopes, OperationError> {
    let ids = relation::children(&mut *world.tx, relation, world.tenant, parent).await?;
    let mut scopes = Scopes::new();
    for (scope, api) in resource::find_scopes(&mut *world.tx, world.tenant, &ids).await? {
        scopes.entry(api.indicator).or_default().push(scope.name);
    }
    Ok(scopes)
}

/// The ids of scopes of APIs.
pub(super) async fn scope_ids(
    world: &mut World<'_>,
    scopes: &Scopes,
) -> Result<Vec<String>, OperationError> {
    let mut ids = Vec::new();
    for (indicator, names) in scopes {
        let api = resource::find_by_indicator(&mut *world.tx, world.tenant, indicator).await?;
        let api = api.ok_or_else(|| Refused::not_exists("API resource", indicator))?;
        let known = resource::scopes(&mut *world.tx, world.tenant, &api.id).await?;
        for name in names {
            let scope = known.iter().find(|scope| scope.name == *name);
            let scope = scope.ok_or_else(|| {
                let what = format!("scope of {indicator}");
                Refused::not_exists(&what, name)
            })?;
            ids.push(scope.id.clone());
        }
    }
    Ok(ids)
}

/// Sorted, each once: lists of scopes have no order.
pub(super) fn settle(scopes: &mut Scopes) {
    scopes.retain(|_, names| !names.is_empty());
    scopes.values_mut().for_each(unique);
}

/// Sorted, each once.
pub(super) fn unique(names: &mut Vec<String>) {
    names.sort();
    names.dedup();
}

/// The roles that belong to a parent, without the server's own.
pub(super) async fn roles(
    world: &mut World<'_>,
    relation: Relation,
    parent: &str,
) -> Result<Vec<String>, OperationError> {
    let ids = relation::children(&mut *world.tx, relation, world.tenant, &[parent]).await?;
    let roles = store::role::list(&mut *world.tx, world.tenant).await?;
    let names = roles
        .into_iter()
        .filter(|role| ids.contains(&role.id) && !role.name.starts_with(INTERNAL))
        .map(|role| role.name);
    let mut names: Vec<String> = names.collect();
    unique(&mut names);
    Ok(names)
}

/// The ids of roles.
pub(super) async fn role_ids(
    world: &mut World<'_>,
    names: &[String],
) -> Result<Vec<String>, OperationError> {
    let mut ids = Vec::new();
    for name in names {
        let role = store::role::find_by_name(&mut *world.tx, world.tenant, name).await?;
        ids.push(role.ok_or_else(|| Refused::not_exists("role", name))?.id);
    }
    Ok(ids)
}

/// The names of organization roles that belong to a parent.
pub(super) async fn organization_roles(
    world: &mut World<'_>,
    relation: Relation,
    parent: &[&str],
) -> Result<Vec<String>, OperationError> {
    let ids = relation::children(&mut *world.tx, relation, world.tenant, parent).await?;
    let roles = organization_role::find_by_ids(&mut *world.tx, world.tenant, &ids).await?;
    let mut names: Vec<String> = roles.into_iter().map(|role| role.name).collect();
    unique(&mut names);
    Ok(names)
}

/// Organization roles by their names.
pub(super) async fn find_organization_roles(
    world: &mut World<'_>,
    names: &[String],
) -> Result<Vec<OrganizationRole>, OperationError> {
    let roles = organization_role::find_by_names(&mut *world.tx, world.tenant, names).await?;
    match names
        .iter()
        .find(|name| roles.iter().all(|role| role.name != **name))
    {
        Some(missing) => Err(Refused::not_exists("organization role", missing).into()),
        None => Ok(roles),
    }
}

/// The names of SSO connectors whose people join an organization by themselves.
pub(super) async fn sso_connectors(
    world: &mut World<'_>,
    organization: &str,
) -> Result<Vec<String>, OperationError> {
    let (tenant, joining) = (world.tenant, ORGANIZATION_JIT_SSO_CONNECTORS);
    let ids = relation::children(&mut *world.tx, joining, tenant, &[organization]).await?;
    let found = sso_connector::find_by_ids(&mut *world.tx, world.vault, tenant, &ids).await?;
    let names = found.into_iter().map(|connector| connector.connector_name);
    let mut names: Vec<String> = names.collect();
    unique(&mut names);
    Ok(names)
}

/// The ids of SSO connectors.
pub(super) async fn sso_connector_ids(
    world: &mut World<'_>,
    names: &[String],
) -> Result<Vec<String>, OperationError> {
    let known = sso_connector::list(&mut *world.tx, world.vault, world.tenant).await?;
    let mut ids = Vec::new();
    for name in names {
        let mut connectors = known.iter();
        let connector = connectors.find(|connector| connector.connector_name == *name);
        let connector = connector.ok_or_else(|| Refused::not_exists("SSO connector", name))?;
        ids.push(connector.id.clone());
    }
    Ok(ids)
}

/// The tenant's organizations.
pub(super) async fn organizations(
    world: &mut World<'_>,
) -> Result<Vec<Organization>, OperationError> {
    Ok(organization::list(&mut *world.tx, world.tenant).await?)
}

/// What a document calls an organization: its name, where no other has it, else its id.
pub(super) fn organization_name(all: &[Organization], id: &str) -> String {
    let named = all.iter().find(|organization| organization.id == id);
    let same = |name: &str| all.iter().filter(|other| other.name == name).count();
    match named {
        Some(organization) if same(&organization.name) == 1 => organization.name.clone(),
        _ => id.to_owned(),
    }
}

/// The id of what a document calls so.
pub(super) fn organization_id(all: &[Organization], name: &str) -> Result<String, Refused> {
    if let Some(organization) = all.iter().find(|organization| organization.id == name) {
        return Ok(organization.id.clone());
    }
    let mut named = all.iter().filter(|organization| organization.name == name);
    match (named.next(), named.next()) {
        (Some(organization), None) => Ok(organization.id.clone()),
        (Some(_), Some(_)) => Err(Refused::new(
            "guard.invalid_input",
            format!("there is more than one organization {name:?}; write its id"),
        )),
        _ => Err(Refused::not_exists("organization", name)),
    }
}
