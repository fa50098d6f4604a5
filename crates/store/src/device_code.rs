//! `device_codes`: devices that wait for somebody to sign in for them (RFC 8628), by the hash of their code.

use protocol::{
    authorize::request::AuthorizationRequest,
    record::{DeviceState, IssuedDeviceCode},
    time::Time,
};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// What a person who types the user code is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingDevice {
    /// By which its code is known.
    pub hash: String,
    /// What it asks for.
    pub request: AuthorizationRequest,
}

/// A code at the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDeviceCode {
    /// What the rules read.
    pub code: IssuedDeviceCode,
    /// Whether tokens were given for it.
    pub is_used: bool,
}

/// Remembers a device that waits; `user_code_hash` is what people type, hashed as well.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    user_code_hash: &str,
    request: &AuthorizationRequest,
    expires_at: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO device_codes \
        (tenant_id, hash, user_code, client_id, parameters, state, expires_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6)";
    let parameters = json::write("device_codes.parameters", request)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(user_code_hash).bind(&request.client_id).bind(parameters)
        .bind(expires_at.0).execute(conn).await.map(drop))?;
    Ok(())
}

/// The device with this user code, if it still waits.
pub async fn waiting(
    source: impl Source,
    tenant_id: &str,
    user_code_hash: &str,
    now: Time,
) -> Result<Option<WaitingDevice>, StoreError> {
    const SQL: &str = "SELECT hash, parameters FROM device_codes \
        WHERE tenant_id = $1 AND user_code = $2 AND state = 'pending' AND expires_at > $3";
    let row: Option<(String, String)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_code_hash).bind(now.0).fetch_optional(conn).await)?;
    row.map(|(hash, parameters)| {
        let request = json::read("device_codes.parameters", &parameters)?;
        Ok(WaitingDevice { hash, request })
    })
    .transpose()
}

/// Writes down that the person agreed, or with `None` declined. `true` for the first who decides, unless the code has expired.
pub async fn decide(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    grant_id: Option<&str>,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE device_codes SET state = $3, grant_id = $4 \
        WHERE tenant_id = $1 AND hash = $2 AND state = 'pending' AND expires_at > $5";
    let state = if grant_id.is_some() {
        "granted"
    } else {
        "denied"
    };
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(state).bind(grant_id).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The code with this hash, expired or not.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    hash: &str,
) -> Result<Option<StoredDeviceCode>, StoreError> {
    const SQL: &str = "SELECT client_id, state, grant_id, last_polled_at, expires_at, used_at \
        FROM device_codes WHERE tenant_id = $1 AND hash = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    Ok(row.map(Row::into_code))
}

/// Writes down that the device asked.
pub async fn polled(tx: &mut Tx, tenant_id: &str, hash: &str, now: Time) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE device_codes SET last_polled_at = $3 WHERE tenant_id = $1 AND hash = $2";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(hash).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Uses the code up; `true` for exactly one caller.
pub async fn take(tx: &mut Tx, tenant_id: &str, hash: &str, now: Time) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE device_codes SET used_at = $3 \
        WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL";
    // As with authorization codes: PostgreSQL would find those who use the code and those who end its grant waiting for each other.
    const LOCK: &str = "SELECT g.id FROM grants g \
        JOIN device_codes c ON c.tenant_id = g.tenant_id AND c.grant_id = g.id \
        WHERE c.tenant_id = $1 AND c.hash = $2 FOR UPDATE OF g";
    if let Tx::Postgres(conn) = tx {
        sqlx::query(LOCK)
            .bind(tenant_id)
            .bind(hash)
            .execute(&mut **conn)
            .await?;
    }
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(hash).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

#[derive(sqlx::FromRow)]
struct Row {
    client_id: String,
    state: String,
    grant_id: Option<String>,
    last_polled_at: Option<i64>,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn into_code(self) -> StoredDeviceCode {
        let state = match (self.grant_id, &*self.state) {
            (Some(grant_id), "granted") => DeviceState::Granted { grant_id },
            (_, "pending") => DeviceState::Pending,
            _ => DeviceState::Denied,
        };
        StoredDeviceCode {
            code: IssuedDeviceCode {
                client_id: self.client_id,
                state,
                last_polled_at: self.last_polled_at.map(Time),
                expires_at: Time(self.expires_at),
            },
            is_used: self.used_at.is_some(),
        }
    }
}
