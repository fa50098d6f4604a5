//! Fresh databases for tests: each test runs on SQLite and on PostgreSQL.
//!
//! `scripts/with-postgres COMMAND` starts a private PostgreSQL and tells tests where it is.

use std::ops::Deref;

use protocol::time::Time;
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
