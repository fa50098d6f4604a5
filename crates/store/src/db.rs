//! The database: SQLite or PostgreSQL behind one name.

use std::{path::PathBuf, time::Duration};

use protocol::time::Time;
use sqlx::{
    ConnectOptions, Connection, Database, PgConnection, PgPool, Pool, Postgres, SqliteConnection,
    Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use url::Url;

use crate::{
    error::StoreError,
    sqlite::{Sqlite, SqliteTx, spawned},
};

/// A handle to the database; clones share it.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file.
    Sqlite(Sqlite),
    /// A server.
    Postgres(PgPool),
}

/// How to hold connections (`contract/logto-core.md` §1.2).
#[derive(Clone, Debug)]
pub struct Options {
    /// The most connections held at once.
    pub pool_size: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL works on one statement; `None` sends no such setting, which poolers need.
    pub statement_timeout: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pool_size: 20,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Some(Duration::from_mins(1)),
        }
    }
}

impl Db {
    /// Opens `sqlite:./data/hufu.db`, `sqlite::memory:` (a temporary file) or `postgres://user:password@host/database`.
    ///
    /// A PostgreSQL address may carry `sslmode`, the other parameters of libpq, and `pooler=true` (or
    /// `statement_cache_capacity=0`) for poolers that do not keep prepared statements.
    pub async fn connect(address: &str, options: &Options) -> Result<Self, StoreError> {
        if let Some(path) = sqlite_path(address) {
            let sqlite = if path == ":memory:" {
                Sqlite::temporary(options).await?
            } else {
                Sqlite::open(&PathBuf::from(path), options).await?
            };
            return Ok(Self::Sqlite(sqlite));
        }
        let connect = postgres_options(address, options)?;
        let pool = PgPoolOptions::new()
            // One of them may be listening for changes all the time.
            .max_connections(options.pool_size.max(2))
            .acquire_timeout(options.acquire_timeout)
            .connect_with(connect)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// Makes the database that a PostgreSQL address names when the server does not have it; `true` when it was made.
    pub async fn create_if_missing(address: &str) -> Result<bool, StoreError> {
        if sqlite_path(address).is_some() {
            return Ok(false);
        }
        let connect = postgres_options(address, &Options::default())?;
        let Some(name) = connect.get_database().map(str::to_owned) else {
            return Err(StoreError::Address(format!(
                "the address of the database must name a database, such as {EXAMPLE}"
            )));
        };
        let mut connection = connect.database("postgres").connect().await?;
        let sql = format!("CREATE DATABASE \"{}\"", name.replace('"', "\"\""));
        let made = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
        let _ = connection.close().await;
        match made {
            Ok(_) => Ok(true),
            // 42P04: it exists. 23505: somebody is making it at this moment.
            Err(sqlx::Error::Database(error))
                if matches!(error.code().as_deref(), Some("42P04" | "23505")) =>
            {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Begins a transaction that may write. Dropping it takes everything back.
    ///
    /// SQLite has one writer: wait for nothing but the database while you hold it.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(sqlite) => Tx::Sqlite(sqlite.begin().await?),
            Self::Postgres(pool) => {
                let pool = pool.clone();
                // In a task of its own: a caller who goes away while BEGIN is on its way would give the connection
                // back to the pool with a transaction that nobody ends.
                Tx::Postgres(spawned(async move { pool.begin().await }).await??)
            }
        })
    }

    /// The same, alone with what has this name: others who ask for it wait until the transaction ends. So what is read is
    /// still there when it is written.
    pub async fn begin_alone(&self, name: &str) -> Result<Tx, StoreError> {
        let mut tx = self.begin().await?;
        tx.lock(name).await?;
        Ok(tx)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on!(self, conn => sqlx::query("SELECT 1").execute(conn).await.map(drop))?;
        Ok(())
    }

    /// What PostgreSQL's own machine takes the time to be; `None` for SQLite, which has no other clock than ours.
    pub async fn time(&self) -> Result<Option<Time>, StoreError> {
        const SQL: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)";
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(pool) => Ok(Some(Time(sqlx::query_scalar(SQL).fetch_one(pool).await?))),
        }
    }

    /// Closes the connections; statements that run finish first.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.readers.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) fn on(&self) -> On<Reader<sqlx::Sqlite>, Reader<Postgres>> {
        match self {
            Self::Sqlite(sqlite) => On::Sqlite(Reader::of(&sqlite.readers)),
            Self::Postgres(pool) => On::Postgres(Reader::of(pool)),
        }
    }
}

const EXAMPLE: &str = "postgres://hufu:password@localhost:5432/hufu";

fn sqlite_path(address: &str) -> Option<&str> {
    let path = address.strip_prefix("sqlite:")?.split('?').next()?;
    Some(path.strip_prefix("//").unwrap_or(path))
}

