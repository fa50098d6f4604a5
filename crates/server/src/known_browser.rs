//! Browsers at which an account was signed in to before.
//!
//! Failures elsewhere do not lock them out: whoever keeps guessing somebody's password cannot keep that person away (T49). Such a
//! browser has a bucket of failures of its own, so the cookie is no way around the limit either.

use axum::http::HeaderValue;
use identity::{identifier, user::User};
use protocol::secret::Secret;

use crate::{app::App, cookie, csrf, extract::browser::Browser};

/// A year in seconds.
const LIFE: i64 = 31_536_000;

/// The cookie that makes the browser known for an account: a number of its own, and our proof that both belong together.
pub fn remember(app: &App, browser: &Browser, user_id: &str) -> HeaderValue {
    let number = known(browser, user_id).map_or_else(|| app.random_id(21), str::to_owned);
    let proof = csrf::token(&browser.tenant.cookie_keys, &about(user_id, &number));
    browser.set(cookie::BROWSER, &format!("{number}.{proof}"), LIFE)
}

/// The bucket of this account's failures at this browser; `None` for browsers that are not known. Its name begins with
/// that of the account's bucket and a dot, so that unlocking the account finds it.
pub fn bucket(browser: &Browser, user: &User) -> Option<String> {
    let number = known(browser, &user.id)?;
    let browser = Secret::new(format!("browser {} {number}", user.id)).hash();
    Some(format!("{}.{browser}", identifier::bucket(Some(user), "")))
}

fn known<'b>(browser: &'b Browser, user_id: &str) -> Option<&'b str> {
    let (number, proof) = browser.known.as_deref()?.split_once('.')?;
    let keys = &browser.tenant.cookie_keys;
    csrf::check(keys, &about(user_id, number), Some(proof)).ok()?;
    Some(number)
}

fn about<'a>(user_id: &'a str, number: &'a str) -> [&'a str; 3] {
    ["known browser", user_id, number]
}
