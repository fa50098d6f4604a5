//! Fresh databases for tests: each test runs on SQLite and on PostgreSQL.
//!
//! `scripts/with-postgres COMMAND` starts a private PostgreSQL and tells tests where it is.

use std::{collections::BTreeMap, ops::Deref};

use protocol::time::Time;
use serde_json::Value;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

use crate::{
    alteration,
    db::{Db, Options, Tx, on},
    error::StoreError,
    vault::Vault,
};

/// A database of a test's own, with the whole schema and nothing in it.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    address: String,
    /// Where its server is told to drop it.
    maintenance: Option<PgConnectOptions>,
}

impl TestDb {
    /// On SQLite.
    pub async fn sqlite() -> Self {
        let test = Self::empty_sqlite().await;
        alteration::deploy(&test.db, None, Time(0)).await.unwrap();
        test
    }

    /// On PostgreSQL: a clone of a template that the first test makes.
    ///
    /// It fails when `TEST_POSTGRES_URL` is not set: a test that silently ran on half of the databases would prove nothing.
    pub async fn postgres() -> Self {
        let address = postgres_address();
        let mut connection = connect(&address).await;
        let template = template(&mut connection, &address).await;
        Self::create(connection, &address, Some(&template)).await
    }

    /// SQLite without the schema.
    pub async fn empty_sqlite() -> Self {
        let address = "sqlite::memory:".to_owned();
        let db = Db::connect(&address, &options()).await.unwrap();
        let address = match &db {
            Db::Sqlite(sqlite) => format!("sqlite:{}", sqlite.path().display()),
            Db::Postgres(_) => address,
        };
        Self {
            db,
            address,
            maintenance: None,
        }
    }

    /// PostgreSQL without the schema.
    pub async fn empty_postgres() -> Self {
        let address = postgres_address();
        let connection = connect(&address).await;
        Self::create(connection, &address, None).await
    }

    async fn create(mut connection: PgConnection, address: &str, template: Option<&str>) -> Self {
        let name = format!("hufu_test_{}", random());
        let sql = match template {
            Some(template) => format!("CREATE DATABASE {name} TEMPLATE {template}"),
            None => format!("CREATE DATABASE {name}"),
        };
        execute(&mut connection, sql).await;
        connection.close().await.unwrap();
        let address = with_database(address, &name);
        Self {
            db: Db::connect(&address, &options()).await.unwrap(),
            address,
            maintenance: Some(postgres_address().parse().unwrap()),
        }
    }

