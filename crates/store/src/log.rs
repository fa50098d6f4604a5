//! `logs`: what happened, for people who look into it. Times are milliseconds here.

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    statement::{Listed, Page, Statement},
};

/// What the key of every audit log begins with (`contract/logto-api.md` §5.1); the others are the logs of webhooks.
const AUDIT: [&str; 8] = [
    "ExchangeTokenBy.",
    "RevokeToken",
    "RevokeGrants",
    "Interaction.",
    "JwtCustomizer.",
    "SamlApplication.",
    "Action.",
    "Unknown",
];

/// Rows written by one statement: a few sizes only, so that statements are prepared once; and small ones, because the driver of SQLite
/// looks for each parameter among all of them.
const BATCHES: [usize; 3] = [16, 4, 1];

/// Rows removed in one transaction.
const FORGOTTEN: i64 = 500;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Log {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What happened, such as `Interaction.SignIn.Submit`.
    pub key: String,
    /// A JSON object.
    pub payload: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// A log with what it is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLog {
    /// Whose.
    pub tenant_id: String,
    /// What is kept.
    pub log: Log,
    /// The person it concerns.
    pub user_id: Option<String>,
    /// The application it concerns.
    pub application_id: Option<String>,
    /// The webhook it concerns.
    pub hook_id: Option<String>,
    /// Whether it went well.
    pub is_success: bool,
}

/// Which logs are wanted: all conditions hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Of this webhook; without one, audit logs are meant.
    pub hook_id: Option<&'a str>,
    /// About this person.
    pub user_id: Option<&'a str>,
    /// About this application.
    pub application_id: Option<&'a str>,
    /// With exactly this key.
    pub key: Option<&'a str>,
    /// Not before this moment, in milliseconds.
    pub from: Option<i64>,
    /// Not after this moment, in milliseconds.
    pub until: Option<i64>,
}

/// How the calls of a webhook went.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Calls {
    /// The webhook.
    pub hook_id: String,
    /// How many were made.
    pub requests: i64,
    /// How many of them went well.
    pub successes: i64,
}

/// Whether a log with this key is an audit log.
pub fn is_audit(key: &str) -> bool {
    AUDIT.iter().any(|prefix| key.starts_with(prefix))
}

/// Writes logs, many with one statement. Those that are there already stay as they are: writing may be repeated.
pub async fn insert(tx: &mut Tx, logs: &[NewLog]) -> Result<(), StoreError> {
    let mut rest = logs;
    for size in BATCHES {
        while let Some((batch, after)) = rest.split_at_checked(size) {
            insert_batch(tx, batch).await?;
            rest = after;
        }
    }
    Ok(())
}

async fn insert_batch(tx: &mut Tx, logs: &[NewLog]) -> Result<(), StoreError> {
    let mut statement = Statement::new(
        "INSERT INTO logs (tenant_id, id, key, payload, user_id, application_id, hook_id, is_audit, is_success, created_at) VALUES ",
    );
    for (index, new) in logs.iter().enumerate() {
        let log = &new.log;
        statement.push(if index == 0 { "(" } else { ", (" });
        statement
            .bind_all([
                new.tenant_id.as_str(),
                log.id.as_str(),
                log.key.as_str(),
                log.payload.as_str(),
            ])
            .push(", ")
            .bind_all([
                new.user_id.clone(),
                new.application_id.clone(),
                new.hook_id.clone(),
            ])
            .push(", ")
            .bind_all([is_audit(&log.key), new.is_success])
            .push(", ")
            .bind(log.created_at)
            .push(")");
    }
    statement.push(" ON CONFLICT (tenant_id, id) DO NOTHING");
    statement.run(tx).await?;
    Ok(())
}

/// The newest of the logs that are wanted. Counting ends at `most`: a total above it means that there are more.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    wanted: Wanted<'_>,
    page: Page,
    most: i64,
) -> Result<Listed<Log>, StoreError> {
    // Only audit logs have the other columns that can be asked for.
    if wanted.hook_id.is_none() && wanted.key.is_some_and(|key| !is_audit(key)) {
        let rows = Vec::new();
        return Ok(Listed { rows, total: 0 });
    }
    Ok(Listed {
        rows: rows(tenant_id, wanted, page).all(db).await?,
        total: count(tenant_id, wanted, most).number(db).await?,
    })
}

/// How the rows of a page are found, and how they are counted.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn plans(
    db: &Db,
    tenant_id: &str,
    wanted: Wanted<'_>,
    page: Page,
) -> Result<[String; 2], StoreError> {
    Ok([
        rows(tenant_id, wanted, page).plan(db).await?,
        count(tenant_id, wanted, 10_000).plan(db).await?,
    ])
}

