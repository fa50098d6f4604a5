//! What users and applications are in organizations, and what their roles there allow, for tokens.

use protocol::organization::Membership;

use crate::{
    db::{Source, on},
    error::StoreError,
};

/// Whom a token for an organization is for.
#[derive(Clone, Copy, Debug)]
pub enum Member<'a> {
    /// A person.
    User(&'a str),
    /// An application that acts for itself.
    Application(&'a str),
}

/// How a user stands to an organization, also with regard to an application and its grant; `None` when the user is no member.
pub async fn of_user(
    source: impl Source,
    tenant_id: &str,
    organization_id: &str,
    user_id: &str,
    (application_id, grant_id): (&str, &str),
) -> Result<Option<Membership>, StoreError> {
    const SQL: &str = "SELECT o.is_mfa_required, \
        EXISTS (SELECT 1 FROM mfa_verifications m WHERE m.tenant_id = u.tenant_id AND m.user_id = u.user_id), \
        EXISTS (SELECT 1 FROM application_user_consent_organizations c WHERE c.tenant_id = u.tenant_id \
          AND c.application_id = $4 AND c.organization_id = u.organization_id AND c.user_id = u.user_id) \
        OR EXISTS (SELECT 1 FROM grant_organizations g WHERE g.tenant_id = u.tenant_id \
          AND g.grant_id = $5 AND g.organization_id = u.organization_id AND g.user_id = u.user_id) \
        FROM organization_users u \
        JOIN organizations o ON o.tenant_id = u.tenant_id AND o.id = u.organization_id \
        WHERE u.tenant_id = $1 AND u.organization_id = $2 AND u.user_id = $3";
    let row: Option<(bool, bool, bool)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(organization_id).bind(user_id).bind(application_id).bind(grant_id)
        .fetch_optional(conn).await)?;
    Ok(row.map(|(needs_mfa, has_mfa, has_consented)| Membership {
        needs_mfa,
        has_mfa,
        has_consented,
    }))
}

/// Whether an application acts in an organization.
pub async fn has_application(
    source: impl Source,
    tenant_id: &str,
    organization_id: &str,
    application_id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM organization_applications \
        WHERE tenant_id = $1 AND organization_id = $2 AND application_id = $3)";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(organization_id).bind(application_id).fetch_one(conn).await)?)
}

/// The organization scopes that a member's roles in an organization give.
pub async fn scopes(
    source: impl Source,
    tenant_id: &str,
    organization_id: &str,
    member: Member<'_>,
) -> Result<Vec<String>, StoreError> {
    const USER: &str = "SELECT DISTINCT s.name FROM organization_user_roles m \
        JOIN organization_role_scopes rs ON rs.tenant_id = m.tenant_id AND rs.organization_role_id = m.organization_role_id \
        JOIN organization_scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.organization_scope_id \
        WHERE m.tenant_id = $1 AND m.organization_id = $2 AND m.user_id = $3 ORDER BY s.name";
    const APPLICATION: &str = "SELECT DISTINCT s.name FROM organization_application_roles m \
        JOIN organization_role_scopes rs ON rs.tenant_id = m.tenant_id AND rs.organization_role_id = m.organization_role_id \
        JOIN organization_scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.organization_scope_id \
        WHERE m.tenant_id = $1 AND m.organization_id = $2 AND m.application_id = $3 ORDER BY s.name";
    let (sql, id) = match member {
        Member::User(id) => (USER, id),
        Member::Application(id) => (APPLICATION, id),
    };
    Ok(on!(source, conn => sqlx::query_scalar(sql)
        .bind(tenant_id).bind(organization_id).bind(id).fetch_all(conn).await)?)
}

/// The scopes of an API that a member's roles in an organization give.
pub async fn resource_scopes(
    source: impl Source,
    tenant_id: &str,
    organization_id: &str,
    member: Member<'_>,
    indicator: &str,
) -> Result<Vec<String>, StoreError> {
    const USER: &str = "SELECT DISTINCT s.name FROM organization_user_roles m \
        JOIN organization_role_resource_scopes rs \
          ON rs.tenant_id = m.tenant_id AND rs.organization_role_id = m.organization_role_id \
        JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        WHERE m.tenant_id = $1 AND m.organization_id = $2 AND m.user_id = $3 AND r.indicator = $4 ORDER BY s.name";
    const APPLICATION: &str = "SELECT DISTINCT s.name FROM organization_application_roles m \
        JOIN organization_role_resource_scopes rs \
          ON rs.tenant_id = m.tenant_id AND rs.organization_role_id = m.organization_role_id \
        JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        WHERE m.tenant_id = $1 AND m.organization_id = $2 AND m.application_id = $3 AND r.indicator = $4 ORDER BY s.name";
    let (sql, id) = match member {
        Member::User(id) => (USER, id),
        Member::Application(id) => (APPLICATION, id),
    };
    Ok(on!(source, conn => sqlx::query_scalar(sql)
        .bind(tenant_id).bind(organization_id).bind(id).bind(indicator).fetch_all(conn).await)?)
}

/// The scopes of an API that a user's roles in any organization give.
///
/// A token for no organization in particular carries them as well (`contract/logto-core.md` §3.6). An organization that asks for a
/// second factor, which the user lacks, gives none.
pub async fn resource_scopes_anywhere(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
    indicator: &str,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT DISTINCT s.name FROM organization_user_roles m \
        JOIN organizations o ON o.tenant_id = m.tenant_id AND o.id = m.organization_id \
        JOIN organization_role_resource_scopes rs \
          ON rs.tenant_id = m.tenant_id AND rs.organization_role_id = m.organization_role_id \
        JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        WHERE m.tenant_id = $1 AND m.user_id = $2 AND r.indicator = $3 AND (NOT o.is_mfa_required OR EXISTS \
          (SELECT 1 FROM mfa_verifications f WHERE f.tenant_id = m.tenant_id AND f.user_id = m.user_id)) ORDER BY s.name";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(user_id).bind(indicator).fetch_all(conn).await)?)
}
