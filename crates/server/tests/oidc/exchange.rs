//! Token exchange (RFC 8693, `contract/logto-core.md` §3.9).

use protocol::{secret::Secret, time::Time};
use serde_json::{Value, json};
use server::random;
use store::{
    on_both,
    personal_access_token::{self, PersonalAccessToken},
    seed::{ADMIN_TENANT, DEFAULT_TENANT},
    subject_token::{self, SubjectToken},
    testing::TestDb,
};

use crate::support::{ANN, API, Answer, ISSUER, OTHER_API, TestServer, decoded};

on_both!(
    a_subject_token_acts_for_a_user_once,
    t12_parallel_exchanges_of_a_subject_token_give_one_success,
    an_access_token_is_exchanged_again_and_again,
    a_personal_access_token_is_exchanged_until_it_expires_or_is_deleted,
    an_actor_is_named,
    scripts_are_told_what_an_exchange_is_for,
    t18_nobody_acts_for_a_suspended_user,
    t17_nobody_acts_for_whom_the_application_keeps_out,
    t21_only_applications_that_are_allowed_to_exchange,
    t21_tokens_of_other_tenants_and_third_parties_are_not_exchanged,
    t21_revoked_and_expired_tokens_are_not_exchanged,
    t21_an_actor_must_be_who_it_says,
    t21_an_exchange_never_widens_a_token,
    t19_other_tokens_are_no_subject_tokens,
    t24_an_exchanged_token_ends_with_the_session_of_its_source,
);

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub(crate) const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
pub(crate) const IMPERSONATION: &str = "urn:logto:token-type:impersonation_token";
const PERSONAL: &str = "urn:logto:token-type:personal_access_token";

/// A server whose applications `chat`, `native`, `worker` and `partner` have the switch for exchanges on.
async fn start(db: &store::Db) -> TestServer {
    let server = TestServer::on(db.clone()).await;
    for client in ["chat", "native", "worker", "partner"] {
        server.let_exchange(client).await;
    }
    server
}

impl TestServer {
    pub(crate) async fn swap(
        &self,
        client: &str,
        kind: &str,
        token: &str,
        more: &[(&str, &str)],
    ) -> Answer {
        let mut form = vec![
            ("grant_type", GRANT),
            ("subject_token", token),
            ("subject_token_type", kind),
        ];
        form.extend(more);
        self.token(client, &form).await
    }

    /// A new subject token for ann, of this tenant.
    pub(crate) async fn subject_token(&self, tenant_id: &str, user_id: &str) -> String {
        let text = format!("sub_{}", random::id(21));
        let context = json!({ "ticket": "T-1" });
        let token = SubjectToken {
            user_id: user_id.to_owned(),
            creator_id: "worker".to_owned(),
            context: context.as_object().unwrap().clone(),
            created_at: self.now(),
            expires_at: self.now().plus(600),
        };
        let hash = Secret::new(&*text).hash();
        let mut tx = self.app.db().begin().await.unwrap();
        subject_token::insert(&mut tx, tenant_id, &hash, &token)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        text
    }

    async fn personal_token(&self, name: &str, expires_at: Option<Time>) -> String {
        let text = format!("pat_{}", random::id(32));
        let token = PersonalAccessToken {
            name: name.to_owned(),
            value: Secret::new(&*text),
            expires_at,
            created_at: self.now(),
        };
        let mut tx = self.app.db().begin().await.unwrap();
        personal_access_token::insert(&mut tx, self.app.vault(), DEFAULT_TENANT, ANN, &token)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        text
    }

    /// Lets an application exchange tokens.
    pub(crate) async fn let_exchange(&self, client: &str) {
        self.change(client, |application| {
            let rest = &mut application.custom_client_metadata.rest;
            rest.insert("allowTokenExchange".to_owned(), json!(true));
        })
        .await;
    }

