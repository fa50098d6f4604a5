//! Reading users. Each function is one query: the identities come with the user.

use identity::user::User;

use super::{UsernameCase, key, row};
use crate::{
    db::{Source, on},
    error::StoreError,
};

/// The text of a query for the users whose ids `$chosen` selects.
macro_rules! users {
    ($chosen:literal) => {
        concat!(
            "SELECT ",
            row::columns!(),
            " FROM users u ",
            "LEFT JOIN user_identities i ON i.tenant_id = u.tenant_id AND i.user_id = u.id ",
            "WHERE u.tenant_id = $1 AND u.id ",
            $chosen,
            " ORDER BY i.target"
        )
    };
}

/// The user with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<User>, StoreError> {
    const SQL: &str = users!("= $2");
    let rows = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).fetch_all(conn).await)?;
    Ok(row::fold(rows)?.pop())
}

/// The user with this name. Where case does not matter, the name as typed goes before names that differ in case.
pub async fn find_by_username(
    source: impl Source,
    tenant_id: &str,
    username: &str,
    case: UsernameCase,
) -> Result<Option<User>, StoreError> {
    const EXACT: &str = users!(
        "= (SELECT id FROM users WHERE tenant_id = $1 AND username = $2 AND username_key = $3)"
    );
    const ANY: &str = users!(
        "= (SELECT id FROM users WHERE tenant_id = $1 AND username_key = $3 \
         ORDER BY CASE WHEN username = $2 THEN 0 ELSE 1 END, created_at, id LIMIT 1)"
    );
    let sql = match case {
        UsernameCase::Sensitive => EXACT,
        UsernameCase::Insensitive => ANY,
    };
    let rows = on!(source, conn => sqlx::query_as(sql)
        .bind(tenant_id).bind(username).bind(key(username)).fetch_all(conn).await)?;
    Ok(row::fold(rows)?.pop())
}

/// The user with this primary e-mail address, in whatever case.
pub async fn find_by_email(
    source: impl Source,
    tenant_id: &str,
    email: &str,
) -> Result<Option<User>, StoreError> {
    const SQL: &str =
        users!("= (SELECT id FROM users WHERE tenant_id = $1 AND primary_email_key = $2)");
    let rows = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(key(email)).fetch_all(conn).await)?;
    Ok(row::fold(rows)?.pop())
}

/// The user with this primary phone number (digits only).
pub async fn find_by_phone(
    source: impl Source,
    tenant_id: &str,
    phone: &str,
) -> Result<Option<User>, StoreError> {
    const SQL: &str =
        users!("= (SELECT id FROM users WHERE tenant_id = $1 AND primary_phone = $2)");
    let rows = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(phone).fetch_all(conn).await)?;
    Ok(row::fold(rows)?.pop())
}

/// The user to whom this account at a social provider is linked.
pub async fn find_by_identity(
    source: impl Source,
    tenant_id: &str,
    target: &str,
    identity_id: &str,
) -> Result<Option<User>, StoreError> {
    const SQL: &str = users!(
        "= (SELECT user_id FROM user_identities WHERE tenant_id = $1 AND target = $2 AND identity_id = $3)"
    );
    let rows = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(target).bind(identity_id).fetch_all(conn).await)?;
    Ok(row::fold(rows)?.pop())
}

/// How many users there are in all.
pub async fn count(source: impl Source, tenant_id: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM users WHERE tenant_id = $1";
    Ok(on!(source, conn => sqlx::query_scalar(SQL).bind(tenant_id).fetch_one(conn).await)?)
}
