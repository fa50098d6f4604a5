//! Making and changing accounts for an administrator. Password rules for people do not apply here (`contract/logto-api.md` §2.2).

pub mod import;
mod profile;
pub mod record;

use identity::user::{StoredPassword, User};
use protocol::time::Time;
use store::{
    Tx,
    user::{self, UsernameCase},
};

pub use self::{
    profile::check as check_profile,
    record::{Fields, Passwords, Record, changes},
};
use super::{OperationError, Refused};
use crate::{config::Config, random, tenant::Tenant};

/// Whether `Ann` and `ann` are two people.
pub fn username_case(config: &Config) -> UsernameCase {
    if config.case_sensitive_username {
        UsernameCase::Sensitive
    } else {
        UsernameCase::Insensitive
    }
}

/// The same for a tenant, whose policy may say it as well.
pub fn case_of(tenant: &Tenant) -> UsernameCase {
    if tenant.experience.username_policy.case_sensitive {
        UsernameCase::Sensitive
    } else {
        UsernameCase::Insensitive
    }
}

/// Makes an account, with the tenant's default roles.
///
/// # Errors
/// When a field cannot be, a name or address is taken, or the database fails.
pub async fn create(
    tx: &mut Tx,
    tenant: &str,
    record: Record,
    password: Option<StoredPassword>,
    case: UsernameCase,
    now: Time,
) -> Result<User, OperationError> {
    let mut user = record.into_user(&random::id(12), now)?;
    user.password = password.or(user.password);
    user::insert(tx, tenant, &user, case).await?;
    Ok(user)
}

/// The account that is meant by an id, a user name, an e-mail address or a phone number.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find(
    tx: &mut Tx,
    tenant: &str,
    named: &str,
    case: UsernameCase,
) -> Result<User, OperationError> {
    if let Some(user) = user::find(&mut *tx, tenant, named).await? {
        return Ok(user);
    }
    if let Some(user) = user::find_by_username(&mut *tx, tenant, named, case).await? {
        return Ok(user);
    }
    if let Some(user) = user::find_by_email(&mut *tx, tenant, named).await? {
        return Ok(user);
    }
    let phone = named.strip_prefix('+').unwrap_or(named);
    let found = user::find_by_phone(&mut *tx, tenant, phone).await?;
    found.ok_or_else(|| Refused::not_found("user", named).into())
}
