//! What can go wrong between the rules and the database.

use std::{error::Error, sync::Arc};

use sqlx::error::DatabaseError;
use thiserror::Error;

/// Why the store could not do what it was asked. Absence is never an error: it is `None` or `false`.
///
/// After any error a transaction is of no more use: drop it and begin another.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database refused, or could not be reached.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// The transaction belonged to a group of SQLite transactions that could not be made durable.
    #[error("the transaction could not be made durable")]
    NotDurable(#[source] Arc<sqlx::Error>),
    /// A stored value does not mean what its column promises.
    #[error("{column} holds a value that cannot be read")]
    Corrupt {
        /// Table and column.
        column: &'static str,
        /// What the reader of the value says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A value that must be unique is taken.
    #[error("{0:?} is taken")]
    Conflict(Conflict),
    /// A row names another row that does not exist.
    #[error("a row it belongs to does not exist")]
    Dangling,
    /// The address of the database cannot be used; the text says why and shows one that can.
    #[error("{0}")]
    Address(String),
    /// A key file or database file could not be read or made.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The secret vault's key is malformed, or is not the one this database was written with.
    #[error("{0}")]
    Vault(&'static str),
    /// A schema change failed; the schema is as it was before it.
    #[error("alteration {version} failed")]
    Alteration {
        /// Its number.
        version: i64,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// A schema change cannot be taken back.
    #[error("alteration {0} cannot be rolled back")]
    NoWayBack(i64),
    /// The database was seeded before.
    #[error("the database is already seeded")]
    AlreadySeeded,
}

impl StoreError {
    /// Whether the database was out of reach or too busy: trying again later may succeed.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => is_unavailable(error),
            Self::NotDurable(error) => is_unavailable(error),
            _ => false,
        }
    }

    /// Whether the database ended the transaction because two waited for each other: the other one goes on, and the
    /// same again succeeds.
    pub fn is_deadlock(&self) -> bool {
        // 40P01: deadlock. 40001: the transactions could not have run one after the other.
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        let code = error.code();
        code.is_some_and(|code| matches!(&*code, "40P01" | "40001"))
    }

    pub(crate) fn corrupt(
        column: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Corrupt {
            column,
            source: source.into(),
        }
    }
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // 5 and 6: SQLite is busy or locked. 08, 53, 57: connection lost, out of resources, shutting down or cancelled.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            matches!(&*code, "5" | "6" | "517" | "261")
                || ["08", "53", "57"]
                    .iter()
                    .any(|class| code.len() == 5 && code.starts_with(class))
        }),
        _ => false,
    }
}

/// Which unique value is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// A user name.
    Username,
    /// A primary e-mail address.
    Email,
    /// A primary phone number.
    Phone,
    /// An identity at a social provider.
    Identity,
    /// The name of an application's secret.
    SecretName,
    /// The name of a user's personal access token.
    PersonalAccessTokenName,
    /// The indicator of an API resource.
    Indicator,
    /// The name of a scope within its resource.
    ScopeName,
    /// The name of a role.
    RoleName,
    /// The name of a custom profile field.
    ProfileFieldName,
    /// The name of an enterprise's identity provider.
    SsoConnectorName,
    /// The id of a row.
    Id,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => {
                Self::Conflict(conflict(cause.as_ref()))
            }
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => Self::Dangling,
            _ => Self::Database(error),
        }
    }
}

/// PostgreSQL names the violated index, SQLite the columns in its message.
fn conflict(cause: &dyn DatabaseError) -> Conflict {
    const NAMES: [(&str, &str, Conflict); 12] = [
        ("users_username", "users.username", Conflict::Username),
        (
            "users_primary_email",
            "users.primary_email_key",
            Conflict::Email,
        ),
        (
            "users_primary_phone",
            "users.primary_phone",
            Conflict::Phone,
        ),
        (
            "user_identities_pkey",
            "user_identities.target",
            Conflict::Identity,
        ),
        (
            "user_identities_user",
            "user_identities.user_id",
            Conflict::Identity,
        ),
        (
            "application_secrets_pkey",
            "application_secrets.name",
            Conflict::SecretName,
        ),
        (
            "personal_access_tokens_pkey",
            "personal_access_tokens.name",
            Conflict::PersonalAccessTokenName,
        ),
        (
            "resources_indicator",
            "resources.indicator",
            Conflict::Indicator,
        ),
        ("scopes_name", "scopes.name", Conflict::ScopeName),
        ("roles_name", "roles.name", Conflict::RoleName),
        (
            "sso_connectors_name",
            "sso_connectors.connector_name",
            Conflict::SsoConnectorName,
        ),
        (
            "custom_profile_fields_name",
            "custom_profile_fields.name",
            Conflict::ProfileFieldName,
        ),
    ];
    NAMES
        .iter()
        .find(|(index, column, _)| match cause.constraint() {
            Some(constraint) => constraint == *index,
            // With the space, so that `scopes.name` is not found in `organization_scopes.name`.
            None => cause.message().contains(&format!(" {column}")),
        })
        .map_or(Conflict::Id, |(_, _, conflict)| *conflict)
}
