//! One of everything, and every change that the document has of it.

mod change;
mod deletion;
mod made;

use std::collections::BTreeMap;

use protocol::{
    record::{Grant, Session},
    scope::ScopeSet,
};
use serde_json::{Value, json};

use self::made::MADE;
pub(crate) use self::{change::CHANGES, deletion::DELETIONS};
use crate::{manager::Manager, support::Answer};

/// Ids and names by what stands for them in [`CHANGES`].
pub(crate) struct World(BTreeMap<&'static str, String>);

/// A change: method, path and body, with `{name}` for what [`World`] knows.
pub(crate) type Change = (&'static str, &'static str, &'static str);

/// Routes that are no change of ours: they ask others, or change nothing.
pub(crate) const ELSEWHERE: [(&str, &str); 21] = [
    ("POST", "/connectors/x/authorization-uri"),
    ("POST", "/connectors/x/test"),
    ("POST", "/hooks/x/test"),
    ("POST", "/configs/actions/test"),
    ("POST", "/configs/jwt-customizer/test"),
    ("POST", "/sign-in-exp/default/check-password"),
    ("POST", "/organization-invitations/x/message"),
    ("POST", "/user-assets"),
    ("POST", "/saml/x/authn"),
    ("POST", "/users/x/identities"),
    ("POST", "/users/x/password/verify"),
    // It asks for a sign-in experience of its own.
    ("PATCH", "/users/x/password/expiration"),
    ("POST", "/verification-codes"),
    ("POST", "/verification-codes/verify"),
    ("DELETE", "/applications/x/legacy-secret"),
    (
        "POST",
        "/applications/x/protected-app-metadata/custom-domains",
    ),
    (
        "DELETE",
        "/applications/x/protected-app-metadata/custom-domains/x",
    ),
    ("POST", "/domains"),
    ("POST", "/domains/cleanup"),
    ("DELETE", "/domains/x"),
    ("PUT", "/domains/x/verification-files"),
];

impl World {
    /// Makes one of everything; the number is part of names that must be unique.
    pub(crate) async fn furnish(manager: &Manager, number: u64) -> Self {
        let tomorrow = (manager.server.now().0 + 86_400) * 1000;
        let mut world = Self(BTreeMap::from([
            ("n", number.to_string()),
            ("field", format!("size{number}")),
            ("tomorrow", tomorrow.to_string()),
        ]));
        for (name, path, body) in MADE {
            let answer = world.done(manager, &("POST", path, body)).await;
            if !name.is_empty() {
                world.keep(name, &answer["id"]);
            }
        }
        let token = (
            "POST",
            "/one-time-tokens",
            r#"{"email":"once@people.test"}"#,
        );
        let token = world.done(manager, &token).await;
        world.keep("token", &token["token"]);
        let templates = r#"{"templates":[{"languageTag":"en","templateType":"SignIn","details":{"subject":"s","content":"c"}}]}"#;
        let templates = world
            .done(manager, &("PUT", "/email-templates", templates))
            .await;
        world.keep("template", &templates[0]["id"]);
        for (name, path) in [
            ("factor", "/users/{user}/mfa-verifications"),
            ("cookie_key", "/configs/oidc/cookie-keys"),
        ] {
            let list = manager.get(&world.fill(path)).await.with(200);
            world.keep(name, &list[0]["id"]);
        }
        let identity = (
            "PUT",
            "/users/{user}/identities/forge",
            r#"{"userId":"smith{n}"}"#,
        );
        world.done(manager, &identity).await;
        world.sign_in(manager).await;
        world
    }

    /// A session, a grant, and a token that a provider gave.
    async fn sign_in(&mut self, manager: &Manager) {
        const TENANT: &str = "default";
        let app = &manager.server.app;
        let (now, user) = (app.now(), self.0["signer"].clone());
        let session = Session {
            id: app.random_id(21),
            user_id: user.clone(),
            authenticated_at: now,
            amr: vec!["pwd".to_owned()],
            expires_at: now.plus(3600),
        };
        let grant = Grant {
            id: app.random_id(21),
            user_id: user,
            client_id: "chat".to_owned(),
            session_id: None,
            scope: ScopeSet::parse("openid"),
            resources: vec![],
            auth_time: now,
            nonce: None,
            claims: None,
            created_at: now,
            expires_at: now.plus(3600),
        };
        let mut of_session = grant.clone();
        of_session.id = app.random_id(21);
        of_session.session_id = Some(session.id.clone());
        let (secret, connector) = (app.random_id(21), self.0["connector"].as_str());
        let mut tx = app.db().begin().await.unwrap();
        let cookie = app.random_secret().hash();
        store::session::insert(&mut tx, TENANT, &cookie, &session, now)
            .await
            .unwrap();
        for grant in [&grant, &of_session] {
            store::grant::insert(&mut tx, TENANT, grant).await.unwrap();
        }
        store::testing::keep_token(&mut tx, TENANT, &secret, &self.0["user"], connector).await;
        tx.commit().await.unwrap();
        self.0.insert("session", session.id);
        self.0.insert("grant", grant.id);
        self.0.insert("secret", secret);
    }

    fn keep(&mut self, name: &'static str, value: &Value) {
        self.0.insert(name, value.as_str().unwrap().to_owned());
    }

    pub(crate) fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Sends changes one after the other, and tells what was refused.
    pub(crate) async fn refused(&self, manager: &Manager, changes: &[Change]) -> Vec<String> {
        let mut refused = Vec::new();
        for change in changes {
            let answer = self.send(manager, change).await;
            if !(200..300).contains(&answer.status) {
                let (method, path, _) = change;
                refused.push(format!(
                    "{method} {path}: {} {}",
                    answer.status, answer.body
                ));
            }
        }
        refused
    }

    /// Sends a change that must be done.
    pub(crate) async fn done(&self, manager: &Manager, change: &Change) -> Value {
        let answer = self.send(manager, change).await;
        let (method, path, _) = change;
        assert!(
            (200..300).contains(&answer.status),
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
        answer.body
    }

    /// Sends a change.
    pub(crate) async fn send(&self, manager: &Manager, change: &Change) -> Answer {
        let (method, path, body) = change;
        let body: Option<Value> = (!body.is_empty()).then(|| {
            let body = self.fill(body);
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
        });
        manager.send(method, &self.fill(path), body.as_ref()).await
    }
}

/// Every route of the document that changes something is in one of the lists, and nothing else is.
#[test]
fn every_change_of_the_document_is_listed() {
    let document = server::api::describe();
    let document = json!(document);
    let mut listed: Vec<(&str, &str)> = ELSEWHERE.to_vec();
    listed.extend(
        CHANGES
            .iter()
            .chain(DELETIONS)
            .map(|(method, path, _)| (*method, path.split('?').next().unwrap())),
    );
    let mut matched = vec![false; listed.len()];
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api").unwrap();
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|method| *method != "get")
        {
            let method = method.to_uppercase();
            let mut found = false;
            for ((known, example), matched) in listed.iter().zip(&mut matched) {
                if *known == method && fits(path, example) {
                    (found, *matched) = (true, true);
                }
            }
            assert!(found, "{method} {path} is not listed");
        }
    }
    let unknown: Vec<_> = listed
        .iter()
        .zip(&matched)
        .filter(|(_, matched)| !**matched)
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn fits(path: &str, example: &str) -> bool {
    let (path, example): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), example.split('/').collect());
    path.len() == example.len()
        && path
            .iter()
            .zip(&example)
            .all(|(part, given)| part.starts_with('{') || part == given)
}
