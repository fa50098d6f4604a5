//! People with passwords, and their way through the pages.

use identity::{password, user::StoredPassword};
use serde_json::Value;

use crate::support::{ANN, BOB, Browser, TestServer, browser::Answer};

/// The password of ann and of bob.
pub(crate) const PASSWORD: &str = "nine trumpets";

/// What the application asks for.
pub(crate) const REQUEST: &str = "client_id=chat&redirect_uri=http%3A%2F%2Fchat.test%2Fcallback&response_type=code&scope=openid&state=s";

/// A server whose people have passwords.
pub(crate) async fn server() -> TestServer {
    furnish(TestServer::for_browsers().await).await
}

/// Gives ann and bob their password.
pub(crate) async fn furnish(server: TestServer) -> TestServer {
    let hashed = password::hash(PASSWORD, [7; 16]);
    for id in [ANN, BOB] {
        set_password(&server, id, &hashed).await;
    }
    server
}

pub(crate) async fn set_password(server: &TestServer, user_id: &str, stored: &StoredPassword) {
    let mut tx = server.app.db().begin().await.unwrap();
    store::user::set_password(&mut tx, "default", user_id, Some(stored), server.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Changes how people sign in.
pub(crate) async fn experience(server: &TestServer, document: Value) {
    let mut tx = server.app.db().begin().await.unwrap();
    store::sign_in_experience::set(&mut tx, "default", &document)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
}

/// A page with a form, open in a browser.
pub(crate) struct Form {
    /// Its address.
    pub(crate) address: String,
    csrf: String,
}

impl Form {
    /// Follows the application's request to a page of ours.
    pub(crate) async fn begin(browser: &mut Browser<'_>, request: &str) -> Self {
        let sent = browser.get(&format!("/oidc/auth?{request}")).await;
        Self::open(browser, sent.location()).await
    }

    /// Opens the page at this address.
    pub(crate) async fn open(browser: &mut Browser<'_>, address: &str) -> Self {
        let page = browser.get(address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.body);
        Self {
            address: address.to_owned(),
            csrf: page.hidden_field("csrf"),
        }
    }

    /// Sends it with these fields.
    pub(crate) async fn send(&self, browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        browser.post(&self.address, &all).await
    }

    /// Sends it as the form for signing in.
    pub(crate) async fn sign_in(
        &self,
        browser: &mut Browser<'_>,
        name: &str,
        password: &str,
    ) -> Answer {
        let fields = [("identifier", name), ("password", password)];
        self.send(browser, &fields).await
    }
}

/// Tries to sign in at a new request.
pub(crate) async fn try_to_sign_in(
    browser: &mut Browser<'_>,
    name: &str,
    password: &str,
) -> Answer {
    let form = Form::begin(browser, &format!("{REQUEST}&prompt=login")).await;
    form.sign_in(browser, name, password).await
}

/// Whether the answer leads back to the application's request.
#[track_caller]
pub(crate) fn is_signed_in(answer: &Answer) -> bool {
    answer.status == 303 && answer.location().starts_with("/oidc/auth/")
}
