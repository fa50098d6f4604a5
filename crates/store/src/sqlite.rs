//! SQLite: many readers and one writer that makes several transactions durable with one sync of the disk.
//!
//! Transactions of ours share one outer transaction of SQLite: the first is all there is in it, each later one is a
//! savepoint. Whoever ends a transaction while others wait leaves the outer one open for them; whoever ends one while
//! nobody waits commits for all. `commit` answers only when that outer commit is on the disk, so an acknowledged write
//! survives the loss of power.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
};

use crate::{db::Options, error::StoreError};

/// How many transactions are made durable together at most: it bounds how long the first of them waits.
const GROUP_LIMIT: usize = 128;

/// How long a statement waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the write-ahead log may become, in bytes.
///
/// SQLite begins it anew only in a moment when nobody reads from it and all of it is in the database. Where several processes write, as
/// during an import, there may be no such moment for hours, and every page that is read is looked for in all of the log.
const LOG_LIMIT: u64 = 64 * 1024 * 1024;

/// Waits for those who read, but not for long: others want to write.
const CUT_LOG: &str =
    "PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 10000";

/// An SQLite database.
#[derive(Clone, Debug)]
pub struct Sqlite {
    pub(crate) readers: SqlitePool,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    writer: Arc<Mutex<Writer>>,
    waiting: AtomicUsize,
    path: PathBuf,
    // Removed from the disk with the last handle.
    _temporary: Option<TemporaryFolder>,
}

#[derive(Debug)]
struct Writer {
    options: SqliteConnectOptions,
    connection: SqliteConnection,
    /// An outer transaction is open.
    is_open: bool,
    /// What a transaction that has not ended, or was dropped, has written into.
    current: Option<Place>,
    /// Those who wait for the outer commit.
    group: Vec<oneshot::Sender<Outcome>>,
    /// The write-ahead log.
    log: PathBuf,
    /// The length from which on it is cut.
    log_limit: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The outer transaction, where nobody has written before.
    Outer,
    /// A savepoint behind what others wrote.
    Savepoint,
}

type Outcome = Result<(), Arc<sqlx::Error>>;

impl Sqlite {
    /// Opens the file, making it and its folder (readable by the owner only) when they are missing.
    pub(crate) async fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        make_file(path).map_err(|source| StoreError::File {
            path: path.display().to_string(),
            source,
        })?;
        Self::connect(path, None, options).await
    }

    /// A database in a folder of its own that disappears with it.
    pub(crate) async fn temporary(options: &Options) -> Result<Self, StoreError> {
        let folder = TemporaryFolder::new().map_err(|source| StoreError::File {
            path: std::env::temp_dir().display().to_string(),
            source,
        })?;
        let path = folder.0.join("hufu.db");
        Self::connect(&path, Some(folder), options).await
    }

    async fn connect(
        path: &Path,
        temporary: Option<TemporaryFolder>,
        options: &Options,
    ) -> Result<Self, StoreError> {
        let common = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let writing = common
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("journal_size_limit", LOG_LIMIT.to_string());
        // The writer comes first: it makes the file and turns on the write-ahead log.
        let connection = open_writer(&writing).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.pool_size.clamp(1, 4))
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(options.acquire_timeout)
            .connect_with(common.with_regexp().pragma("query_only", "ON"))
            .await?;
        let writer = Writer {
            options: writing,
            connection,
            is_open: false,
            current: None,
            group: Vec::new(),
            log: with_suffix(path, "-wal"),
            log_limit: LOG_LIMIT,
        };
        Ok(Self {
            readers,
            shared: Arc::new(Shared {
                writer: Arc::new(Mutex::new(writer)),
                waiting: AtomicUsize::new(0),
                path: path.to_owned(),
                _temporary: temporary,
            }),
        })
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    pub(crate) async fn begin(&self) -> Result<SqliteTx, StoreError> {
        let shared = Arc::clone(&self.shared);
        // In a task of its own, so that a caller who goes away cannot leave the writer between two states.
        Ok(spawned(async move { shared.begin().await }).await??)
    }
}

/// Turning on the write-ahead log does not wait for another process that is doing the same, so this does.
async fn open_writer(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let mut tries = 0;
    loop {
        match options.connect().await {
            Err(sqlx::Error::Database(error))
                if tries < 100 && error.message().contains("locked") =>
            {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result,
        }
    }
}

impl Shared {
    async fn begin(self: Arc<Self>) -> Result<SqliteTx, sqlx::Error> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        writer.undo().await;
        writer.start().await?;
        Ok(SqliteTx {
            writer,
            abandon: Abandon { shared: Some(self) },
        })
    }

    /// Commits for the group unless someone waits who will do it later.
    async fn settle(&self, writer: &mut Writer) {
        if writer.is_open
            && (self.waiting.load(Ordering::SeqCst) == 0 || writer.group.len() >= GROUP_LIMIT)
        {
            writer.finish().await;
        }
    }
}

