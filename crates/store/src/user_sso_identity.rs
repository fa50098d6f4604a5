//! `user_sso_identities`: what identity providers of enterprises know people as.

use protocol::time::Time;
use serde_json::{Map, Value};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// What an identity provider knows a person as.
#[derive(Clone, Debug, PartialEq)]
pub struct UserSsoIdentity {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The person.
    pub user_id: String,
    /// The provider.
    pub issuer: String,
    /// The provider's id of the person.
    pub identity_id: String,
    /// What the provider told.
    pub detail: Map<String, Value>,
    /// The connector through which the person came.
    pub sso_connector_id: String,
    /// When it was linked.
    pub created_at: Time,
    /// When it changed.
    pub updated_at: Time,
}

/// Links an identity to a person.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    identity: &UserSsoIdentity,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO user_sso_identities (tenant_id, id, user_id, issuer, identity_id, detail, \
        sso_connector_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let detail = json::write("user_sso_identities.detail", &identity.detail)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&identity.id).bind(&identity.user_id).bind(&identity.issuer)
        .bind(&identity.identity_id).bind(&detail).bind(&identity.sso_connector_id)
        .bind(identity.created_at.0).bind(identity.updated_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// A person's identities, oldest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<UserSsoIdentity>, StoreError> {
    const SQL: &str = "SELECT id, user_id, issuer, identity_id, detail, sso_connector_id, created_at, updated_at \
        FROM user_sso_identities WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at, id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_identity).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_id: String,
    issuer: String,
    identity_id: String,
    detail: String,
    sso_connector_id: String,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn into_identity(self) -> Result<UserSsoIdentity, StoreError> {
        Ok(UserSsoIdentity {
            id: self.id,
            user_id: self.user_id,
            issuer: self.issuer,
            identity_id: self.identity_id,
            detail: json::read("user_sso_identities.detail", &self.detail)?,
            sso_connector_id: self.sso_connector_id,
            created_at: Time(self.created_at),
            updated_at: Time(self.updated_at),
        })
    }
}
