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
const ALTERATIONS: &[Alteration] = &[
    Alteration {
        version: 1,
        name: "initial",
        deploy: Script::Same(include_str!("../../../migrations/0001_initial.sql")),
        rollback: None,
    },
    Alteration {
        version: 2,
        name: "management",
        deploy: Script::Same(include_str!("../../../migrations/0002_management.sql")),
        rollback: Some(Script::Same(include_str!(
            "../../../migrations/0002_management.down.sql"
        ))),
    },
    Alteration {
        version: 3,
        name: "saml_applications",
        deploy: Script::Same(include_str!(
            "../../../migrations/0003_saml_applications.sql"
        )),
        rollback: Some(Script::Same(include_str!(
            "../../../migrations/0003_saml_applications.down.sql"
        ))),
    },
    Alteration {
        version: 4,
        name: "cimd",
        deploy: Script::Same(include_str!("../../../migrations/0004_cimd.sql")),
        rollback: Some(Script::Same(include_str!(
            "../../../migrations/0004_cimd.down.sql"
        ))),
    },
];

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
    const SQL: &str = "INSERT INTO migrations (version, name, deployed_at) VALUES ($1, $2, $3)";
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
    const SQL: &str = "DELETE FROM migrations WHERE version = $1";
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

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use super::*;
    use crate::testing::TestDb;

    const FIRST: Alteration = Alteration {
        version: 1,
        name: "first",
        deploy: Script::Same("CREATE TABLE one (id TEXT); INSERT INTO one VALUES ('a');"),
        rollback: Some(Script::Same("DROP TABLE one;")),
    };
    const SECOND: Alteration = Alteration {
        version: 2,
        name: "second",
        deploy: Script::Each {
            sqlite: "CREATE TABLE two (id TEXT); INSERT INTO two SELECT 'sqlite' || sqlite_version();",
            postgres: "CREATE TABLE two (id TEXT); INSERT INTO two SELECT 'postgres' || pg_backend_pid();",
        },
        rollback: Some(Script::Same("DROP TABLE two;")),
    };
    const BROKEN: Alteration = Alteration {
        version: 3,
        name: "broken",
        deploy: Script::Same(
            "CREATE TABLE three (id TEXT); DELETE FROM one; INSERT INTO missing VALUES (1);",
        ),
        rollback: None,
    };
    const NOW: Time = Time(7);

    crate::on_both!(
        a_change_that_fails_leaves_what_was_before,
        changes_are_deployed_up_to_a_target_and_taken_back,
        a_change_without_a_way_back_says_so,
    );

    async fn count(db: &Db, sql: &'static str) -> Result<i64, StoreError> {
        Ok(on!(db, conn => sqlx::query_scalar(sql).fetch_one(conn).await)?)
    }

    async fn numbers(db: &Db) -> Vec<i64> {
        let deployed = deployed(db).await.unwrap();
        deployed.iter().map(|done| done.version).collect()
    }

    /// The test database's own changes would be in the way of numbers 1 to 3.
    async fn forget(db: &Db) -> Result<(), StoreError> {
        let mut tx = db.begin().await?;
        on!(tx, conn => sqlx::raw_sql("DELETE FROM migrations").execute(conn).await.map(drop))?;
        tx.commit().await
    }

    async fn a_change_that_fails_leaves_what_was_before(db: TestDb) {
        forget(&db).await.unwrap();
        let failed = deploy_from(&db, &[FIRST, SECOND, BROKEN], None, NOW).await;
        assert!(matches!(
            failed,
            Err(StoreError::Alteration { version: 3, .. })
        ));
        assert_eq!(numbers(&db).await, [1, 2]);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM one").await.unwrap(), 1);
        assert!(count(&db, "SELECT COUNT(*) FROM three").await.is_err());
        // Mended, it goes on from there.
        let mended = Alteration {
            deploy: Script::Same("CREATE TABLE three (id TEXT);"),
            ..BROKEN
        };
        let made = deploy_from(&db, &[FIRST, SECOND, mended], None, NOW).await;
        assert_eq!(made.unwrap().len(), 1);
        db.remove().await;
    }

    async fn changes_are_deployed_up_to_a_target_and_taken_back(db: TestDb) {
        forget(&db).await.unwrap();
        let known = [FIRST, SECOND];
        let made = deploy_from(&db, &known, Some(1), NOW).await.unwrap();
        assert_eq!(made.len(), 1);
        assert_eq!(numbers(&db).await, [1]);
        deploy_from(&db, &known, None, NOW).await.unwrap();
        let own = match &*db {
            Db::Sqlite(_) => "SELECT COUNT(*) FROM two WHERE id LIKE 'sqlite%'",
            Db::Postgres(_) => "SELECT COUNT(*) FROM two WHERE id LIKE 'postgres%'",
        };
        assert_eq!(count(&db, own).await.unwrap(), 1);

        let back = rollback_from(&db, &known, 1).await.unwrap();
        assert_eq!(back.len(), 1);
        assert_eq!(numbers(&db).await, [1]);
        assert!(count(&db, "SELECT COUNT(*) FROM two").await.is_err());
        assert_eq!(rollback_from(&db, &known, 0).await.unwrap().len(), 1);
        assert!(numbers(&db).await.is_empty());
        db.remove().await;
    }

    async fn a_change_without_a_way_back_says_so(db: TestDb) {
        let refused = rollback(&db, 0).await;
        let newest_without = ALTERATIONS
            .iter()
            .rev()
            .find(|known| known.rollback.is_none());
        assert!(
            matches!(refused, Err(StoreError::NoWayBack(version)) if Some(version) == newest_without.map(|known| known.version))
        );
        db.remove().await;
    }

    #[test]
    fn the_list_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "sql") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.insert(name, fs::read_to_string(path).unwrap());
            }
        }
        let mut listed = BTreeMap::new();
        for known in ALTERATIONS {
            let stem = format!("{:04}_{}", known.version, known.name);
            let scripts = [("", Some(known.deploy)), (".down", known.rollback)];
            for (suffix, script) in scripts {
                match script {
                    None => {}
                    Some(Script::Same(text)) => {
                        listed.insert(format!("{stem}{suffix}.sql"), text.to_owned());
                    }
                    Some(Script::Each { sqlite, postgres }) => {
                        listed.insert(format!("{stem}{suffix}.sqlite.sql"), sqlite.to_owned());
                        listed.insert(format!("{stem}{suffix}.postgres.sql"), postgres.to_owned());
                    }
                }
            }
        }
        assert_eq!(listed, files);
        assert!(ALTERATIONS.is_sorted_by(|earlier, later| earlier.version < later.version));
    }
}
