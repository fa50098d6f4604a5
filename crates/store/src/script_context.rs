//! What scripts of operators are told: everything one person belongs to, from the tables that say so.

use identity::script_context::{
    Memberships, Organization, OrganizationRole, Resource, Role, Scope, SsoIdentity,
};
use serde_json::{Map, Value, json};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, user_sso_identity,
};

/// Everything that the user belongs to.
pub async fn memberships(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
) -> Result<Memberships, StoreError> {
    Ok(Memberships {
        sso_identities: sso_identities(&mut *tx, tenant_id, user_id).await?,
        mfa_verification_factors: factors(&mut *tx, tenant_id, user_id).await?,
        roles: roles(&mut *tx, tenant_id, user_id).await?,
        organizations: organizations(&mut *tx, tenant_id, user_id).await?,
        organization_roles: organization_roles(&mut *tx, tenant_id, user_id).await?,
    })
}

/// `context.organization`, if the user is a member of it.
pub async fn organization(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
    id: &str,
) -> Result<Option<Value>, StoreError> {
    const SQL: &str = "SELECT o.id, o.name, o.description, o.custom_data FROM organizations o \
        JOIN organization_users u ON u.tenant_id = o.tenant_id AND u.organization_id = o.id \
        WHERE o.tenant_id = $1 AND o.id = $2 AND u.user_id = $3";
    let row: Option<(String, String, Option<String>, String)> = on!(source, conn => {
        sqlx::query_as(SQL).bind(tenant_id).bind(id).bind(user_id).fetch_optional(conn).await
    })?;
    row.map(|(id, name, description, data)| {
        let data: Map<String, Value> = json::read("organizations.custom_data", &data)?;
        Ok(json!({ "id": id, "name": name, "description": description, "customData": data }))
    })
    .transpose()
}

async fn sso_identities(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<SsoIdentity>, StoreError> {
    let identities = user_sso_identity::list(source, tenant_id, user_id).await?;
    let identities = identities.into_iter().map(|identity| SsoIdentity {
        issuer: identity.issuer,
        identity_id: identity.identity_id,
        detail: identity.detail,
    });
    Ok(identities.collect())
}

async fn factors(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT DISTINCT type FROM mfa_verifications WHERE tenant_id = $1 AND user_id = $2 ORDER BY type";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?)
}

/// A role with one of its scopes, or with none.
#[derive(sqlx::FromRow)]
struct RoleRow {
    id: String,
    name: String,
    description: String,
    scope_id: Option<String>,
    scope_name: Option<String>,
    scope_description: Option<String>,
    resource_id: Option<String>,
    resource_name: Option<String>,
    indicator: Option<String>,
}

impl RoleRow {
    fn scope(self) -> Option<Scope> {
        let resource_id = self.resource_id?;
        Some(Scope {
            id: self.scope_id?,
            name: self.scope_name?,
            description: self.scope_description,
            resource: Resource {
                id: resource_id.clone(),
                name: self.resource_name?,
                indicator: self.indicator?,
            },
            resource_id,
        })
    }
}

async fn roles(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<Role>, StoreError> {
    const SQL: &str = "SELECT r.id, r.name, r.description, s.id AS scope_id, s.name AS scope_name, \
        s.description AS scope_description, a.id AS resource_id, a.name AS resource_name, a.indicator \
        FROM users_roles ur \
        JOIN roles r ON r.tenant_id = ur.tenant_id AND r.id = ur.role_id \
        LEFT JOIN roles_scopes rs ON rs.tenant_id = r.tenant_id AND rs.role_id = r.id \
        LEFT JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        LEFT JOIN resources a ON a.tenant_id = s.tenant_id AND a.id = s.resource_id \
        WHERE ur.tenant_id = $1 AND ur.user_id = $2 ORDER BY r.name, r.id, s.name, s.id";
    let rows: Vec<RoleRow> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?;
    let mut roles: Vec<Role> = Vec::new();
    for row in rows {
        if roles.last().is_none_or(|role| role.id != row.id) {
            roles.push(Role {
                id: row.id.clone(),
                name: row.name.clone(),
                description: row.description.clone(),
                scopes: Vec::new(),
            });
        }
        if let Some(role) = roles.last_mut() {
            role.scopes.extend(row.scope());
        }
    }
    Ok(roles)
}

/// The organizations of a user, oldest first.
pub async fn organizations(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<Organization>, StoreError> {
    const SQL: &str = "SELECT o.id, o.name, o.description FROM organization_users u \
        JOIN organizations o ON o.tenant_id = u.tenant_id AND o.id = u.organization_id \
        WHERE u.tenant_id = $1 AND u.user_id = $2 ORDER BY o.created_at, o.id";
    let rows: Vec<(String, String, Option<String>)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?;
    let organization = |(id, name, description)| Organization {
        id,
        name,
        description,
    };
    Ok(rows.into_iter().map(organization).collect())
}

/// The roles of a user in all organizations.
pub async fn organization_roles(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<OrganizationRole>, StoreError> {
    const SQL: &str = "SELECT u.organization_id, r.id, r.name FROM organization_user_roles u \
        JOIN organization_roles r ON r.tenant_id = u.tenant_id AND r.id = u.organization_role_id \
        WHERE u.tenant_id = $1 AND u.user_id = $2 ORDER BY u.organization_id, r.name, r.id";
    let rows: Vec<(String, String, String)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?;
    let role = |(organization_id, role_id, role_name)| OrganizationRole {
        organization_id,
        role_id,
        role_name,
    };
    Ok(rows.into_iter().map(role).collect())
}
