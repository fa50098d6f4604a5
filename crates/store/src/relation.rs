//! Tables that say what belongs to what: scopes to roles, users to organizations, and so on. One mechanism serves all.

use std::collections::BTreeSet;

use crate::{
    db::{Source, Tx},
    error::StoreError,
    snapshot,
    statement::Statement,
};

/// How many rows one statement writes: both databases limit the number of parameters.
const CHUNK: usize = 500;

/// A table whose rows are a parent, which may have an id of several columns, and a child.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    table: &'static str,
    parent: &'static [&'static str],
    child: &'static str,
    in_snapshot: bool,
}

/// The scopes of an API that a role allows.
pub const ROLE_SCOPES: Relation = held("roles_scopes", &["role_id"], "scope_id");
/// The roles of a user.
pub const USER_ROLES: Relation = stored("users_roles", &["user_id"], "role_id");
/// The users who have a role.
pub const ROLE_USERS: Relation = stored("users_roles", &["role_id"], "user_id");
/// The roles of an application.
pub const APPLICATION_ROLES: Relation = held("applications_roles", &["application_id"], "role_id");
/// The applications that have a role.
pub const ROLE_APPLICATIONS: Relation = held("applications_roles", &["role_id"], "application_id");
/// The members of an organization.
pub const ORGANIZATION_USERS: Relation =
    stored("organization_users", &["organization_id"], "user_id");
/// The roles of a member of an organization.
pub const ORGANIZATION_USER_ROLES: Relation = stored(
    "organization_user_roles",
    &["organization_id", "user_id"],
    "organization_role_id",
);
/// The applications that act in an organization.
pub const ORGANIZATION_APPLICATIONS: Relation = stored(
    "organization_applications",
    &["organization_id"],
    "application_id",
);
/// The roles of an application in an organization.
pub const ORGANIZATION_APPLICATION_ROLES: Relation = stored(
    "organization_application_roles",
    &["organization_id", "application_id"],
    "organization_role_id",
);
/// The roles that people get who join an organization by themselves.
pub const ORGANIZATION_JIT_ROLES: Relation = stored(
    "organization_jit_roles",
    &["organization_id"],
    "organization_role_id",
);
/// The providers whose people join an organization by themselves.
pub const ORGANIZATION_JIT_SSO_CONNECTORS: Relation = stored(
    "organization_jit_sso_connectors",
    &["organization_id"],
    "sso_connector_id",
);
/// The e-mail domains whose people join an organization by themselves.
pub const ORGANIZATION_JIT_EMAIL_DOMAINS: Relation = stored(
    "organization_jit_email_domains",
    &["organization_id"],
    "email_domain",
);
/// The roles that come with an invitation.
pub const ORGANIZATION_INVITATION_ROLES: Relation = stored(
    "organization_invitation_roles",
    &["organization_invitation_id"],
    "organization_role_id",
);
/// The organization scopes of an organization role.
pub const ORGANIZATION_ROLE_SCOPES: Relation = stored(
    "organization_role_scopes",
    &["organization_role_id"],
    "organization_scope_id",
);
/// The API scopes of an organization role.
pub const ORGANIZATION_ROLE_RESOURCE_SCOPES: Relation = stored(
    "organization_role_resource_scopes",
    &["organization_role_id"],
    "scope_id",
);

/// The organization scopes that a third-party application may ask people for.
pub const CONSENT_ORGANIZATION_SCOPES: Relation = held(
    "application_user_consent_organization_scopes",
    &["application_id"],
    "organization_scope_id",
);
/// The API scopes that a third-party application may ask people for.
pub const CONSENT_RESOURCE_SCOPES: Relation = held(
    "application_user_consent_resource_scopes",
    &["application_id"],
    "scope_id",
);
/// The API scopes that a third-party application may ask people for where they act in an organization.
pub const CONSENT_ORGANIZATION_RESOURCE_SCOPES: Relation = held(
    "application_user_consent_organization_resource_scopes",
    &["application_id"],
    "scope_id",
);
/// The scopes about the person, by name, that a third-party application may ask for.
pub const CONSENT_USER_SCOPES: Relation = held(
    "application_user_consent_user_scopes",
    &["application_id"],
    "user_scope",
);
/// The organizations that a person lets a third-party application act in.
pub const CONSENT_ORGANIZATIONS: Relation = stored(
    "application_user_consent_organizations",
    &["application_id", "user_id"],
    "organization_id",
);
/// The organization scopes that clients known by their metadata document may ask people for: the tenant's ceiling for all of them.
pub const CIMD_ORGANIZATION_SCOPES: Relation = held(
    "cimd_user_consent_organization_scopes",
    &[],
    "organization_scope_id",
);
/// The API scopes that they may ask people for.
pub const CIMD_RESOURCE_SCOPES: Relation =
    held("cimd_user_consent_resource_scopes", &[], "scope_id");
/// The API scopes that they may ask people for where they act in an organization.
pub const CIMD_ORGANIZATION_RESOURCE_SCOPES: Relation = held(
    "cimd_user_consent_organization_resource_scopes",
    &[],
    "scope_id",
);
/// The scopes about the person, by name, that they may ask for.
pub const CIMD_USER_SCOPES: Relation = held("cimd_user_consent_user_scopes", &[], "user_scope");
/// The organization, one at most, that a person let the client of a grant act in.
pub const GRANT_ORGANIZATION: Relation = stored(
    "grant_organizations",
    &["grant_id", "user_id"],
    "organization_id",
);
/// The organizations that a user belongs to.
pub const USER_ORGANIZATIONS: Relation =
    stored("organization_users", &["user_id"], "organization_id");
