//! What third-party applications may ask people for (`contract/logto-core.md` §3.15).

use std::collections::BTreeMap;

use crate::{
    db::{Source, on},
    error::StoreError,
};

/// What one application may ask for; names, not ids.
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

/// Every scope of every application of every tenant.
pub(crate) async fn load(source: impl Source) -> Result<Vec<Row>, StoreError> {
    const SQL: &str = "SELECT tenant_id, application_id, CAST(0 AS BIGINT) AS kind, '' AS indicator, user_scope AS name \
            FROM application_user_consent_user_scopes \
        UNION ALL SELECT c.tenant_id, c.application_id, 1, '', s.name \
            FROM application_user_consent_organization_scopes c JOIN organization_scopes s \
            ON s.tenant_id = c.tenant_id AND s.id = c.organization_scope_id \
        UNION ALL SELECT c.tenant_id, c.application_id, 2, r.indicator, s.name \
            FROM application_user_consent_resource_scopes c \
            JOIN scopes s ON s.tenant_id = c.tenant_id AND s.id = c.scope_id \
            JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        UNION ALL SELECT c.tenant_id, c.application_id, 3, r.indicator, s.name \
            FROM application_user_consent_organization_resource_scopes c \
            JOIN scopes s ON s.tenant_id = c.tenant_id AND s.id = c.scope_id \
            JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        ORDER BY 1, 2, 3, 4, 5";
    Ok(on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?)
}
