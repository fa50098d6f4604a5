//! `/logs` (`contract/logto-api.md` §5.1, `contract/logto-core.md` §9.2).

use std::time::Duration;

use serde_json::{Value, json};
use server::job;
use store::{
    log::{Log, NewLog},
    on_both,
    testing::TestDb,
};

use crate::{
    manager::Manager,
    support::{ANN, API, SECRET, VERIFIER},
};

on_both!(
    exchanges_are_logged_with_what_they_gave,
    refusals_are_logged_with_their_code,
    no_secret_gets_into_a_log,
    logs_are_filtered_and_paged,
    a_count_that_would_take_too_long_says_so,
    logs_of_another_tenant_and_of_webhooks_are_not_listed,
    old_logs_are_removed,
    what_finds_no_database_is_written_later,
);

async fn logs(manager: &Manager, query: &str) -> Vec<Value> {
    let path = format!("/logs?page_size=100&{query}");
    manager
        .get(&path)
        .await
        .with(200)
        .as_array()
        .unwrap()
        .clone()
}

async fn newest(manager: &Manager, key: &str) -> Value {
    let mut logs = logs(manager, &format!("logKey={key}")).await;
    assert!(!logs.is_empty(), "{key}");
    logs.remove(0)
}

async fn exchanges_are_logged_with_what_they_gave(db: TestDb) {
    let manager = Manager::start(db).await;
    let own = newest(&manager, "ExchangeTokenBy.ClientCredentials").await;
    assert_eq!(
        own,
        json!({
            "tenantId": "default", "id": own["id"], "key": "ExchangeTokenBy.ClientCredentials",
            "createdAt": 1_800_000_000_000_i64,
            "payload": {
                "key": "ExchangeTokenBy.ClientCredentials", "result": "Success", "ip": "127.0.0.1",
                "userAgent": null, "applicationId": "worker", "tokenTypes": ["AccessToken"], "scope": "all",
                "params": {
                    "grant_type": "client_credentials", "resource": "https://default.logto.app/api",
                    "scope": "all", "client_id": "worker", "client_secret": "******",
                },
            },
        })
    );
    assert_eq!(own["id"].as_str().unwrap().len(), 21);
    let id = own["id"].as_str().unwrap();
    assert_eq!(manager.get(&format!("/logs/{id}")).await.with(200), own);

    let tokens = manager.server.tokens("chat", "openid offline_access").await;
    let code = newest(&manager, "ExchangeTokenBy.AuthorizationCode").await;
    assert_eq!(code["payload"]["userId"], ANN);
    assert_eq!(code["payload"]["applicationId"], "chat");
    assert_eq!(code["payload"]["sessionId"].as_str().unwrap().len(), 21);
    let types = json!(["AccessToken", "RefreshToken", "IdToken"]);
    assert_eq!(code["payload"]["tokenTypes"], types);

    let token = tokens["refresh_token"].as_str().unwrap();
    manager.server.refresh("chat", token).await.ok();
    let refreshed = newest(&manager, "ExchangeTokenBy.RefreshToken").await;
    assert_eq!(refreshed["payload"]["userId"], ANN);
    manager.server.revoke("chat", token).await.ok();
    let revoked = newest(&manager, "RevokeToken").await;
    assert_eq!(revoked["payload"]["result"], "Success");
    assert_eq!(revoked["payload"]["params"]["token"], "******");
}

async fn refusals_are_logged_with_their_code(db: TestDb) {
    let manager = Manager::start(db).await;
    let server = &manager.server;
    server
        .redeem("chat", "wrong")
        .await
        .refused(400, "invalid_grant");
    let log = newest(&manager, "ExchangeTokenBy.AuthorizationCode").await;
    assert_eq!(log["payload"]["result"], "Error");
    assert_eq!(log["payload"]["error"]["code"], "oidc.invalid_grant");
    assert_eq!(log["payload"]["applicationId"], "chat");

    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "chat"),
        ("client_secret", "guess"),
    ];
    server
        .post("/token", &form, &[])
        .await
        .refused(401, "invalid_client");
    let log = newest(&manager, "ExchangeTokenBy.RefreshToken").await;
    assert_eq!(log["payload"]["error"]["code"], "oidc.invalid_client");
    assert_eq!(log["payload"]["applicationId"], "chat");
    let form = [("grant_type", "magic"), ("client_id", "nobody")];
    server
        .post("/token", &form, &[])
        .await
        .refused(401, "invalid_client");
    let log = newest(&manager, "ExchangeTokenBy.Unknown").await;
    assert_eq!(log["payload"].get("applicationId"), None, "there is none");
    let form = [
        ("token", "x"),
        ("client_id", "chat"),
        ("client_secret", "guess"),
    ];
    server
        .post("/token/revocation", &form, &[])
        .await
        .refused(401, "invalid_client");
    assert_eq!(
        newest(&manager, "RevokeToken").await["payload"]["result"],
        "Error"
    );

    let code = server.code("chat", "openid").await;
    server.redeem("chat", &code).await.ok();
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
    let log = newest(&manager, "RevokeGrants").await;
    assert_eq!(log["payload"]["reason"], "code used twice");
}

