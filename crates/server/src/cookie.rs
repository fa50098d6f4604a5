//! The cookies (`contract/logto-core.md` §3.5): what they are called, how they are read and how they are set.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};
use protocol::secret::Secret;

/// Who is signed in at this browser: the secret of a session.
pub const SESSION: &str = "_session";
/// Which browser this is, while somebody signs in at it.
pub const INTERACTION: &str = "_interaction";
/// That an account was signed in to at this browser before.
pub const BROWSER: &str = "_hufu_browser";
/// The language that was chosen on a page.
pub const LOCALE: &str = "_hufu_locale";

/// Characters of a secret.
const SECRET_LENGTH: usize = 43;

/// What the cookie is called for a tenant. Cookies do not see ports, so two tenants on one host need two names.
pub fn name(base: &str, tenant_id: &str) -> String {
    if tenant_id == "default" {
        base.to_owned()
    } else {
        format!("{base}_{tenant_id}")
    }
}

/// The value of the cookie called `name`.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The secret in the cookie called `name`; `None` for anything that is not one of ours.
pub fn read_secret(headers: &HeaderMap, name: &str) -> Option<Secret> {
    read(headers, name)
        .filter(|value| {
            value.len() == SECRET_LENGTH
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
        .map(Secret::new)
}

/// A `Set-Cookie` that lasts `seconds`; zero takes the cookie away. `https` says whether the browser's connection is encrypted.
pub fn set(name: String, value: &str, seconds: i64, https: bool) -> HeaderValue {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .max_age(Duration::seconds(seconds))
        .build();
    // Names are ours and values are base64url or language tags, so there is always a value.
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (header::COOKIE, line.parse().unwrap()))
            .collect()
    }

    #[test]
    fn cookies_are_found_in_any_line() {
        let headers = headers(&["a=1; _hufu_locale=fr", "_session=x; b=2"]);
        assert_eq!(read(&headers, LOCALE).as_deref(), Some("fr"));
        assert_eq!(read(&headers, SESSION).as_deref(), Some("x"));
        assert_eq!(read(&headers, INTERACTION), None);
    }

    #[test]
    fn only_what_can_be_a_secret_is_looked_up() {
        let good = "a".repeat(43);
        for (value, is_secret) in [
            (&*good, true),
            (&good[1..], false),
            (&format!("{}%", &good[1..]), false),
            ("", false),
        ] {
            let headers = headers(&[&format!("_session={value}")]);
            assert_eq!(
                read_secret(&headers, SESSION).is_some(),
                is_secret,
                "{value}"
            );
        }
    }

    #[test]
    fn t30_tenants_on_one_host_have_cookies_of_their_own() {
        assert_eq!(name(SESSION, "default"), "_session");
        assert_eq!(name(SESSION, "admin"), "_session_admin");
    }

    #[test]
    fn cookies_are_http_only_lax_and_secure_over_https() {
        let text = |https| {
            set("_session".to_owned(), "v", 60, https)
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(
            text(false),
            "_session=v; HttpOnly; SameSite=Lax; Path=/; Max-Age=60"
        );
        assert_eq!(
            text(true),
            "_session=v; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
        );
    }
}
