//! Where data is kept.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use protocol::secret::Secret;
use url::Url;

use super::{
    ConfigError,
    reader::{Reader, truth},
};

/// The database and how many connections it gets.
#[derive(Clone, Debug)]
pub struct Database {
    /// `DB_URL`: `sqlite:PATH` or `postgresql://…`. Secret because it may hold a password.
    pub url: Secret,
    /// The most connections that are open at once.
    pub pool_size: u32,
    /// How long a request waits for a free connection.
    pub connection_timeout: Duration,
    /// How long one statement may run on PostgreSQL; `None` leaves the limit to the database, as poolers need it.
    pub statement_timeout: Option<Duration>,
    /// Whether `serve` seeds and migrates by itself.
    pub auto_migrate: bool,
}

impl Database {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let url = reader
            .text("DB_URL")
            .unwrap_or_else(|| "sqlite:./data/hufu.db".to_owned());
        if let Some(fault) = fault(&url) {
            return Err(reader.wrong_secret("DB_URL", fault));
        }
        // Nothing is done with these two: settings are held in memory, and nodes tell each other of changes through the database.
        reader.number("TENANT_POOL_SIZE", &(1..=1_000_000_u32))?;
        if reader.text("REDIS_URL").is_some_and(|text| {
            truth(&text).is_none() && !text.starts_with("redis:") && !text.starts_with("rediss:")
        }) {
            return Err(reader.wrong_secret(
                "REDIS_URL",
                "is neither a redis: address nor a word for yes",
            ));
        }
        let milliseconds = |text: u64| Duration::from_millis(text);
        Ok(Self {
            url: Secret::new(url),
            pool_size: reader
                .number("DATABASE_POOL_SIZE", &(1..=10_000))?
                .unwrap_or(20),
            connection_timeout: milliseconds(
                reader
                    .number("DATABASE_CONNECTION_TIMEOUT", &(1..=600_000))?
                    .unwrap_or(5000),
            ),
            statement_timeout: statement_timeout(reader)?,
            auto_migrate: reader.flag("HUFU_AUTO_MIGRATE", true)?,
        })
    }

    /// The file of an SQLite database; `None` for PostgreSQL and for a database in memory.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self
            .url
            .reveal()
            .strip_prefix("sqlite:")?
            .split('?')
            .next()?;
        let path = path.strip_prefix("//").unwrap_or(path);
        (path != ":memory:" && !path.is_empty()).then(|| Path::new(path).to_owned())
    }
}

fn fault(url: &str) -> Option<&'static str> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let is_empty = path
            .split('?')
            .next()
            .unwrap_or_default()
            .trim_start_matches("//")
            .is_empty();
        return is_empty.then_some("does not name a file");
    }
    let parsed = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    let Some(parsed) = parsed else {
        return Some("is not a sqlite: or postgresql: address");
    };
    let names_database =
        parsed.path().len() > 1 || parsed.query_pairs().any(|(key, _)| key == "dbname");
    (!names_database).then_some("does not name a database")
}

fn statement_timeout(reader: &Reader<'_>) -> Result<Option<Duration>, ConfigError> {
    const NAME: &str = "DATABASE_STATEMENT_TIMEOUT";
    match reader.text(NAME) {
        None => Ok(Some(Duration::from_mins(1))),
        Some(text) if text == "DISABLE_TIMEOUT" => Ok(None),
        Some(text) => match text.parse() {
            Ok(milliseconds) => Ok(Some(Duration::from_millis(milliseconds))),
            Err(_) => Err(reader.wrong(
                NAME,
                &text,
                "which is neither a whole number of milliseconds nor DISABLE_TIMEOUT",
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use super::super::tests::load;

    #[test]
    fn an_sqlite_address_names_a_file() {
        for (url, file) in [
            ("sqlite:./data/hufu.db", Some("./data/hufu.db")),
            (
                "sqlite:///var/lib/hufu.db?mode=rwc",
                Some("/var/lib/hufu.db"),
            ),
            ("sqlite://hufu.db", Some("hufu.db")),
            ("sqlite::memory:", None),
            ("postgres://db/hufu", None),
        ] {
            let database = load(&[("DB_URL", url)]).unwrap().database;
            assert_eq!(database.file().as_deref(), file.map(Path::new), "{url}");
        }
        assert!(load(&[("DB_URL", "sqlite:")]).is_err());
    }

    #[test]
    fn the_limit_of_a_statement_can_be_left_to_the_database() {
        let timeout = |value| {
            load(&[("DATABASE_STATEMENT_TIMEOUT", value)])
                .unwrap()
                .database
                .statement_timeout
        };
        assert_eq!(timeout(""), Some(Duration::from_mins(1)));
        assert_eq!(timeout("250"), Some(Duration::from_millis(250)));
        assert_eq!(timeout("DISABLE_TIMEOUT"), None);
    }

    #[test]
    fn a_socket_directory_and_a_database_in_the_query_are_accepted() {
        assert!(load(&[("DB_URL", "postgresql:///?host=/run/postgresql&dbname=hufu")]).is_ok());
    }
}
