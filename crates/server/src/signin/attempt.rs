//! One try to prove an account with its password: counted per account, the same for accounts that exist and for others.

use identity::{
    identifier::{Identifier, bucket},
    password::{self, MOST_BYTES, Verified},
    user::User,
};
use protocol::{secret::Secret, time::Time};
use store::{
    failed_attempt::{self, Limit},
    user::UsernameCase,
};

use super::action;
use crate::{
    app::App, audit, error::PageError, extract::browser::Browser, hook,
    interaction::CurrentInteraction, known_browser, page::sign_in::SignInProblem, tenant::Tenant,
};

/// Failures are counted within an hour (`contract/logto-core.md` §11.1).
const WINDOW: i64 = 3600;

/// What came of a try.
pub(super) enum Attempt {
    /// It is the account's password.
    Proved(Box<User>),
    /// It is, but the account is barred.
    Suspended,
    /// It is not, or the account is locked.
    Refused(SignInProblem),
}

impl Attempt {
    /// Writes down that somebody tried a password, and what came of it.
    pub(super) async fn record(&self, app: &App, current: &CurrentInteraction) {
        let outcome = match self {
            Self::Proved(_) => Ok(()),
            Self::Suspended => Err(("user.suspended", "the account is suspended")),
            Self::Refused(SignInProblem::Locked(_)) => Err((
                "session.verification_blocked_too_many_attempts",
                "too many attempts have failed",
            )),
            Self::Refused(_) => Err((
                "session.invalid_credentials",
                "name and password do not belong together",
            )),
        };
        audit::signin::verified(app, current, "Password", outcome).await;
    }
}

/// Tries a password for what was typed as the name.
pub(super) async fn password(
    app: &App,
    browser: &Browser,
    typed: &str,
    given: &str,
    now: Time,
) -> Result<Attempt, PageError> {
    let identifier = Identifier::parse(typed);
    let user = match &identifier {
        Some(identifier) => find(app, &browser.tenant, identifier).await?,
        None => None,
    };
    let bucket = bucket(user.as_ref(), typed);
    prove(app, browser, (identifier, user), bucket, given, now).await
}

/// Tries a password for an account that is known.
pub(super) async fn password_of(
    app: &App,
    browser: &Browser,
    user: User,
    given: &str,
    now: Time,
) -> Result<Attempt, PageError> {
    let bucket = bucket(Some(&user), "");
    prove(app, browser, (None, Some(user)), bucket, given, now).await
}

async fn prove(
    app: &App,
    browser: &Browser,
    (identifier, user): (Option<Identifier>, Option<User>),
    bucket: String,
    given: &str,
    now: Time,
) -> Result<Attempt, PageError> {
    let tenant = &browser.tenant;
    if let Some(user) = &user {
        audit::about(&user.id, None);
    }
    // Whoever is locked out is named as they were, or as their account is.
    let named = identifier.clone().or_else(|| name(user.as_ref()?));
    let own_bucket = user
        .as_ref()
        .and_then(|user| known_browser::bucket(browser, user));
    let bucket = own_bucket.unwrap_or(bucket);
    if let Some(until) = failed_attempt::locked_until(app.db(), &tenant.id, &bucket, now).await? {
        return Ok(Attempt::Refused(locked(until, now)));
    }
    let stored = user.as_ref().and_then(|user| user.password.clone());
    // A longer one cannot be right, and would only cost time (T53).
    let may_be_right = given.len() <= MOST_BYTES;
    let text = Secret::new(if may_be_right { given } else { "" });
    let verified = {
        let text = text.clone();
        app.hashes()
            .run(move || password::verify(stored.as_ref(), text.reveal()))
            .await?
    };
    let (user, rehash) = match (verified, user, identifier) {
        (Verified::Right { rehash }, Some(user), _) if may_be_right => (user, rehash),
        (_, user, Some(identifier)) if may_be_right => {
            match action::after_first_factor(app, tenant, &identifier, user, given, now).await? {
                Some(user) => (user, false),
                None => return failed(app, tenant, named.as_ref(), &bucket, now).await,
            }
        }
        _ => return failed(app, tenant, named.as_ref(), &bucket, now).await,
    };
    // Many guesses at once pass the first look before any of them is counted.
    if let Some(until) = failed_attempt::locked_until(app.db(), &tenant.id, &bucket, now).await? {
        return Ok(Attempt::Refused(locked(until, now)));
    }
    if user.is_suspended {
        return Ok(Attempt::Suspended);
    }
    if rehash {
        rehashed(app, tenant, &user, text).await?;
    }
    Ok(Attempt::Proved(Box::new(user)))
}

async fn find(
    app: &App,
    tenant: &Tenant,
    identifier: &Identifier,
) -> Result<Option<User>, PageError> {
    let (db, id) = (app.db(), &tenant.id);
    if !tenant
        .experience
        .password_identifiers()
        .contains(&identifier.kind())
    {
        return Ok(None);
    }
    Ok(match identifier {
        Identifier::Username(name) => {
            store::user::find_by_username(db, id, name, case(tenant)).await?
        }
        Identifier::Email(email) => store::user::find_by_email(db, id, email).await?,
        Identifier::Phone(phone) => match store::user::find_by_phone(db, id, phone).await? {
            // A user name may consist of digits in accounts that were imported.
            None => store::user::find_by_username(db, id, phone, case(tenant)).await?,
            found => found,
        },
    })
}

/// Whether `Ann` and `ann` are two people in this tenant.
pub(super) fn case(tenant: &Tenant) -> UsernameCase {
    if tenant.experience.username_policy.case_sensitive {
        UsernameCase::Sensitive
    } else {
        UsernameCase::Insensitive
    }
}

/// What an account can be named by.
fn name(user: &User) -> Option<Identifier> {
    let names = [&user.primary_email, &user.username, &user.primary_phone];
    names
        .into_iter()
        .flatten()
        .find_map(|name| Identifier::parse(name))
}

async fn failed(
    app: &App,
    tenant: &Tenant,
    named: Option<&Identifier>,
    bucket: &str,
    now: Time,
) -> Result<Attempt, PageError> {
    let policy = &tenant.experience.sentinel_policy;
    let limit = Limit {
        failures: policy.failures(),
        window: WINDOW,
        lock: policy.lock_seconds(),
    };
    let mut tx = app.db().begin().await?;
    let state = failed_attempt::record(&mut tx, &tenant.id, bucket, limit, now).await?;
    let begins = state.locked_until == Some(now.plus(limit.lock));
    if let Some(named) = named.filter(|_| begins) {
        hook::interaction::locked_out(app, &mut tx, tenant, named).await?;
    }
    tx.commit().await?;
    let problem = state
        .locked_until
        .filter(|until| *until > now)
        .map_or(SignInProblem::Wrong, |until| locked(until, now));
    Ok(Attempt::Refused(problem))
}

fn locked(until: Time, now: Time) -> SignInProblem {
    SignInProblem::Locked((until.since(now) + 59) / 60)
}

/// Stores the password in today's form. The old form stays when somebody changed the password meanwhile.
async fn rehashed(app: &App, tenant: &Tenant, user: &User, text: Secret) -> Result<(), PageError> {
    let salt = app.random_bytes();
    let Some(old) = &user.password else {
        return Ok(());
    };
    // When too much waits, the next sign-in will do.
    let Ok(new) = app
        .hashes()
        .run(move || password::hash(text.reveal(), salt))
        .await
    else {
        return Ok(());
    };
    let mut tx = app.db().begin().await?;
    store::user::rehash_password(&mut tx, &tenant.id, &user.id, old, &new).await?;
    tx.commit().await?;
    Ok(())
}