    /// The address to connect to it again, as another node would.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Runs statements that no function of this crate makes.
    pub async fn sql(&self, statements: &'static str) {
        let mut tx = self.db.begin().await.unwrap();
        run(&mut tx, statements).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Tells PostgreSQL's planner how the tables have grown. SQLite needs no telling.
    pub async fn vacuum(&self) {
        if let Db::Postgres(pool) = &self.db {
            sqlx::raw_sql("VACUUM ANALYZE").execute(pool).await.unwrap();
        }
    }

    /// Removes a PostgreSQL database; those of failed tests stay for a look.
    pub async fn remove(self) {
        let name = self
            .address
            .split('?')
            .next()
            .and_then(|address| address.rsplit('/').next())
            .unwrap_or_default()
            .to_owned();
        self.db.close().await;
        if let Some(options) = &self.maintenance {
            let mut connection = options.connect().await.unwrap();
            execute(
                &mut connection,
                format!("DROP DATABASE {name} WITH (FORCE)"),
            )
            .await;
        }
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// How a page of logs is found, and how logs are counted: what the database says of both statements.
pub async fn log_plans(
    db: &Db,
    tenant_id: &str,
    wanted: crate::log::Wanted<'_>,
    page: crate::Page,
) -> [String; 2] {
    crate::log::plans(db, tenant_id, wanted, page)
        .await
        .unwrap()
}

/// Keeps a token that a social provider gave for somebody.
pub async fn keep_token(tx: &mut Tx, tenant_id: &str, id: &str, user_id: &str, connector_id: &str) {
    async fn run(tx: &mut Tx, values: [&str; 4]) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO secrets (tenant_id, id, user_id, type, value, connector_id, target, identity_id, \
            created_at, updated_at) SELECT $1, $2, $3, 'FederatedTokenSet', CAST('sealed' AS BYTEA), c.id, c.target, 'x', 0, 0 \
            FROM connectors c WHERE c.tenant_id = $1 AND c.id = $4";
        let [tenant, id, user, connector] = values;
        on!(tx, conn => sqlx::query(SQL).bind(tenant).bind(id).bind(user).bind(connector)
            .execute(conn).await.map(drop))?;
        Ok(())
    }
    run(tx, [tenant_id, id, user_id, connector_id])
        .await
        .unwrap();
}

/// Waits until no transaction is under way, also none that was left behind.
pub async fn quiet(db: &Db) {
    const BUSY: &str = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() \
        AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()";
    // SQLite's writer is free when it can be had.
    drop(db.begin().await.unwrap());
    if let Db::Postgres(_) = db {
        while !texts(db, BUSY.to_owned()).await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}

/// How many rows each table has.
pub async fn counts(db: &Db) -> BTreeMap<String, i64> {
    const SQLITE: &str =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    const POSTGRES: &str =
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    let names = match db {
        Db::Sqlite(_) => texts(db, SQLITE.to_owned()).await,
        Db::Postgres(_) => texts(db, POSTGRES.to_owned()).await,
    };
    let one = |name: &String| format!("SELECT '{name}=' || CAST(COUNT(*) AS TEXT) FROM {name}");
    let all: Vec<String> = names.iter().map(one).collect();
    let rows = texts(db, all.join(" UNION ALL ")).await;
    let split = |row: String| {
        let (name, count) = row.split_once('=').unwrap();
        (name.to_owned(), count.parse().unwrap())
    };
    rows.into_iter().map(split).collect()
}

/// References without a foreign key: what stands there, and how to find those that lead nowhere. Ids of what happened
/// (audit logs, days of activity, who made a token) stay when the thing goes, and are not among them.
const LOOSE: [(&str, &str); 6] = [
    (
        "grants.application_id",
        "SELECT g.id FROM grants g WHERE g.application_id NOT IN ('demo-app', 'device-demo-app') AND NOT EXISTS \
         (SELECT 1 FROM applications a WHERE a.tenant_id = g.tenant_id AND a.id = g.application_id)",
    ),
    (
        "grants.session_id",
        "SELECT g.id FROM grants g WHERE g.session_id IS NOT NULL AND NOT g.outlives_session AND NOT EXISTS \
         (SELECT 1 FROM sessions s WHERE s.tenant_id = g.tenant_id AND s.id = g.session_id)",
    ),
    (
        "organization_invitations.inviter_id",
        "SELECT i.id FROM organization_invitations i WHERE i.inviter_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM users u WHERE u.tenant_id = i.tenant_id AND u.id = i.inviter_id)",
    ),
    (
        "organization_invitations.accepted_user_id",
        "SELECT i.id FROM organization_invitations i WHERE i.accepted_user_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM users u WHERE u.tenant_id = i.tenant_id AND u.id = i.accepted_user_id)",
    ),
    (
        "secrets.target",
        "SELECT s.id FROM secrets s WHERE s.target IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user_identities i \
         WHERE i.tenant_id = s.tenant_id AND i.user_id = s.user_id AND i.target = s.target)",
    ),
    (
        "resources.is_default: more than one",
        "SELECT tenant_id FROM resources WHERE is_default GROUP BY tenant_id HAVING COUNT(*) > 1",
    ),
];

/// What refers to something that is not there: by each foreign key of the schema, by columns that have none, and by names
/// in JSON.
pub async fn orphans(db: &Db) -> Vec<String> {
    let mut orphans = match db {
        Db::Sqlite(_) => {
            texts(
                db,
                "SELECT \"table\" || ' -> ' || parent FROM pragma_foreign_key_check".to_owned(),
            )
            .await
        }
        Db::Postgres(_) => {
            let mut found = Vec::new();
            for (name, sql) in foreign_keys(db).await {
                let rows = texts(db, sql).await;
                found.extend(rows.into_iter().map(|row| format!("{name}: {row}")));
            }
            found
        }
    };
    for (name, sql) in LOOSE {
        let rows = texts(db, sql.to_owned()).await;
        orphans.extend(rows.into_iter().map(|row| format!("{name}: {row}")));
    }
    for (table, list, member, known) in [
        (
            "sign_in_experiences",
            "socialSignInConnectorTargets",
            None,
            "SELECT tenant_id || ' ' || target FROM connectors",
        ),
        (
            "sign_in_experiences",
            "signUpProfileFields",
            Some("name"),
            "SELECT tenant_id || ' ' || name FROM custom_profile_fields",
        ),
        (
            "account_centers",
            "profileFields",
            Some("name"),
            "SELECT tenant_id || ' ' || name FROM custom_profile_fields",
        ),
    ] {
        let known = texts(db, known.to_owned()).await;
        for row in texts(db, format!("SELECT tenant_id || ' ' || value FROM {table}")).await {
            let (tenant, document) = row.split_once(' ').unwrap();
            let document: Value = serde_json::from_str(document).unwrap();
            let entries = document.get(list).and_then(Value::as_array);
            for entry in entries.into_iter().flatten() {
                let named = member.map_or(Some(entry), |member| entry.get(member));
                let name = named.and_then(Value::as_str).unwrap();
                if !known.contains(&format!("{tenant} {name}")) {
                    orphans.push(format!("{table}.{list}: {name}"));
                }
            }
        }
    }
    orphans
}

/// Each foreign key of PostgreSQL with the statement that finds what leads nowhere.
async fn foreign_keys(db: &Db) -> Vec<(String, String)> {
    const SQL: &str = "SELECT c.conname || '|' || c.conrelid::regclass || '|' || c.confrelid::regclass || '|' || \
        (SELECT string_agg(a.attname || '=' || p.attname, ',') FROM unnest(c.conkey, c.confkey) AS k(a, p) \
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.a \
        JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attnum = k.p) \
        FROM pg_constraint c WHERE c.contype = 'f'";
    let keys = texts(db, SQL.to_owned()).await;
    assert!(keys.len() > 40, "{keys:?}");
    let statement = |key: String| {
        let [name, child, parent, columns] = key.split('|').collect::<Vec<_>>().try_into().unwrap();
        let pairs: Vec<_> = columns
            .split(',')
            .map(|pair| pair.split_once('=').unwrap())
            .collect();
        let filled: Vec<_> = pairs
            .iter()
            .map(|(own, _)| format!("c.{own} IS NOT NULL"))
            .collect();
        let same: Vec<_> = pairs
            .iter()
            .map(|(own, theirs)| format!("p.{theirs} = c.{own}"))
            .collect();
        let sql = format!(
            "SELECT c.tenant_id FROM {child} c WHERE {} AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE {})",
            filled.join(" AND "),
            same.join(" AND ")
        );
        (name.to_owned(), sql)
    };
    keys.into_iter().map(statement).collect()
}

/// The first column of what a statement finds.
async fn texts(db: &Db, sql: String) -> Vec<String> {
    async fn run(db: &Db, sql: String) -> Result<Vec<String>, StoreError> {
        let sql = sqlx::AssertSqlSafe(sql);
        Ok(on!(db, conn => sqlx::query_scalar(sql).fetch_all(conn).await)?)
    }
    run(db, sql).await.unwrap()
}

/// A vault for tests.
pub fn vault() -> Vault {
    Vault::new([7; 32]).unwrap()
}

/// Runs each named `async fn(TestDb)` on both databases: `on_both!(codes_are_taken_once, …)` makes the tests
/// `codes_are_taken_once::sqlite` and `codes_are_taken_once::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$test($crate::testing::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$test($crate::testing::TestDb::postgres().await).await;
            }
        })+
    };
}