fn postgres_options(address: &str, options: &Options) -> Result<PgConnectOptions, StoreError> {
    let wrong = |fault: &dyn std::fmt::Display| {
        StoreError::Address(format!(
            "the address of the database is wrong ({fault}); use sqlite:./data/hufu.db or {EXAMPLE}"
        ))
    };
    let mut url = Url::parse(address).map_err(|error| wrong(&error))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(wrong(&"it must begin with sqlite: or postgres://"));
    }
    let mut prepares = true;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter_map(|(name, value)| match (&*name, &*value) {
            ("pooler" | "pgbouncer", value) => {
                prepares &= value != "true";
                None
            }
            ("statement_cache_capacity", value) => {
                prepares &= value != "0";
                None
            }
            // node-postgres's word for TLS with any certificate.
            ("sslmode", "no-verify") => Some(("sslmode".to_owned(), "require".to_owned())),
            (name, value) => Some((name.to_owned(), value.to_owned())),
        })
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    let mut connect = PgConnectOptions::from_url(&url)
        .map_err(|error| wrong(&error))?
        .application_name("hufu")
        // The driver would write whole statements into our log, a migration of a busy machine among them; PostgreSQL logs slow ones itself.
        .disable_statement_logging();
    if !prepares {
        return Ok(connect.statement_cache_capacity(0));
    }
    connect = connect.statement_cache_capacity(256);
    if let Some(timeout) = options.statement_timeout {
        connect = connect.options([("statement_timeout", timeout.as_millis().to_string())]);
    }
    Ok(connect)
}

/// A transaction.
#[derive(Debug)]
pub enum Tx {
    /// Of SQLite's one writer.
    Sqlite(SqliteTx),
    /// Of one connection of the pool.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes everything durable; nothing is promised before this answers.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => Ok(tx.commit().await?),
        }
    }

    pub(crate) fn on(&mut self) -> On<&mut SqliteConnection, &mut PgConnection> {
        match self {
            Self::Sqlite(tx) => On::Sqlite(tx.connection()),
            Self::Postgres(tx) => On::Postgres(tx),
        }
    }

    /// Makes others that lock the same name wait until this transaction ends. SQLite's one writer needs no lock.
    pub(crate) async fn lock(&mut self, name: &str) -> Result<(), StoreError> {
        if let Self::Postgres(tx) = self {
            sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind(name)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }
}

/// One of the two databases' own types.
#[doc(hidden)]
#[derive(Debug)]
pub enum On<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// Where a read may run: `&Db` for what is durable, `&mut Tx` to see what the transaction has written as well.
///
/// It has no lifetime of its own, because with one the compiler cannot prove that a handler which reads is `Send`.
pub trait Source: Send {
    /// What runs on SQLite.
    #[doc(hidden)]
    type Sqlite: Connect<SqliteConnection>;
    /// What runs on PostgreSQL.
    #[doc(hidden)]
    type Postgres: Connect<PgConnection>;
    /// The one that is there.
    #[doc(hidden)]
    fn on(self) -> On<Self::Sqlite, Self::Postgres>;
}

impl Source for &Db {
    type Sqlite = Reader<sqlx::Sqlite>;
    type Postgres = Reader<Postgres>;

    fn on(self) -> On<Self::Sqlite, Self::Postgres> {
        Db::on(self)
    }
}

impl<'t> Source for &'t mut Tx {
    type Sqlite = &'t mut SqliteConnection;
    type Postgres = &'t mut PgConnection;

    fn on(self) -> On<Self::Sqlite, Self::Postgres> {
        Tx::on(self)
    }
}

/// Has a connection, or can get one.
#[doc(hidden)]
pub trait Connect<C: 'static>: Send {
    fn connect(&mut self) -> impl Future<Output = Result<&mut C, sqlx::Error>> + Send;
}

impl<C: Send + 'static> Connect<C> for &mut C {
    async fn connect(&mut self) -> Result<&mut C, sqlx::Error> {
        Ok(self)
    }
}

/// A connection of a pool, once it is needed.
#[doc(hidden)]
#[derive(Debug)]
pub struct Reader<D: Database> {
    pool: Pool<D>,
    held: Option<PoolConnection<D>>,
}

impl<D: Database> Reader<D> {
    fn of(pool: &Pool<D>) -> Self {
        Self {
            pool: pool.clone(),
            held: None,
        }
    }
}

impl<D: Database> Connect<D::Connection> for Reader<D> {
    async fn connect(&mut self) -> Result<&mut D::Connection, sqlx::Error> {
        let connection = self.pool.acquire().await?;
        Ok(self.held.insert(connection))
    }
}

/// Runs one expression on whichever database there is: `on!(tx, conn => sqlx::query(SQL).execute(conn).await)`.
macro_rules! on {
    ($source:expr, $conn:ident => $run:expr) => {
        match $source.on() {
            $crate::db::On::Sqlite(mut held) => {
                let $conn = $crate::db::Connect::connect(&mut held).await?;
                $run
            }
            $crate::db::On::Postgres(mut held) => {
                let $conn = $crate::db::Connect::connect(&mut held).await?;
                $run
            }
        }
    };
}
pub(crate) use on;