async fn no_secret_gets_into_a_log(db: TestDb) {
    let manager = Manager::start(db).await;
    let server = &manager.server;
    let mut secrets: Vec<String> =
        vec![SECRET.to_owned(), VERIFIER.to_owned(), "guess-1".to_owned()];
    let code = server.code("chat", "openid offline_access").await;
    let tokens = server.redeem("chat", &code).await.ok();
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
    let again = server.tokens_for("spa", "openid offline_access", API).await;
    for tokens in [&tokens, &again] {
        for name in ["access_token", "refresh_token", "id_token"] {
            secrets.push(tokens[name].as_str().unwrap().to_owned());
        }
    }
    let token = again["refresh_token"].as_str().unwrap();
    let next = server.refresh("spa", token).await.ok();
    secrets.push(next["refresh_token"].as_str().unwrap().to_owned());
    server.advance(61);
    server
        .refresh("spa", token)
        .await
        .refused(400, "invalid_grant");
    server
        .revoke("spa", next["access_token"].as_str().unwrap())
        .await;
    server.introspect("chat", token).await;
    let form = [
        ("grant_type", "password"),
        ("client_id", "chat"),
        ("client_secret", "guess-1"),
        ("password", "guess-1"),
        ("code", "guess-1"),
        ("subject_token", "guess-1"),
        ("client_assertion", "guess-1"),
        ("anything", "guess-1"),
    ];
    server.post("/token", &form, &[]).await;
    let basic = crate::support::basic("chat", SECRET);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
    ];
    server
        .post("/token", &form, &[("authorization", &basic)])
        .await;
    secrets.push(code);

    let all = logs(&manager, "").await;
    assert!(all.len() >= 8, "{}", all.len());
    // `hush` is a word of its own only where it leaks.
    for log in all {
        let text = log.to_string();
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
    }
}

async fn logs_are_filtered_and_paged(db: TestDb) {
    let manager = Manager::start(db).await;
    let server = &manager.server;
    server.advance(10);
    server.tokens("chat", "openid").await;
    server.advance(10);
    server.tokens("spa", "openid").await;
    server.advance(10);
    server
        .redeem("chat", "wrong")
        .await
        .refused(400, "invalid_grant");
    let keys = async |query: &str| {
        let found = logs(&manager, query).await;
        let shown = |log: &Value| {
            let at = log["createdAt"].as_i64().unwrap() / 1000 - 1_800_000_000;
            (
                log["payload"]["applicationId"].as_str().unwrap().to_owned(),
                at,
            )
        };
        found.iter().map(shown).collect::<Vec<_>>()
    };
    let named = |list: &[(&str, i64)]| {
        list.iter()
            .map(|(name, at)| ((*name).to_owned(), *at))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys("").await,
        named(&[("chat", 30), ("spa", 20), ("chat", 10), ("worker", 0)])
    );
    assert_eq!(
        keys("applicationId=chat").await,
        named(&[("chat", 30), ("chat", 10)])
    );
    assert_eq!(
        keys(&format!("userId={ANN}")).await,
        named(&[("spa", 20), ("chat", 10)])
    );
    let both = format!("userId={ANN}&applicationId=chat&logKey=ExchangeTokenBy.AuthorizationCode");
    assert_eq!(keys(&both).await, named(&[("chat", 10)]));
    assert_eq!(keys("logKey=ExchangeTokenBy").await, [], "keys are exact");
    let (from, until) = (1_800_000_010_000_i64, 1_800_000_020_000_i64);
    assert_eq!(
        keys(&format!("start_time={from}&end_time={until}")).await,
        named(&[("spa", 20), ("chat", 10)]),
        "both bounds are within"
    );
    assert_eq!(keys(&format!("start_time={until}")).await.len(), 2);
    assert_eq!(
        keys(&format!("start_time={from}&end_time={from}"))
            .await
            .len(),
        1
    );

    let page = manager.get("/logs?page=2&page_size=3").await;
    assert_eq!(page.header("total-number"), "4");
    assert!(!page.headers.contains_key("total-number-is-capped"));
    assert_eq!(page.with(200).as_array().unwrap().len(), 1);
    manager
        .get("/logs?start_time=2&end_time=1")
        .await
        .failed(400, "log.invalid_time_window");
    manager
        .get("/logs?start_time=now")
        .await
        .failed(400, "guard.invalid_input");
    manager
        .get("/logs?page_size=101")
        .await
        .failed(400, "guard.invalid_pagination");
    manager
        .get("/logs/none")
        .await
        .failed(404, "entity.not_exists_with_id");
}

