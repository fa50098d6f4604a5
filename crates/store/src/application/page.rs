//! Lists of applications for the Management API.

use protocol::client::ApplicationType;

use super::{Application, Row, applications};
use crate::{
    db::Db,
    error::StoreError,
    json,
    search::{Field, Search},
    statement::{Listed, Page, Statement},
};

/// What applications are searched by.
pub const FIELDS: [Field; 3] = [
    Field::plain("id"),
    Field::keyed("name", "name_key"),
    Field::plain("description"),
];

/// Which applications are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// What they are searched for by.
    pub search: Search,
    /// Only these kinds; all of them when there are none.
    pub kinds: Vec<ApplicationType>,
    /// Only third-party ones, or only the others.
    pub is_third_party: Option<bool>,
    /// Only applications that have this role.
    pub with_role: Option<&'a str>,
    /// Only applications that do not have this role.
    pub without_role: Option<&'a str>,
    /// Only applications that act in this organization.
    pub in_organization: Option<&'a str>,
    /// Only applications that do not act in this organization.
    pub outside_organization: Option<&'a str>,
}

/// A page of applications, newest first.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    wanted: &Wanted<'_>,
    page: Page,
) -> Result<Listed<Application>, StoreError> {
    let mut rows = Statement::new(applications!("WHERE tenant_id = "));
    matching(&mut rows, db, tenant_id, wanted)?;
    rows.push(" ORDER BY created_at DESC, id DESC").page(page);
    let rows: Vec<Row> = rows.all(db).await?;
    let mut total = Statement::new("SELECT COUNT(*) FROM applications WHERE tenant_id = ");
    matching(&mut total, db, tenant_id, wanted)?;
    Ok(Listed {
        rows: rows
            .into_iter()
            .map(|row| Ok(row.into_pair()?.1))
            .collect::<Result<_, StoreError>>()?,
        total: total.number(db).await?,
    })
}

fn matching(
    statement: &mut Statement,
    db: &Db,
    tenant_id: &str,
    wanted: &Wanted<'_>,
) -> Result<(), StoreError> {
    statement.bind(tenant_id);
    if !wanted.kinds.is_empty() {
        let kinds = wanted.kinds.iter();
        let names = kinds.map(|kind| json::name("applications.type", kind));
        let names: Vec<String> = names.collect::<Result<_, _>>()?;
        statement.push(" AND type IN (").bind_all(names).push(")");
    }
    if let Some(is_third_party) = wanted.is_third_party {
        statement
            .push(" AND is_third_party = ")
            .bind(is_third_party);
    }
    for (word, table, column, id) in [
        ("IN", "applications_roles", "role_id", wanted.with_role),
        (
            "NOT IN",
            "applications_roles",
            "role_id",
            wanted.without_role,
        ),
        (
            "IN",
            "organization_applications",
            "organization_id",
            wanted.in_organization,
        ),
        (
            "NOT IN",
            "organization_applications",
            "organization_id",
            wanted.outside_organization,
        ),
    ] {
        let Some(id) = id else { continue };
        statement
            .push(" AND id ")
            .push(word)
            .push(" (SELECT application_id FROM ")
            .push(table);
        statement.push(" WHERE tenant_id = ").bind(tenant_id);
        statement.push(" AND ").push(column).push(" = ").bind(id);
        statement.push(")");
    }
    wanted.search.push(statement, db);
    Ok(())
}
