//! Lists of users for the Management API.

use identity::user::User;

use super::row;
use crate::{
    db::Db,
    error::StoreError,
    search::{Field, Search},
    statement::{Listed, Page, Statement},
};

/// What users are searched by.
pub const FIELDS: [Field; 5] = [
    Field::plain("id"),
    Field::keyed("primary_email", "primary_email_key"),
    Field::plain("primary_phone"),
    Field::keyed("username", "username_key"),
    Field::keyed("name", "name_key"),
];

/// Which users are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// What they are searched for by.
    pub search: Search,
    /// Only users who have this role.
    pub with_role: Option<&'a str>,
    /// Only users who do not have this role.
    pub without_role: Option<&'a str>,
    /// Only members of this organization.
    pub in_organization: Option<&'a str>,
    /// Only users who are not members of this organization.
    pub outside_organization: Option<&'a str>,
    /// Only those who have this role in the organization of [`Self::in_organization`].
    pub with_organization_role: Option<&'a str>,
}

impl Wanted<'_> {
    /// Members of an organization come by id, all others newest first.
    const fn order(&self, of_rows: bool) -> &'static str {
        match (self.in_organization, of_rows) {
            (Some(_), false) => " ORDER BY id",
            (Some(_), true) => ") ORDER BY u.id, i.target",
            (None, false) => " ORDER BY created_at DESC, id",
            // The sign keeps SQLite from walking all users in this order to find the few of the page.
            (None, true) => ") ORDER BY +u.created_at DESC, u.id, i.target",
        }
    }
}

/// A page of users, newest first; members of an organization by id.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    wanted: &Wanted<'_>,
    page: Page,
) -> Result<Listed<User>, StoreError> {
    let mut rows = Statement::new(
        "SELECT u.id, u.username, u.primary_email, u.primary_phone, u.password_digest, u.password_algorithm, \
         u.name, u.avatar, u.profile, u.custom_data, u.application_id, u.cimd_client_id, u.is_suspended, u.last_sign_in_at, \
         u.created_at, u.updated_at, i.target, i.identity_id, i.details FROM users u \
         LEFT JOIN user_identities i ON i.tenant_id = u.tenant_id AND i.user_id = u.id \
         WHERE u.tenant_id = ",
    );
    rows.bind(tenant_id).push(" AND u.id IN (SELECT id");
    matching(&mut rows, db, tenant_id, wanted);
    rows.push(wanted.order(false)).page(page);
    rows.push(wanted.order(true));
    let mut total = Statement::new("SELECT COUNT(*)");
    matching(&mut total, db, tenant_id, wanted);
    Ok(Listed {
        rows: row::fold(rows.all(db).await?)?,
        total: total.number(db).await?,
    })
}

fn matching(statement: &mut Statement, db: &Db, tenant_id: &str, wanted: &Wanted<'_>) {
    statement
        .push(" FROM users WHERE tenant_id = ")
        .bind(tenant_id);
    for (word, table, column, id) in [
        ("IN", "users_roles", "role_id", wanted.with_role),
        ("NOT IN", "users_roles", "role_id", wanted.without_role),
        (
            "IN",
            "organization_users",
            "organization_id",
            wanted.in_organization,
        ),
        (
            "NOT IN",
            "organization_users",
            "organization_id",
            wanted.outside_organization,
        ),
    ] {
        let Some(id) = id else { continue };
        statement
            .push(" AND id ")
            .push(word)
            .push(" (SELECT user_id FROM ")
            .push(table);
        statement.push(" WHERE tenant_id = ").bind(tenant_id);
        statement.push(" AND ").push(column).push(" = ").bind(id);
        statement.push(")");
    }
    if let (Some(organization), Some(role)) =
        (wanted.in_organization, wanted.with_organization_role)
    {
        statement
            .push(" AND id IN (SELECT user_id FROM organization_user_roles WHERE tenant_id = ")
            .bind(tenant_id);
        statement
            .push(" AND organization_id = ")
            .bind(organization)
            .push(" AND organization_role_id = ")
            .bind(role)
            .push(")");
    }
    wanted.search.push(statement, db);
}
