//! Who may use an application whose access control is on (`contract/logto-core.md` §3.15).

use std::collections::BTreeMap;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    relation::{
        self, ACCESS_ORGANIZATION_ROLES, ACCESS_ORGANIZATIONS, ACCESS_ROLES, ACCESS_USERS, Relation,
    },
    statement::Statement,
};

/// The rules: whoever meets one may use the application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// These users.
    pub users: Vec<String>,
    /// Users with one of these roles.
    pub roles: Vec<String>,
    /// Members of these organizations.
    pub organizations: Vec<String>,
    /// By organization: members who have one of these roles there.
    pub organization_roles: BTreeMap<String, Vec<String>>,
}

impl Rules {
    /// Whether nobody meets them.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
            && self.roles.is_empty()
            && self.organizations.is_empty()
            && self.organization_roles.values().all(Vec::is_empty)
    }
}

/// The rules of an application.
pub async fn find(tx: &mut Tx, tenant_id: &str, application_id: &str) -> Result<Rules, StoreError> {
    let mut lists = Vec::new();
    for relation in [ACCESS_USERS, ACCESS_ROLES, ACCESS_ORGANIZATIONS] {
        lists.push(relation::children(&mut *tx, relation, tenant_id, &[application_id]).await?);
    }
    let organizations = lists.pop().unwrap_or_default();
    let roles = lists.pop().unwrap_or_default();
    Ok(Rules {
        users: lists.pop().unwrap_or_default(),
        roles,
        organizations,
        organization_roles: organization_roles(&mut *tx, tenant_id, application_id).await?,
    })
}

/// Writes the rules of an application. Fails with [`StoreError::Dangling`] when something that they name does not exist.
pub async fn replace(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    rules: &Rules,
) -> Result<(), StoreError> {
    let lists: [(Relation, &[String]); 3] = [
        (ACCESS_USERS, &rules.users),
        (ACCESS_ROLES, &rules.roles),
        (ACCESS_ORGANIZATIONS, &rules.organizations),
    ];
    for (relation, ids) in lists {
        relation::replace(tx, relation, tenant_id, &[application_id], ids).await?;
    }
    let mut wanted = rules.organization_roles.clone();
    for id in organization_roles(&mut *tx, tenant_id, application_id)
        .await?
        .into_keys()
    {
        wanted.entry(id).or_default();
    }
    for (organization, roles) in &wanted {
        let parent = [application_id, organization];
        relation::replace(tx, ACCESS_ORGANIZATION_ROLES, tenant_id, &parent, roles).await?;
    }
    Ok(())
}

async fn organization_roles(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let mut statement = Statement::new(
        "SELECT organization_id, organization_role_id FROM application_access_organization_roles WHERE tenant_id = ",
    );
    statement.bind(tenant_id).push(" AND application_id = ");
    statement.bind(application_id);
    statement.push(" ORDER BY organization_id, organization_role_id");
    let rows: Vec<(String, String)> = statement.all(source).await?;
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (organization, role) in rows {
        rules.entry(organization).or_default().push(role);
    }
    Ok(rules)
}

/// Whether the user meets one of the application's rules at this moment.
pub async fn admits(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
    user_id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM application_access_users \
            WHERE tenant_id = $1 AND application_id = $2 AND user_id = $3) \
        OR EXISTS (SELECT 1 FROM application_access_roles a JOIN users_roles h \
            ON h.tenant_id = a.tenant_id AND h.role_id = a.role_id \
            WHERE a.tenant_id = $1 AND a.application_id = $2 AND h.user_id = $3) \
        OR EXISTS (SELECT 1 FROM application_access_organizations a JOIN organization_users m \
            ON m.tenant_id = a.tenant_id AND m.organization_id = a.organization_id \
            WHERE a.tenant_id = $1 AND a.application_id = $2 AND m.user_id = $3) \
        OR EXISTS (SELECT 1 FROM application_access_organization_roles a JOIN organization_user_roles h \
            ON h.tenant_id = a.tenant_id AND h.organization_id = a.organization_id \
                AND h.organization_role_id = a.organization_role_id \
            WHERE a.tenant_id = $1 AND a.application_id = $2 AND h.user_id = $3)";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).bind(user_id).fetch_one(conn).await)?)
}
