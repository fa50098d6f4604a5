//! `organization_invitations`: who is asked to join an organization.

use protocol::time::Time;
use serde::{Deserialize, Serialize};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
    statement::Statement,
    user::key,
};

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Nothing yet.
    Pending,
    /// The invitee joined.
    Accepted,
    /// It was taken back.
    Revoked,
}

/// Who is asked to join an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationInvitation {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The user who asks.
    pub inviter_id: Option<String>,
    /// The e-mail address of whoever is asked.
    pub invitee: String,
    /// The user who joined.
    pub accepted_user_id: Option<String>,
    /// The organization to join.
    pub organization_id: String,
    /// What became of it. It may have expired beside that.
    pub status: Status,
    /// When it was made.
    pub created_at: Time,
    /// When its status changed last.
    pub updated_at: Time,
    /// When it is of no more use.
    pub expires_at: Time,
}

/// Remembers an invitation. Fails when the invitee has one that is pending.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    invitation: &OrganizationInvitation,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO organization_invitations (tenant_id, id, inviter_id, invitee, invitee_key, \
        accepted_user_id, organization_id, status, created_at, updated_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let OrganizationInvitation {
        id,
        inviter_id,
        invitee,
        accepted_user_id,
        organization_id,
        status,
        ..
    } = invitation;
    let status = json::name("organization_invitations.status", status)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(inviter_id).bind(invitee).bind(key(invitee))
        .bind(accepted_user_id).bind(organization_id).bind(status)
        .bind(invitation.created_at.0).bind(invitation.updated_at.0).bind(invitation.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Ends a pending invitation; `false` when it is no longer pending.
pub async fn end(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    status: Status,
    accepted_user_id: Option<&str>,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE organization_invitations SET status = $3, accepted_user_id = $4, updated_at = $5 \
        WHERE tenant_id = $1 AND id = $2 AND status = 'Pending'";
    let status = json::name("organization_invitations.status", &status)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(status).bind(accepted_user_id).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Takes back what is pending though it has expired: it would be in the way of a new invitation.
pub async fn revoke_expired(
    tx: &mut Tx,
    tenant_id: &str,
    organization_id: &str,
    invitee: &str,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE organization_invitations SET status = 'Revoked', updated_at = $4 \
        WHERE tenant_id = $1 AND organization_id = $2 AND invitee_key = $3 AND status = 'Pending' AND expires_at <= $4";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(organization_id).bind(key(invitee)).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets an invitation; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM organization_invitations WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The invitation with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<OrganizationInvitation>, StoreError> {
    let mut statement = matching(tenant_id);
    statement.push(" AND id = ").bind(id);
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter()
        .next()
        .map(Row::into_invitation)
        .transpose()
}

/// Which invitations are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Only those to this organization.
    pub organization_id: Option<&'a str>,
    /// Only those of this user.
    pub inviter_id: Option<&'a str>,
    /// Only those to this address, in whatever case.
    pub invitee: Option<&'a str>,
}

/// Invitations, newest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    wanted: Wanted<'_>,
) -> Result<Vec<OrganizationInvitation>, StoreError> {
    let mut statement = matching(tenant_id);
    if let Some(id) = wanted.organization_id {
        statement.push(" AND organization_id = ").bind(id);
    }
    if let Some(id) = wanted.inviter_id {
        statement.push(" AND inviter_id = ").bind(id);
    }
    if let Some(invitee) = wanted.invitee {
        statement.push(" AND invitee_key = ").bind(key(invitee));
    }
    statement.push(" ORDER BY created_at DESC, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter().map(Row::into_invitation).collect()
}

fn matching(tenant_id: &str) -> Statement {
    let mut statement = Statement::new(
        "SELECT id, inviter_id, invitee, accepted_user_id, organization_id, status, created_at, updated_at, expires_at \
         FROM organization_invitations WHERE tenant_id = ",
    );
    statement.bind(tenant_id);
    statement
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    inviter_id: Option<String>,
    invitee: String,
    accepted_user_id: Option<String>,
    organization_id: String,
    status: String,
    created_at: i64,
    updated_at: i64,
    expires_at: i64,
}

impl Row {
    fn into_invitation(self) -> Result<OrganizationInvitation, StoreError> {
        Ok(OrganizationInvitation {
            id: self.id,
            inviter_id: self.inviter_id,
            invitee: self.invitee,
            accepted_user_id: self.accepted_user_id,
            organization_id: self.organization_id,
            status: json::named("organization_invitations.status", self.status)?,
            created_at: Time(self.created_at),
            updated_at: Time(self.updated_at),
            expires_at: Time(self.expires_at),
        })
    }
}