/// The users who may use an application whose access control is on.
pub const ACCESS_USERS: Relation =
    stored("application_access_users", &["application_id"], "user_id");
/// The roles whose users may use an application.
pub const ACCESS_ROLES: Relation =
    stored("application_access_roles", &["application_id"], "role_id");
/// The organizations whose members may use an application.
pub const ACCESS_ORGANIZATIONS: Relation = stored(
    "application_access_organizations",
    &["application_id"],
    "organization_id",
);
/// The roles in an organization whose members may use an application.
pub const ACCESS_ORGANIZATION_ROLES: Relation = stored(
    "application_access_organization_roles",
    &["application_id", "organization_id"],
    "organization_role_id",
);

/// A relation that the server asks the database for.
const fn stored(
    table: &'static str,
    parent: &'static [&'static str],
    child: &'static str,
) -> Relation {
    Relation {
        table,
        parent,
        child,
        in_snapshot: false,
    }
}

/// A relation that the snapshot holds: a change of it counts.
const fn held(
    table: &'static str,
    parent: &'static [&'static str],
    child: &'static str,
) -> Relation {
    Relation {
        table,
        parent,
        child,
        in_snapshot: true,
    }
}

impl Relation {
    /// The table.
    pub(crate) const fn table(self) -> &'static str {
        self.table
    }

    /// The last column of the parent's id.
    pub(crate) fn last_parent(self) -> Option<&'static str> {
        self.parent.last().copied()
    }

    /// ` WHERE tenant_id = … AND parent = …`.
    fn of(self, statement: &mut Statement, tenant_id: &str, parent: &[&str]) {
        statement.push(" WHERE tenant_id = ").bind(tenant_id);
        for (column, value) in self.parent.iter().zip(parent) {
            statement.push(" AND ").push(column).push(" = ");
            statement.bind(*value);
        }
    }

    async fn count(self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.in_snapshot {
            snapshot::bump(tx).await?;
        }
        Ok(())
    }
}

/// What a replacement changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// What belongs now and did not before.
    pub added: Vec<String>,
    /// What belonged before and does not now.
    pub removed: Vec<String>,
}

/// The children of a parent, by id.
pub async fn children(
    source: impl Source,
    relation: Relation,
    tenant_id: &str,
    parent: &[&str],
) -> Result<Vec<String>, StoreError> {
    let mut statement = Statement::new("SELECT ");
    statement
        .push(relation.child)
        .push(" FROM ")
        .push(relation.table);
    relation.of(&mut statement, tenant_id, parent);
    statement.push(" ORDER BY ").push(relation.child);
    let rows: Vec<(String,)> = statement.all(source).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Adds children and returns those that did not belong before. Fails with [`StoreError::Dangling`] when the parent or a child does not exist.
pub async fn add(
    tx: &mut Tx,
    relation: Relation,
    tenant_id: &str,
    parent: &[&str],
    children: &[String],
) -> Result<Vec<String>, StoreError> {
    // Everybody writes them in the same order: two at once wait for each other, and never in a circle.
    let children: Vec<&String> = BTreeSet::from_iter(children).into_iter().collect();
    let mut added = Vec::new();
    for chunk in children.chunks(CHUNK) {
        let mut statement = Statement::new("INSERT INTO ");
        statement.push(relation.table).push(" (tenant_id, ");
        for column in relation.parent {
            statement.push(column).push(", ");
        }
        statement.push(relation.child).push(") VALUES ");
        for (index, child) in chunk.iter().enumerate() {
            statement.push(if index > 0 { ", (" } else { "(" });
            let row = [tenant_id].into_iter().chain(parent.iter().copied());
            statement.bind_all(row.chain([child.as_str()]));
            statement.push(")");
        }
        statement
            .push(" ON CONFLICT DO NOTHING RETURNING ")
            .push(relation.child);
        let rows: Vec<(String,)> = statement.all(&mut *tx).await?;
        added.extend(rows.into_iter().map(|(id,)| id));
    }
    relation.count(tx).await?;
    Ok(added)
}

/// Takes a child away; `false` when it did not belong.
pub async fn remove(
    tx: &mut Tx,
    relation: Relation,
    tenant_id: &str,
    parent: &[&str],
    child: &str,
) -> Result<bool, StoreError> {
    let mut statement = Statement::new("DELETE FROM ");
    statement.push(relation.table);
    relation.of(&mut statement, tenant_id, parent);
    statement.push(" AND ").push(relation.child).push(" = ");
    statement.bind(child);
    statement.push(" RETURNING ").push(relation.child);
    let rows: Vec<(String,)> = statement.all(&mut *tx).await?;
    relation.count(tx).await?;
    Ok(!rows.is_empty())
}

/// Makes these the children. Those that stay keep what belongs to them.
pub async fn replace(
    tx: &mut Tx,
    relation: Relation,
    tenant_id: &str,
    parent: &[&str],
    wanted: &[String],
) -> Result<Replaced, StoreError> {
    let before = children(&mut *tx, relation, tenant_id, parent).await?;
    let gone: Vec<String> = before
        .into_iter()
        .filter(|child| !wanted.contains(child))
        .collect();
    for chunk in gone.chunks(CHUNK) {
        let mut statement = Statement::new("DELETE FROM ");
        statement.push(relation.table);
        relation.of(&mut statement, tenant_id, parent);
        statement.push(" AND ").push(relation.child).push(" IN (");
        statement.bind_all(chunk.iter().map(String::as_str));
        statement.push(") RETURNING ").push(relation.child);
        let _: Vec<(String,)> = statement.all(&mut *tx).await?;
    }
    Ok(Replaced {
        added: add(tx, relation, tenant_id, parent, wanted).await?,
        removed: gone,
    })
}
