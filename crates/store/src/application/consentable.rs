//! What third-party applications may ask people for (`contract/logto-core.md` §3.15).

use std::collections::BTreeMap;

use crate::{db::Source, error::StoreError, statement::Statement};

/// What one application, or every client without a registration, may ask for; names, not ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consentable {
    /// Scopes about the person.
    pub user_scopes: Vec<String>,
    /// Scopes of organizations.
    pub organization_scopes: Vec<String>,
    /// By indicator: scopes of APIs.
    pub resource_scopes: BTreeMap<String, Vec<String>>,
    /// By indicator: scopes of APIs where the person acts in an organization.
    pub organization_resource_scopes: BTreeMap<String, Vec<String>>,
}

/// One scope: which kind, of which API, and its name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) tenant_id: String,
    pub(crate) application_id: String,
    kind: i64,
    indicator: String,
    name: String,
}

impl Consentable {
    /// Puts a row where it belongs.
    pub(crate) fn add(&mut self, row: Row) {
        match row.kind {
            0 => self.user_scopes.push(row.name),
            1 => self.organization_scopes.push(row.name),
            2 => entry(&mut self.resource_scopes, row.indicator).push(row.name),
            _ => entry(&mut self.organization_resource_scopes, row.indicator).push(row.name),
        }
    }
}

fn entry(map: &mut BTreeMap<String, Vec<String>>, indicator: String) -> &mut Vec<String> {
    map.entry(indicator).or_default()
}

/// Every scope of every application of every tenant, and with an empty `application_id` those of clients that are known by their
/// metadata document.
pub(crate) async fn load(source: impl Source) -> Result<Vec<Row>, StoreError> {
    let mut statement = Statement::new("");
    kinds(&mut statement, "application", "c.application_id");
    statement.push(" UNION ALL ");
    kinds(&mut statement, "cimd", "''");
    statement.push(" ORDER BY 1, 2, 3, 4, 5");
    statement.all(source).await
}

/// The four kinds of scopes out of the tables with this prefix.
fn kinds(statement: &mut Statement, prefix: &'static str, owner: &'static str) {
    const SCOPES: &str = "JOIN scopes s ON s.tenant_id = c.tenant_id AND s.id = c.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id";
    let rows = [
        (
            "CAST(0 AS BIGINT) AS kind, '' AS indicator, c.user_scope AS name",
            "user_scopes",
            "",
        ),
        (
            "1, '', s.name",
            "organization_scopes",
            "JOIN organization_scopes s ON s.tenant_id = c.tenant_id AND s.id = c.organization_scope_id",
        ),
        ("2, r.indicator, s.name", "resource_scopes", SCOPES),
        (
            "3, r.indicator, s.name",
            "organization_resource_scopes",
            SCOPES,
        ),
    ];
    for (index, (columns, table, joins)) in rows.into_iter().enumerate() {
        statement.push(if index > 0 { " UNION ALL " } else { "" });
        statement.push("SELECT c.tenant_id, ").push(owner);
        statement.push(" AS application_id, ").push(columns);
        statement.push(" FROM ").push(prefix);
        statement.push("_user_consent_").push(table);
        statement.push(" c ").push(joins);
    }
}