impl Writer {
    async fn start(&mut self) -> Result<(), sqlx::Error> {
        let (place, sql) = if self.is_open {
            (Place::Savepoint, "SAVEPOINT w")
        } else {
            (Place::Outer, "BEGIN IMMEDIATE")
        };
        match run(&mut self.connection, sql).await {
            Ok(()) => {
                self.is_open = true;
                self.current = Some(place);
                Ok(())
            }
            Err(error) => {
                let told = Arc::new(sqlx::Error::Protocol(error.to_string()));
                self.lose(&told).await;
                Err(error)
            }
        }
    }

    /// Keeps what the transaction wrote for the outer commit.
    async fn keep(&mut self, member: oneshot::Sender<Outcome>) {
        self.group.push(member);
        if self.current.take() == Some(Place::Savepoint)
            && let Err(error) = run(&mut self.connection, "RELEASE w").await
        {
            self.lose(&Arc::new(error)).await;
        }
    }

    /// Takes back what a transaction wrote that was dropped, if one was.
    async fn undo(&mut self) {
        let sql = match self.current.take() {
            None => return,
            Some(Place::Outer) => {
                self.is_open = false;
                "ROLLBACK"
            }
            Some(Place::Savepoint) => "ROLLBACK TO w; RELEASE w",
        };
        if let Err(error) = run(&mut self.connection, sql).await {
            self.lose(&Arc::new(error)).await;
        }
    }

    /// Makes the outer transaction durable and tells everyone in the group.
    async fn finish(&mut self) {
        match run(&mut self.connection, "COMMIT").await {
            Ok(()) => {
                self.is_open = false;
                self.tell(&Ok(()));
                self.bound_log().await;
            }
            Err(error) => self.lose(&Arc::new(error)).await,
        }
    }

    /// Cuts the write-ahead log when it has become long.
    async fn bound_log(&mut self) {
        let length = |log: &Path| fs::metadata(log).map_or(0, |log| log.len());
        if length(&self.log) < self.log_limit {
            return;
        }
        if let Err(error) = run(&mut self.connection, CUT_LOG).await {
            tracing::warn!("the write-ahead log could not be cut: {error}");
        }
        // Somebody reads for long: it is tried again when the log has grown as much again.
        self.log_limit = length(&self.log) + LOG_LIMIT;
    }

    /// The outer transaction is gone, and with it what the whole group wrote.
    async fn lose(&mut self, error: &Arc<sqlx::Error>) {
        self.is_open = false;
        self.current = None;
        self.tell(&Err(Arc::clone(error)));
        // Fails when SQLite has rolled back by itself, as it does when the disk is full.
        let _ = run(&mut self.connection, "ROLLBACK").await;
        if matches!(**error, sqlx::Error::WorkerCrashed)
            && let Ok(connection) = self.options.connect().await
        {
            self.connection = connection;
        }
    }

    fn tell(&mut self, outcome: &Outcome) {
        for member in self.group.drain(..) {
            // Whoever has gone away does not want to know.
            let _ = member.send(outcome.clone());
        }
    }
}

/// A transaction of the one writer.
#[derive(Debug)]
pub struct SqliteTx {
    // Dropped before `abandon`, so that the writer is free when the task of `abandon` wants it.
    writer: OwnedMutexGuard<Writer>,
    abandon: Abandon,
}

impl SqliteTx {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.writer.connection
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let Self {
            mut writer,
            mut abandon,
        } = self;
        let Some(shared) = abandon.shared.take() else {
            return Ok(());
        };
        let (member, outcome) = oneshot::channel();
        spawned(async move {
            writer.keep(member).await;
            shared.settle(&mut writer).await;
        })
        .await?;
        match outcome.await {
            Ok(outcome) => outcome.map_err(StoreError::NotDurable),
            Err(_) => Err(StoreError::Database(sqlx::Error::PoolClosed)),
        }
    }
}

/// Rolls back when a transaction is dropped without commit.
#[derive(Debug)]
struct Abandon {
    shared: Option<Arc<Shared>>,
}

impl Drop for Abandon {
    fn drop(&mut self) {
        let (Some(shared), Ok(runtime)) = (self.shared.take(), Handle::try_current()) else {
            return;
        };
        runtime.spawn(async move {
            let mut writer = Arc::clone(&shared.writer).lock_owned().await;
            writer.undo().await;
            shared.settle(&mut writer).await;
        });
    }
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

/// Runs `work` to its end whether or not the caller stays.
pub(crate) async fn spawned<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work)
        .await
        .map_err(|_| StoreError::Database(sqlx::Error::WorkerCrashed))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn make_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new();
    file.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path).map(drop)
}

#[derive(Debug)]
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> std::io::Result<Self> {
        let mut name = [0_u8; 8];
        aws_lc_rs::rand::fill(&mut name).map_err(std::io::Error::other)?;
        let path = std::env::temp_dir().join(format!("hufu-{:016x}", u64::from_ne_bytes(name)));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
