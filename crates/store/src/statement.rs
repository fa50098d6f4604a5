//! Statements whose text depends on the question: lists with filters, searches and pages.
//!
//! Only text that stands in this crate gets into the SQL; whatever a caller gave is bound.

use sqlx::{AssertSqlSafe, FromRow, postgres::PgRow, sqlite::SqliteRow};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// A value that is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bind {
    Text(String),
    /// A text, or NULL.
    Perhaps(Option<String>),
    Number(i64),
    Flag(bool),
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<String>> for Bind {
    fn from(text: Option<String>) -> Self {
        Self::Perhaps(text)
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Bind {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// A statement in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    sql: String,
    values: Vec<Bind>,
}

/// Binds every value of a statement; the two databases' queries have no common type.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Bind::Text(text) => query.bind(text),
                Bind::Perhaps(text) => query.bind(text),
                Bind::Number(number) => query.bind(number),
                Bind::Flag(flag) => query.bind(flag),
            };
        }
        query
    }};
}

impl Statement {
    /// Begins with this text, which has no parameters.
    pub(crate) fn new(sql: &str) -> Self {
        Self {
            sql: sql.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds text.
    pub(crate) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds a parameter.
    pub(crate) fn bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        self.values.push(value.into());
        self.sql.push('$');
        self.sql.push_str(&self.values.len().to_string());
        self
    }

    /// Adds parameters with commas between them.
    pub(crate) fn bind_all<T: Into<Bind>>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self
    }

    /// Adds `LIMIT` and `OFFSET`.
    pub(crate) fn page(&mut self, page: Page) -> &mut Self {
        self.push(" LIMIT ").bind(page.limit);
        self.push(" OFFSET ").bind(page.offset)
    }

    /// All rows.
    pub(crate) async fn all<T>(self, source: impl Source) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let Self { sql, values } = self;
        Ok(
            on!(source, conn => bound!(sqlx::query_as(AssertSqlSafe(sql)), values)
            .fetch_all(conn).await)?,
        )
    }

    /// Runs it for what it changes.
    pub(crate) async fn run(self, tx: &mut Tx) -> Result<(), StoreError> {
        let Self { sql, values } = self;
        on!(tx, conn => bound!(sqlx::query(AssertSqlSafe(sql)), values)
            .execute(conn).await.map(drop))?;
        Ok(())
    }

    /// How the database means to answer it, one step a line.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) async fn plan(self, db: &crate::Db) -> Result<String, StoreError> {
        let Self { sql, values } = self;
        let steps: Vec<String> = match db {
            crate::Db::Sqlite(_) => {
                let sql = format!("EXPLAIN QUERY PLAN {sql}");
                let rows: Vec<(i64, i64, i64, String)> = Self { sql, values }.all(db).await?;
                rows.into_iter().map(|(.., step)| step).collect()
            }
            crate::Db::Postgres(_) => {
                let sql = format!("EXPLAIN {sql}");
                let rows: Vec<(String,)> = Self { sql, values }.all(db).await?;
                rows.into_iter().map(|(step,)| step).collect()
            }
        };
        Ok(steps.join("\n") + "\n")
    }

    /// The number in the first column of the only row.
    pub(crate) async fn number(self, source: impl Source) -> Result<i64, StoreError> {
        let Self { sql, values } = self;
        Ok(
            on!(source, conn => bound!(sqlx::query_scalar(AssertSqlSafe(sql)), values)
            .fetch_one(conn).await)?,
        )
    }
}

/// Part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many rows at most.
    pub limit: i64,
    /// How many to leave out first.
    pub offset: i64,
}

impl Page {
    /// All there is.
    pub const ALL: Self = Self {
        limit: i64::MAX,
        offset: 0,
    };
}

/// Some rows of a longer list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: i64,
}

impl<T> Listed<T> {
    /// The same with other rows.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            rows: self.rows.into_iter().map(change).collect(),
            total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bind, Page, Statement};

    #[test]
    fn parameters_are_numbered_and_never_stand_in_the_text() {
        let mut statement = Statement::new("SELECT id FROM t WHERE a = ");
        statement.bind("x' OR 1=1").push(" AND b IN (");
        statement.bind_all(["y", "z"]).push(")");
        statement.page(Page {
            limit: 20,
            offset: 40,
        });
        assert_eq!(
            statement.sql,
            "SELECT id FROM t WHERE a = $1 AND b IN ($2, $3) LIMIT $4 OFFSET $5"
        );
        assert_eq!(statement.values[0], Bind::Text("x' OR 1=1".to_owned()));
        assert_eq!(statement.values[4], Bind::Number(40));
    }
}