fn row(id: String, key: &str, created_at: i64) -> NewLog {
    NewLog {
        tenant_id: "default".to_owned(),
        log: Log {
            id,
            key: key.to_owned(),
            payload: "{}".to_owned(),
            created_at,
        },
        user_id: None,
        application_id: None,
        hook_id: None,
        is_success: true,
    }
}

async fn write(manager: &Manager, rows: &[NewLog]) {
    let mut tx = manager.server.app.db().begin().await.unwrap();
    store::log::insert(&mut tx, rows).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_count_that_would_take_too_long_says_so(db: TestDb) {
    let manager = Manager::start(db).await;
    manager.get("/logs").await.with(200);
    let rows: Vec<_> = (0..10_000)
        .map(|number| row(format!("l{number:05}"), "Unknown", number))
        .collect();
    write(&manager, &rows).await;
    let exact = manager.get("/logs?logKey=Unknown&enableCap=true").await;
    assert_eq!(exact.header("total-number"), "10000");
    assert!(!exact.headers.contains_key("total-number-is-capped"));
    let capped = manager.get("/logs?page=2&enableCap=true").await;
    assert_eq!(capped.header("total-number"), "10001");
    assert_eq!(capped.header("total-number-is-capped"), "true");
    let links: Vec<_> = capped
        .headers
        .get_all("link")
        .iter()
        .map(|link| link.to_str().unwrap())
        .collect();
    assert_eq!(links.len(), 2);
    assert!(links[0].ends_with("rel=\"first\"") && links[1].ends_with("rel=\"prev\""));
    let whole = manager.get("/logs").await;
    assert_eq!(whole.header("total-number"), "10001", "counted to the end");
    assert!(!whole.headers.contains_key("total-number-is-capped"));
}

async fn logs_of_another_tenant_and_of_webhooks_are_not_listed(db: TestDb) {
    let manager = Manager::start(db).await;
    let mut theirs = row("theirs".to_owned(), "Unknown", 5);
    theirs.tenant_id = "admin".to_owned();
    let mut hook = row("hook".to_owned(), "TriggerHook.PostSignIn", 5);
    hook.hook_id = Some("h".to_owned());
    write(&manager, &[theirs, hook]).await;
    assert_eq!(logs(&manager, "end_time=10").await.len(), 0);
    assert_eq!(
        logs(&manager, "logKey=TriggerHook.PostSignIn").await.len(),
        0
    );
    manager
        .get("/logs/theirs")
        .await
        .failed(404, "entity.not_exists_with_id");
    let own = manager
        .get("/hooks/h/recent-logs?start_time=0")
        .await
        .with(200);
    assert_eq!(own.as_array().unwrap().len(), 1);
}

async fn old_logs_are_removed(db: TestDb) {
    let manager = Manager::start(db).await;
    logs(&manager, "").await;
    let now = manager.server.app.now_millis();
    let day = 86_400_000;
    let mut hook = row("hook".to_owned(), "TriggerHook.PostSignIn", 0);
    hook.hook_id = Some("h".to_owned());
    let mut rows = vec![hook, row("kept".to_owned(), "Unknown", now - 90 * day)];
    rows.extend((0..1200).map(|number| row(format!("{number}"), "Unknown", now - 90 * day - 1)));
    write(&manager, &rows).await;
    assert_eq!(job::sweep::logs(&manager.server.app).await.unwrap(), 1201);
    let left = logs(&manager, "logKey=Unknown").await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["id"], "kept");
}

async fn what_finds_no_database_is_written_later(db: TestDb) {
    let address = db.address().to_owned();
    let manager = Manager::start(db).await;
    let app = &manager.server.app;
    app.audit().flush(app).await.unwrap();
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    manager.server.token("worker", &form).await.ok();
    assert_eq!(app.audit().waiting(), 1);
    let options = store::Options::default();
    let other = store::Db::connect(&address, &options).await.unwrap();
    if matches!(other, store::Db::Postgres(_)) {
        app.db().close().await;
        let failed = app.audit().flush(app).await;
        assert!(failed.is_err_and(|error| error.is_unavailable()));
    } else {
        // Somebody else writes, and whoever asked for the logs goes away.
        let held = other.begin().await.unwrap();
        let flush = app.audit().flush(app);
        let left = tokio::time::timeout(Duration::from_millis(200), flush).await;
        assert!(left.is_err());
        assert_eq!(app.audit().waiting(), 1);
        drop(held);
        app.audit().flush(app).await.unwrap();
        assert_eq!(logs(&manager, "").await.len(), 2);
        return;
    }
    assert_eq!(app.audit().waiting(), 1);
}
