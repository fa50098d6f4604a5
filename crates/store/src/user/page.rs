//! Lists of users for the Management API.

use identity::user::User;

use super::row::{self, Row, columns};
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
    /// Members of an organization come by id, all others newest first: as the index of creation dates has them, backwards.
    const fn order(&self) -> [&'static str; 2] {
        match self.in_organization {
            Some(_) => [" ORDER BY id", " ORDER BY f.id, i.target"],
            None => [
                " ORDER BY created_at DESC, id DESC",
                " ORDER BY f.created_at DESC, f.id DESC, i.target",
            ],
        }
    }

    /// Whether every user has to be looked at, and is in one pass that finds and counts.
    ///
    /// SQLite would go through the index of the tenant and fetch every user from another place. PostgreSQL does better with two
    /// statements: in one it would fetch all of them in the order of the page, one by one.
    fn is_one_pass(&self, db: &Db) -> bool {
        matches!(db, Db::Sqlite(_))
            && self.search.reads_all()
            && self.with_role.is_none()
            && self.in_organization.is_none()
    }
}

/// A user found, with how many there are in all where that was counted on the way.
#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: Row,
    total: Option<i64>,
}

/// A page of users, newest first; members of an organization by id.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    wanted: &Wanted<'_>,
    page: Page,
) -> Result<Listed<User>, StoreError> {
    let [order_found, order] = wanted.order();
    let total = if wanted.is_one_pass(db) {
        "COUNT(*) OVER ()"
    } else {
        "CAST(NULL AS BIGINT)"
    };
    let mut rows = Statement::new(concat!(
        "SELECT ",
        columns!(),
        ", f.total FROM (SELECT id, created_at, "
    ));
    rows.push(total).push(" AS total");
    matching(&mut rows, db, tenant_id, wanted);
    rows.push(order_found).page(page);
    rows.push(") f JOIN users u ON u.tenant_id = ")
        .bind(tenant_id);
    rows.push(
        " AND u.id = f.id LEFT JOIN user_identities i ON i.tenant_id = u.tenant_id AND i.user_id = u.id",
    )
    .push(order);
    let found: Vec<Found> = rows.all(db).await?;
    let total = match found.first().and_then(|found| found.total) {
        Some(total) => total,
        None => count_of(db, tenant_id, wanted).await?,
    };
    Ok(Listed {
        rows: row::fold(found.into_iter().map(|found| found.row))?,
        total,
    })
}

async fn count_of(db: &Db, tenant_id: &str, wanted: &Wanted<'_>) -> Result<i64, StoreError> {
    let mut total = Statement::new("SELECT COUNT(*)");
    matching(&mut total, db, tenant_id, wanted);
    total.number(db).await
}

fn matching(statement: &mut Statement, db: &Db, tenant_id: &str, wanted: &Wanted<'_>) {
    let from = if wanted.is_one_pass(db) {
        " FROM users NOT INDEXED WHERE tenant_id = "
    } else {
        " FROM users WHERE tenant_id = "
    };
    statement.push(from).bind(tenant_id);
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
