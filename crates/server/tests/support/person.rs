//! What people do and what becomes of them.

use std::collections::BTreeMap;

use axum::http::{Request, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::connector::Connector;
use protocol::jose::{SigningAlgorithm, TokenType};
use serde_json::{Value, json};
use server::{
    backchannel, extract::browser::Browser as BrowserParts, interaction::CurrentInteraction,
    session,
};
use store::seed::DEFAULT_TENANT;
use url::form_urlencoded;

use super::{ANN, ISSUER, TestServer};

impl TestServer {
    /// Signs a person in for the interaction of `location` in the browser with these cookies: what the sign-in page does once the
    /// password was right. Gives the address to resume at and the cookie to set.
    pub(crate) async fn sign_in(
        &self,
        cookies: &BTreeMap<String, String>,
        location: &str,
        user_id: &str,
    ) -> (String, String) {
        let line: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .uri(location)
            .header(header::COOKIE, line.join("; "))
            .body(())
            .unwrap();
        let tenant = self.app.tenant(DEFAULT_TENANT).unwrap();
        let browser = BrowserParts::read(tenant, request.headers(), false);
        let id = form_urlencoded::parse(request.uri().query().unwrap().as_bytes())
            .find(|(name, _)| name == "i")
            .map(|(_, value)| value.into_owned());
        let now = self.now();
        let found = CurrentInteraction::find(&self.app, browser, id, now)
            .await
            .unwrap();
        let mut current = found.expect("the interaction of this browser");
        let mut tx = self.app.db().begin().await.unwrap();
        let amr = vec!["pwd".to_owned()];
        let cookie = session::sign_in(&self.app, &mut tx, &mut current, user_id, amr, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (current.resume(), cookie.to_str().unwrap().to_owned())
    }

    /// An ID token that expires in an hour.
    pub(crate) fn id_token(&self, user_id: &str, client_id: &str) -> String {
        let claims = json!({
            "iss": ISSUER, "sub": user_id, "aud": client_id,
            "iat": self.now(), "exp": self.now().plus(3600),
        });
        let tenant = self.app.tenant(DEFAULT_TENANT).unwrap();
        let key = tenant.keys.signer(SigningAlgorithm::RS256).unwrap();
        key.sign(TokenType::IdToken, &claims).unwrap()
    }

    pub(crate) async fn suspend(&self, user_id: &str) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::set_suspended(&mut tx, DEFAULT_TENANT, user_id, true, self.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn delete_ann(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::delete(&mut tx, DEFAULT_TENANT, ANN)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Ends every session of ann as a log-out does: grants without `offline_access` go with it.
    pub(crate) async fn log_ann_out(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        for session in store::session::list(&mut tx, DEFAULT_TENANT, ANN, self.now())
            .await
            .unwrap()
        {
            store::grant::delete_of_session(&mut tx, DEFAULT_TENANT, &session.id)
                .await
                .unwrap();
            store::session::delete(&mut tx, DEFAULT_TENANT, &session.id)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Takes the role away that lets ann `read`.
    pub(crate) async fn take_anns_role(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        let role = store::role::find_by_name(&mut tx, DEFAULT_TENANT, "reader")
            .await
            .unwrap()
            .unwrap();
        store::role::take_from_user(&mut tx, DEFAULT_TENANT, ANN, &role.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn revoke_sessions_of(&self, user_id: &str) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::session::delete_of_user(&mut tx, DEFAULT_TENANT, user_id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Gives the tenant a connector for GitHub.
    pub(crate) async fn connect_github(&self) {
        let connector = Connector {
            id: "github000001".to_owned(),
            factory: "github-universal".to_owned(),
            target: "github".to_owned(),
            name: "GitHub".into(),
            logo: None,
            logo_dark: None,
            config: serde_json::Map::new(),
            sync_profile: false,
            stores_tokens: false,
        };
        let mut tx = self.app.db().begin().await.unwrap();
        let (vault, now) = (self.app.vault(), self.now());
        store::connector::insert(&mut tx, vault, DEFAULT_TENANT, &connector, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.app.reload().await.unwrap();
    }

    pub(crate) async fn sessions_of(&self, user_id: &str) -> usize {
        store::session::list(self.app.db(), DEFAULT_TENANT, user_id, self.now())
            .await
            .unwrap()
            .len()
    }

    pub(crate) async fn grants_of(&self, user_id: &str) -> usize {
        store::grant::list(self.app.db(), DEFAULT_TENANT, user_id, self.now())
            .await
            .unwrap()
            .len()
    }

    /// The queued back-channel calls: address, header and claims of the token.
    pub(crate) async fn logout_tokens(&self) -> Vec<(String, Value, Value)> {
        let mut tx = self.app.db().begin().await.unwrap();
        let due = store::delivery::claim(&mut tx, 100, 60, self.now())
            .await
            .unwrap();
        let token = |delivery: &store::delivery::Delivery| {
            assert_eq!(delivery.kind, backchannel::KIND);
            let form = backchannel::form(&self.app, delivery, self.now())
                .unwrap()
                .unwrap();
            let token = form.strip_prefix("logout_token=").unwrap().to_owned();
            let part = |index: usize| {
                let text = token.split('.').nth(index).unwrap();
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
            };
            (delivery.url.clone(), part(0), part(1))
        };
        due.iter().map(token).collect()
    }
}
