//! The browser at which a service provider's request is answered: the one that brought it, and no other.
//!
//! Otherwise a stranger could sign in as himself, send the last address to somebody else, and have that person work in the stranger's
//! account. So the browser keeps a secret in a cookie, to which requests are bound by its hash, and without which their codes cannot be
//! redeemed (RFC 7636). It is `SameSite=Lax` and not `Strict`, as Logto's is: a person comes back from a social provider, and goes
//! through without a page where one is signed in, by redirects that began at another site.

use axum::http::{HeaderMap, HeaderValue};
use protocol::secret::Secret;

use crate::{app::App, cookie, extract::browser::Browser};

/// What the cookie is called (`contract/logto-core.md` §3.5).
const COOKIE: &str = "_logto_sp_saml_sso_session_id";
/// How long a request waits for its person, in seconds (`contract/logto-core.md` §4).
pub(super) const LIFE: i64 = 3600;

/// A browser's secret.
#[derive(Clone, Debug)]
pub(super) struct Bound(Secret);

impl Bound {
    /// That of a request.
    pub(super) fn read(headers: &HeaderMap, browser: &Browser) -> Option<Self> {
        let name = cookie::name(COOKIE, &browser.tenant.id);
        cookie::read_secret(headers, &name).map(Self)
    }

    /// The same, or a new one. Several tabs share it, so that one does not end the others.
    pub(super) fn read_or_new(app: &App, headers: &HeaderMap, browser: &Browser) -> Self {
        Self::read(headers, browser).unwrap_or_else(|| Self(app.random_secret()))
    }

    /// Tells it to the browser.
    pub(super) fn keep(&self, browser: &Browser) -> HeaderValue {
        browser.set(COOKIE, self.0.reveal(), LIFE)
    }

    /// What is stored of it.
    pub(super) fn hash(&self) -> String {
        self.0.hash()
    }

    /// The code verifier of the request with this state: it can be made anew at this browser only.
    pub(super) fn verifier(&self, state: &Secret) -> Secret {
        let both = format!("{}.{}", self.0.reveal(), state.reveal());
        Secret::new(Secret::new(both).hash())
    }
}

#[cfg(test)]
mod tests {
    use protocol::{pkce, secret::Secret};

    use super::Bound;

    #[test]
    fn t13_a_verifier_belongs_to_one_browser_and_one_request() {
        let (ann, bob) = (Bound(Secret::new("a")), Bound(Secret::new("b")));
        let (one, two) = (Secret::new("1"), Secret::new("2"));
        let challenge = ann.verifier(&one).hash();
        assert!(pkce::is_challenge(&challenge));
        assert!(pkce::verify(&challenge, ann.verifier(&one).reveal()));
        for other in [ann.verifier(&two), bob.verifier(&one)] {
            assert!(!pkce::verify(&challenge, other.reveal()));
        }
    }
}
