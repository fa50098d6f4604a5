//! Schema changes: the files of `migrations/`, deployed in order, each once, each whole or not at all.

use protocol::time::Time;
use sqlx::AssertSqlSafe;

use crate::{
    db::{Db, On, Tx, on},
    error::StoreError,
};

/// One schema change.
#[derive(Clone, Copy, Debug)]
pub struct Alteration {
    /// Its number: the order of deployment.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    deploy: Script,
    rollback: Option<Script>,
}

/// What a change runs. A change that cannot be said in one text has one for each database.
#[derive(Clone, Copy, Debug)]
enum Script {
    Same(&'static str),
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the first change that must differ will use it")
    )]
    Each {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

/// A change that was deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub name: String,
    /// When.
    pub deployed_at: Time,
}

/// Every change this program knows, oldest first. A test compares the list with the folder.
const ALTERATIONS: &[Alteration] = &[Alteration {
    version: 1,
    name: "initial",
    deploy: Script::Same(include_str!("../../../migrations/0001_initial.sql")),
    rollback: None,
}];

/// Every change this program knows, oldest first.
pub const fn list() -> &'static [Alteration] {
    ALTERATIONS
}

/// The changes that the database has not seen, oldest first.
pub async fn pending(db: &Db) -> Result<Vec<Alteration>, StoreError> {
    let deployed = deployed(db).await?;
    Ok(ALTERATIONS
        .iter()
        .filter(|known| deployed.iter().all(|done| done.version != known.version))
        .copied()
        .collect())
}

/// The changes that the database has seen, oldest first.
pub async fn deployed(db: &Db) -> Result<Vec<Deployed>, StoreError> {
    let mut tx = db.begin().await?;
    open(&mut tx).await?;
    let deployed = read(&mut tx).await?;
    tx.commit().await?;
    Ok(deployed)
}

/// Deploys what is pending up to `target`, or all of it, and returns what it deployed.
///
/// Each change has its own transaction and takes a lock, so several nodes may call this at once.
pub async fn deploy(
    db: &Db,
    target: Option<i64>,
    now: Time,
) -> Result<Vec<Alteration>, StoreError> {
    deploy_from(db, ALTERATIONS, target, now).await
}

/// Takes back every change with a number above `version`, newest first, and returns them.
pub async fn rollback(db: &Db, version: i64) -> Result<Vec<Alteration>, StoreError> {
    rollback_from(db, ALTERATIONS, version).await
}

async fn deploy_from(
    db: &Db,
    alterations: &[Alteration],
    target: Option<i64>,
    now: Time,
) -> Result<Vec<Alteration>, StoreError> {
    let mut made = Vec::new();
    for alteration in alterations {
        if target.is_some_and(|target| alteration.version > target) {
            break;
        }
        let mut tx = db.begin().await?;
        open(&mut tx).await?;
        let done = read(&mut tx).await?;
        if done.iter().any(|done| done.version == alteration.version) {
            continue;
        }
        run(&mut tx, alteration, alteration.deploy).await?;
        const SQL: &str = "INSERT INTO migrations (version, name, deployed_at) VALUES ($1, $2, $3)";
        on!(tx, conn => sqlx::query(SQL)
            .bind(alteration.version).bind(alteration.name).bind(now.0)
            .execute(conn).await.map(drop))?;
        tx.commit().await?;
        tracing::info!(
            version = alteration.version,
            name = alteration.name,
            "deployed alteration"
        );
        made.push(*alteration);
    }
    Ok(made)
}

async fn rollback_from(
    db: &Db,
    alterations: &[Alteration],
    version: i64,
) -> Result<Vec<Alteration>, StoreError> {
    let mut taken_back = Vec::new();
    for alteration in alterations.iter().rev() {
        if alteration.version <= version {
            break;
        }
        let mut tx = db.begin().await?;
        open(&mut tx).await?;
        let done = read(&mut tx).await?;
        if done.iter().all(|done| done.version != alteration.version) {
            continue;
        }
        let script = alteration
            .rollback
            .ok_or(StoreError::NoWayBack(alteration.version))?;
        run(&mut tx, alteration, script).await?;
        const SQL: &str = "DELETE FROM migrations WHERE version = $1";
        on!(tx, conn => sqlx::query(SQL).bind(alteration.version).execute(conn).await.map(drop))?;
        tx.commit().await?;
        taken_back.push(*alteration);
    }
    Ok(taken_back)
}

/// Takes the lock that lasts until the transaction ends, and makes the table of changes when it is missing.
async fn open(tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str = "CREATE TABLE IF NOT EXISTS migrations \
        (version BIGINT PRIMARY KEY, name TEXT NOT NULL, deployed_at BIGINT NOT NULL)";
    tx.lock("hufu alteration").await?;
    on!(tx, conn => sqlx::raw_sql(SQL).execute(conn).await.map(drop))?;
    Ok(())
}

async fn read(tx: &mut Tx) -> Result<Vec<Deployed>, StoreError> {
    const SQL: &str = "SELECT version, name, deployed_at FROM migrations ORDER BY version";
    let rows: Vec<(i64, String, i64)> = on!(tx, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    let deployed = |(version, name, deployed_at)| Deployed {
        version,
        name,
        deployed_at: Time(deployed_at),
    };
    Ok(rows.into_iter().map(deployed).collect())
}

async fn run(tx: &mut Tx, alteration: &Alteration, script: Script) -> Result<(), StoreError> {
    let (sqlite, postgres) = match script {
        Script::Same(text) => (text, text),
        Script::Each { sqlite, postgres } => (sqlite, postgres),
    };
    let result = match tx.on() {
        On::Sqlite(conn) => sqlx::raw_sql(AssertSqlSafe(sqlite))
            .execute(conn)
            .await
            .map(drop),
        On::Postgres(conn) => sqlx::raw_sql(AssertSqlSafe(postgres))
            .execute(conn)
            .await
            .map(drop),
    };
    result.map_err(|source| StoreError::Alteration {
        version: alteration.version,
        source,
    })
}