fn options() -> Options {
    Options {
        pool_size: 10,
        acquire_timeout: std::time::Duration::from_secs(30),
        ..Options::default()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration to read it from"
)]
fn postgres_address() -> String {
    std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL is not set: run the tests through `scripts/with-postgres`, which starts a PostgreSQL for them",
    )
}

async fn connect(address: &str) -> PgConnection {
    let options: PgConnectOptions = address.parse().unwrap();
    options.connect().await.unwrap()
}

/// The name of a database with the schema, made by whichever test comes first.
async fn template(connection: &mut PgConnection, address: &str) -> String {
    // Named after the schema, so that a changed schema makes another one.
    let name = format!("hufu_template_{:016x}", fingerprint());
    // Held until the connection closes.
    sqlx::query("SELECT pg_advisory_lock(7234)")
        .execute(&mut *connection)
        .await
        .unwrap();
    let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut *connection)
        .await
        .unwrap();
    if known.is_none() {
        let draft = format!("{name}_draft");
        execute(connection, format!("DROP DATABASE IF EXISTS {draft}")).await;
        execute(connection, format!("CREATE DATABASE {draft}")).await;
        let db = Db::connect(&with_database(address, &draft), &options())
            .await
            .unwrap();
        alteration::deploy(&db, None, Time(0)).await.unwrap();
        db.close().await;
        execute(
            connection,
            format!("ALTER DATABASE {draft} RENAME TO {name}"),
        )
        .await;
    }
    sqlx::query("SELECT pg_advisory_unlock(7234)")
        .execute(&mut *connection)
        .await
        .unwrap();
    name
}

fn fingerprint() -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    format!("{:?}", alteration::list()).hash(&mut hasher);
    hasher.finish()
}

fn with_database(address: &str, name: &str) -> String {
    let mut url = url::Url::parse(address).unwrap();
    url.set_path(name);
    url.to_string()
}

async fn run(tx: &mut Tx, statements: &'static str) -> Result<(), StoreError> {
    on!(tx, conn => sqlx::raw_sql(statements).execute(conn).await.map(drop))?;
    Ok(())
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}

fn random() -> String {
    let mut bytes = [0_u8; 8];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    format!("{:016x}", u64::from_ne_bytes(bytes))
}