/// The pages before are skipped in the index alone; only the rows of this page are read.
fn rows(tenant_id: &str, wanted: Wanted<'_>, page: Page) -> Statement {
    let mut statement =
        Statement::new("SELECT id, key, payload, created_at FROM logs WHERE tenant_id = ");
    statement
        .bind(tenant_id)
        .push(" AND id IN (SELECT id FROM logs WHERE ");
    conditions(&mut statement, tenant_id, wanted);
    statement
        .push(" ORDER BY created_at DESC, id DESC")
        .page(page)
        .push(") ORDER BY created_at DESC, id DESC");
    statement
}

fn count(tenant_id: &str, wanted: Wanted<'_>, most: i64) -> Statement {
    let mut statement = Statement::new("SELECT COUNT(*) FROM (SELECT 1 FROM logs WHERE ");
    conditions(&mut statement, tenant_id, wanted);
    statement.push(" LIMIT ").bind(most.saturating_add(1));
    statement.push(") counted");
    statement
}

fn conditions(statement: &mut Statement, tenant_id: &str, wanted: Wanted<'_>) {
    statement.push("tenant_id = ").bind(tenant_id);
    match wanted.hook_id {
        Some(hook_id) => statement.push(" AND hook_id = ").bind(hook_id),
        // With a person or an application it would be true anyway, and the index would not suffice.
        None if wanted.user_id.is_some() || wanted.application_id.is_some() => statement,
        None => statement.push(" AND is_audit = TRUE"),
    };
    let columns = [
        (" AND user_id = ", wanted.user_id),
        (" AND application_id = ", wanted.application_id),
        (" AND key = ", wanted.key),
    ];
    for (sql, value) in columns {
        if let Some(value) = value {
            statement.push(sql).bind(value);
        }
    }
    for (sql, value) in [
        (" AND created_at >= ", wanted.from),
        (" AND created_at <= ", wanted.until),
    ] {
        if let Some(value) = value {
            statement.push(sql).bind(value);
        }
    }
}

/// The log with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Log>, StoreError> {
    const SQL: &str =
        "SELECT id, key, payload, created_at FROM logs WHERE tenant_id = $1 AND id = $2";
    Ok(
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).bind(id)
        .fetch_optional(conn).await)?,
    )
}

/// How the calls of webhooks went since a moment (in milliseconds): of one, or of all that were called.
pub async fn calls(
    source: impl Source,
    tenant_id: &str,
    hook_id: Option<&str>,
    since: i64,
) -> Result<Vec<Calls>, StoreError> {
    const ONE: &str = "SELECT hook_id, COUNT(*) AS requests, \
        CAST(SUM(CASE WHEN is_success THEN 1 ELSE 0 END) AS BIGINT) AS successes FROM logs \
        WHERE tenant_id = $1 AND hook_id = $3 AND created_at >= $2 GROUP BY hook_id";
    const ALL: &str = "SELECT hook_id, COUNT(*) AS requests, \
        CAST(SUM(CASE WHEN is_success THEN 1 ELSE 0 END) AS BIGINT) AS successes FROM logs \
        WHERE tenant_id = $1 AND is_audit = FALSE AND hook_id IS NOT NULL AND created_at >= $2 GROUP BY hook_id";
    Ok(match hook_id {
        Some(hook_id) => {
            on!(source, conn => sqlx::query_as(ONE).bind(tenant_id).bind(since).bind(hook_id)
            .fetch_all(conn).await)?
        }
        None => on!(source, conn => sqlx::query_as(ALL).bind(tenant_id).bind(since)
            .fetch_all(conn).await)?,
    })
}

/// Removes the logs of a tenant that are older than a moment (in milliseconds), a small batch at a time, and returns how many there were.
pub async fn forget(db: &Db, tenant_id: &str, before: i64) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM logs WHERE tenant_id = $1 AND id IN (SELECT id FROM logs \
        WHERE tenant_id = $1 AND is_audit = $2 AND created_at < $3 ORDER BY created_at, id LIMIT $4)";
    let mut removed = 0;
    for is_audit in [true, false] {
        loop {
            let mut tx = db.begin().await?;
            let rows = on!(tx, conn => sqlx::query(SQL)
                .bind(tenant_id).bind(is_audit).bind(before).bind(FORGOTTEN)
                .execute(conn).await.map(|done| done.rows_affected()))?;
            tx.commit().await?;
            removed += rows;
            if rows < FORGOTTEN.unsigned_abs() {
                break;
            }
            // Others get their turn.
            tokio::task::yield_now().await;
        }
    }
    Ok(removed)
}