    async fn opaque(&self, client: &str, scope: &str) -> String {
        text(&self.tokens(client, scope).await["access_token"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn claims(tokens: &Value) -> Value {
    decoded(&tokens["access_token"]).1
}

fn refused(answer: Answer) {
    answer.refused(400, "invalid_grant");
}

async fn a_subject_token_acts_for_a_user_once(db: TestDb) {
    let server = start(&db).await;
    for kind in [IMPERSONATION, ACCESS] {
        let token = server.subject_token(DEFAULT_TENANT, ANN).await;
        let more = [("resource", API), ("scope", "read write nothing")];
        let tokens = server.swap("chat", kind, &token, &more).await.ok();
        assert_eq!(tokens["issued_token_type"], ACCESS);
        assert_eq!(tokens["scope"], "read", "ann's roles give no more");
        assert_eq!(tokens["expires_in"], 1800);
        for absent in ["id_token", "refresh_token"] {
            assert_eq!(tokens.get(absent), None);
        }
        let told = claims(&tokens);
        assert_eq!((&told["sub"], &told["aud"]), (&json!(ANN), &json!(API)));
        assert_eq!(
            (&told["client_id"], &told["iss"]),
            (&json!("chat"), &json!(ISSUER))
        );
        assert_eq!(told.get("act"), None);
        let jwt = text(&tokens["access_token"]);
        let introspected = server.introspect("chat", &jwt).await.ok();
        assert_eq!(introspected["active"], true);
        refused(server.swap("chat", kind, &token, &more).await);
    }
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let more = [("scope", "openid email offline_access")];
    let answer = server.swap("native", IMPERSONATION, &token, &more).await;
    let tokens = answer.ok();
    assert_eq!(tokens["scope"], "openid email");
    for absent in ["id_token", "refresh_token"] {
        assert_eq!(tokens.get(absent), None);
    }
    let opaque = text(&tokens["access_token"]);
    let me = server.userinfo(&opaque).await.ok();
    assert_eq!(
        (&me["sub"], &me["email"]),
        (&json!(ANN), &json!("ann@example.com"))
    );
    // What a refusal does not give stays usable.
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let more = [("resource", "https://nowhere.test")];
    let answer = server.swap("chat", IMPERSONATION, &token, &more).await;
    answer.refused(400, "invalid_target");
    server.swap("chat", IMPERSONATION, &token, &[]).await.ok();
    db.remove().await;
}

async fn t12_parallel_exchanges_of_a_subject_token_give_one_success(db: TestDb) {
    let server = start(&db).await;
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let attempts: Vec<_> = (0..50)
        .map(|_| {
            let (server, token) = (server.clone(), token.clone());
            tokio::spawn(async move { server.swap("chat", IMPERSONATION, &token, &[]).await })
        })
        .collect();
    let mut successes = 0;
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        if answer.status == 200 {
            successes += 1;
        } else {
            refused(answer);
        }
    }
    assert_eq!(successes, 1);
    db.remove().await;
}

async fn an_access_token_is_exchanged_again_and_again(db: TestDb) {
    let server = start(&db).await;
    let opaque = server.opaque("spa", "openid profile").await;
    let signed = text(&server.tokens_for("spa", "openid read", API).await["access_token"]);
    for _ in 0..2 {
        for token in [&opaque, &signed] {
            let more = [("resource", API), ("scope", "read")];
            let told = claims(&server.swap("worker", ACCESS, token, &more).await.ok());
            assert_eq!(
                (&told["sub"], &told["client_id"], &told["scope"]),
                (&json!(ANN), &json!("worker"), &json!("read"))
            );
            let more = [("scope", "openid")];
            let tokens = server.swap("chat", ACCESS, token, &more).await.ok();
            let me = server.userinfo(&text(&tokens["access_token"])).await.ok();
            assert_eq!(me, json!({ "sub": ANN }));
        }
    }
    db.remove().await;
}

async fn a_personal_access_token_is_exchanged_until_it_expires_or_is_deleted(db: TestDb) {
    let server = start(&db).await;
    let forever = server.personal_token("forever", None).await;
    let until = server.now().plus(100);
    let short = server.personal_token("short", Some(until)).await;
    let more = [("resource", API), ("scope", "read")];
    for token in [&forever, &short] {
        for _ in 0..2 {
            let told = claims(&server.swap("native", PERSONAL, token, &more).await.ok());
            assert_eq!(
                (&told["sub"], &told["scope"]),
                (&json!(ANN), &json!("read"))
            );
        }
        refused(server.swap("native", ACCESS, token, &more).await);
        refused(server.swap("native", IMPERSONATION, token, &more).await);
    }
    server.advance(99);
    server.swap("native", PERSONAL, &short, &[]).await.ok();
    server.advance(1);
    refused(server.swap("native", PERSONAL, &short, &[]).await);
    server.swap("native", PERSONAL, &forever, &[]).await.ok();
    let mut tx = server.app.db().begin().await.unwrap();
    let deleted = personal_access_token::delete(&mut tx, DEFAULT_TENANT, ANN, "forever").await;
    assert!(deleted.unwrap());
    tx.commit().await.unwrap();
    refused(server.swap("native", PERSONAL, &forever, &[]).await);
    db.remove().await;
}

async fn an_actor_is_named(db: TestDb) {
    let server = start(&db).await;
    let actor = server.opaque("spa", "openid").await;
    let mut with_actor = vec![("actor_token", &*actor), ("actor_token_type", ACCESS)];
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let answer = server
        .swap("chat", IMPERSONATION, &token, &with_actor)
        .await;
    let opaque = text(&answer.ok()["access_token"]);
    let told = server.introspect("chat", &opaque).await.ok();
    assert_eq!(told["act"], json!({ "sub": ANN }));

    // Whoever exchanges that token again acts for the actor, and none is forgotten.
    let to_api = [("resource", API)];
    let told = claims(&server.swap("worker", ACCESS, &opaque, &to_api).await.ok());
    assert_eq!(told["act"], json!({ "sub": ANN }));
    with_actor.extend(to_api);
    let tokens = server
        .swap("worker", ACCESS, &opaque, &with_actor)
        .await
        .ok();
    let chain = json!({ "sub": ANN, "act": { "sub": ANN } });
    assert_eq!(claims(&tokens)["act"], chain);
    let signed = text(&tokens["access_token"]);
    let told = claims(&server.swap("chat", ACCESS, &signed, &to_api).await.ok());
    assert_eq!(told["act"], chain);
    db.remove().await;
}

async fn scripts_are_told_what_an_exchange_is_for(db: TestDb) {
    let server = start(&db).await;
    let script = "const getCustomJwtClaims = ({ token, context }) => ({ gty: token.gty, grant: context.grant ?? null });";
    let mut tx = server.app.db().begin().await.unwrap();
    let setting = json!({ "script": script });
    store::config::set(&mut tx, DEFAULT_TENANT, "jwt.accessToken", &setting)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();

    let api = [("resource", API)];
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let told = claims(&server.swap("chat", IMPERSONATION, &token, &api).await.ok());
    assert_eq!(told["gty"], GRANT);
    let context = json!({ "ticket": "T-1" });
    assert_eq!(
        told["grant"],
        json!({ "type": GRANT, "subjectTokenContext": context })
    );
    refused(server.swap("chat", IMPERSONATION, &token, &api).await);
    let token = server.personal_token("mine", None).await;
    let told = claims(&server.swap("chat", PERSONAL, &token, &api).await.ok());
    assert_eq!(
        (&told["gty"], &told["grant"]),
        (&json!(GRANT), &Value::Null)
    );
    db.remove().await;
}

async fn t18_nobody_acts_for_a_suspended_user(db: TestDb) {
    let server = start(&db).await;
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let personal = server.personal_token("mine", None).await;
    let access = server.opaque("spa", "openid offline_access").await;
    let made = server.swap("chat", PERSONAL, &personal, &[("scope", "openid")]);
    let made = text(&made.await.ok()["access_token"]);
    server.suspend(ANN).await;
    refused(server.swap("chat", IMPERSONATION, &token, &[]).await);
    refused(server.swap("chat", PERSONAL, &personal, &[]).await);
    refused(server.swap("chat", ACCESS, &access, &[]).await);
    server.userinfo(&made).await.refused(401, "invalid_token");
    db.remove().await;
}

async fn t17_nobody_acts_for_whom_the_application_keeps_out(db: TestDb) {
    let server = start(&db).await;
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    let personal = server.personal_token("mine", None).await;
    let shut = |application: &mut store::application::Application| {
        application.access_control_enabled = true;
    };
    server.change("chat", shut).await;
    for (kind, token) in [(IMPERSONATION, &token), (PERSONAL, &personal)] {
        let answer = server.swap("chat", kind, token, &[]).await;
        answer.refused(400, "access_denied");
        server.swap("native", kind, token, &[]).await.ok();
    }
    db.remove().await;
}

async fn t21_only_applications_that_are_allowed_to_exchange(db: TestDb) {
    let server = start(&db).await;
    let token = server.subject_token(DEFAULT_TENANT, ANN).await;
    for client in ["spa", "partner"] {
        let answer = server.swap(client, IMPERSONATION, &token, &[]).await;
        answer.refused(400, "unauthorized_client");
    }
    for (form, error) in [
        (&[("subject_token", &*token)][..], "invalid_request"),
        (&[("subject_token_type", IMPERSONATION)], "invalid_request"),
        (
            &[("subject_token", &*token), ("subject_token_type", "x")],
            "invalid_grant",
        ),
    ] {
        let mut all = vec![("grant_type", GRANT)];
        all.extend(form);
        server.token("chat", &all).await.refused(400, error);
    }
    let refresh = [(
        "requested_token_type",
        "urn:ietf:params:oauth:token-type:refresh_token",
    )];
    let answer = server.swap("chat", IMPERSONATION, &token, &refresh).await;
    answer.refused(400, "invalid_request");
    server.swap("chat", IMPERSONATION, &token, &[]).await.ok();
    db.remove().await;
}

async fn t21_tokens_of_other_tenants_and_third_parties_are_not_exchanged(db: TestDb) {
    let server = start(&db).await;
    let mut tx = server.app.db().begin().await.unwrap();
    let found = store::user::find(&mut tx, DEFAULT_TENANT, ANN)
        .await
        .unwrap();
    let mut twin = found.unwrap();
    twin.identities.clear();
    let case = store::user::UsernameCase::Sensitive;
    store::user::insert(&mut tx, ADMIN_TENANT, &twin, case)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let token = server.subject_token(ADMIN_TENANT, ANN).await;
    refused(server.swap("chat", IMPERSONATION, &token, &[]).await);
    for token in [
        server.opaque("partner", "openid").await,
        text(&server.tokens_for("partner", "openid", API).await["access_token"]),
    ] {
        refused(server.swap("chat", ACCESS, &token, &[]).await);
    }
    db.remove().await;
}

async fn t21_revoked_and_expired_tokens_are_not_exchanged(db: TestDb) {
    let server = start(&db).await;
    let (access, signed) = (
        server.tokens("chat", "openid offline_access").await,
        server
            .tokens_for("chat", "openid offline_access", API)
            .await,
    );
    let token = |tokens: &Value| text(&tokens["access_token"]);
    server.swap("chat", ACCESS, &token(&access), &[]).await.ok();
    for tokens in [&access, &signed] {
        let refresh = text(&tokens["refresh_token"]);
        assert_eq!(server.revoke("chat", &refresh).await.status, 200);
        refused(server.swap("chat", ACCESS, &token(tokens), &[]).await);
    }
    let access = server.opaque("chat", "openid").await;
    let subject = server.subject_token(DEFAULT_TENANT, ANN).await;
    server.advance(600);
    refused(server.swap("chat", IMPERSONATION, &subject, &[]).await);
    server.swap("chat", ACCESS, &access, &[]).await.ok();
    server.advance(3_000);
    refused(server.swap("chat", ACCESS, &access, &[]).await);
    for unknown in ["", "x", "sub_x", "a.b.c", "' OR 1=1 --"] {
        for kind in [IMPERSONATION, ACCESS, PERSONAL] {
            let answer = server.swap("chat", kind, unknown, &[]).await;
            assert_eq!(answer.status, 400, "{kind} {unknown}: {}", answer.body);
        }
    }
    db.remove().await;
}

async fn t21_an_actor_must_be_who_it_says(db: TestDb) {
    let server = start(&db).await;
    let subject = server.subject_token(DEFAULT_TENANT, ANN).await;
    let good = server.opaque("spa", "openid").await;
    let without_openid = server.opaque("spa", "email").await;
    let signed = text(&server.tokens_for("spa", "openid", API).await["access_token"]);
    let of_partner = server.opaque("partner", "openid").await;
    let personal = server.personal_token("mine", None).await;
    for actor in [
        &*without_openid,
        &signed,
        &of_partner,
        &personal,
        &subject,
        "x",
    ] {
        let more = [("actor_token", actor), ("actor_token_type", ACCESS)];
        refused(server.swap("chat", IMPERSONATION, &subject, &more).await);
    }
    for (more, error) in [
        (&[("actor_token", &*good)][..], "invalid_request"),
        (&[("actor_token_type", ACCESS)], "invalid_request"),
        (
            &[("actor_token", &*good), ("actor_token_type", IMPERSONATION)],
            "invalid_grant",
        ),
    ] {
        let answer = server.swap("chat", IMPERSONATION, &subject, more).await;
        answer.refused(400, error);
    }
    server.swap("chat", IMPERSONATION, &subject, &[]).await.ok();
    db.remove().await;
}

async fn t21_an_exchange_never_widens_a_token(db: TestDb) {
    let server = start(&db).await;
    let opaque = server.opaque("spa", "openid profile").await;
    let more = [("scope", "openid email profile")];
    let tokens = server.swap("chat", ACCESS, &opaque, &more).await.ok();
    assert_eq!(tokens["scope"], "openid profile");
    let me = server.userinfo(&text(&tokens["access_token"])).await.ok();
    assert_eq!((&me["name"], me.get("email")), (&json!("Ann Lee"), None));

    // A token for an API that may not `read` there is not exchanged for one that may.
    let poor = text(&server.tokens_for("spa", "openid", API).await["access_token"]);
    let more = [("resource", API), ("scope", "openid read email")];
    let tokens = server.swap("chat", ACCESS, &poor, &more).await.ok();
    assert_eq!(tokens["scope"], "openid");
    let other = [("resource", OTHER_API), ("scope", "openid read email")];
    let tokens = server.swap("chat", ACCESS, &poor, &other).await.ok();
    assert_eq!(tokens["scope"], "openid");
    db.remove().await;
}

async fn t19_other_tokens_are_no_subject_tokens(db: TestDb) {
    let server = start(&db).await;
    let tokens = server.tokens("chat", "openid offline_access").await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let machine = server.token("worker", &form).await.ok();
    for token in [
        &tokens["id_token"],
        &tokens["refresh_token"],
        &machine["access_token"],
    ] {
        for kind in [ACCESS, IMPERSONATION, PERSONAL] {
            refused(server.swap("chat", kind, &text(token), &[]).await);
        }
    }
    // Nothing of the sort is taken for an access token either.
    let subject = server.subject_token(DEFAULT_TENANT, ANN).await;
    let personal = server.personal_token("mine", None).await;
    for token in [subject, personal] {
        server.userinfo(&token).await.refused(401, "invalid_token");
        let told = server.introspect("chat", &token).await.ok();
        assert_eq!(told, json!({ "active": false }));
    }
    db.remove().await;
}

async fn t24_an_exchanged_token_ends_with_the_session_of_its_source(db: TestDb) {
    let server = start(&db).await;
    let bound = server.opaque("spa", "openid").await;
    let free = server.opaque("chat", "openid offline_access").await;
    let openid = [("scope", "openid")];
    let api = [("resource", API)];
    let mut made = Vec::new();
    for token in [&bound, &free] {
        for more in [openid, api] {
            let tokens = server.swap("chat", ACCESS, token, &more).await.ok();
            made.push(text(&tokens["access_token"]));
        }
    }
    server.log_ann_out().await;
    for (token, active) in made.iter().zip([false, false, true, true]) {
        let told = server.introspect("chat", token).await.ok();
        assert_eq!(told["active"], active);
    }
    refused(server.swap("chat", ACCESS, &bound, &[]).await);
    db.remove().await;
}
