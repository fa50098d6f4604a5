//! Scripts that add claims to access tokens (`contract/logto-core.md` §10.1).

use serde_json::{Value, json};
use store::seed::DEFAULT_TENANT;

use crate::support::{ANN, API, TestServer, decoded};

const USERS: &str = "jwt.accessToken";
const CLIENTS: &str = "jwt.clientCredentials";

impl TestServer {
    /// Puts a script in place as the setting `key`.
    async fn customize(&self, key: &str, setting: Value) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::config::set(&mut tx, DEFAULT_TENANT, key, &setting)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.app.reload().await.unwrap();
    }
}

fn script(body: &str) -> Value {
    json!({ "script": format!("const getCustomJwtClaims = async ({{ token, context, environmentVariables, api }}) => {{ {body} }};") })
}

fn claims(tokens: &Value) -> Value {
    decoded(&tokens["access_token"]).1
}

const OFFLINE: &str = "openid read offline_access";

#[tokio::test]
async fn tokens_of_codes_and_refreshes_carry_the_scripts_claims() {
    let server = TestServer::start().await;
    let body = "return { plan: 'gold', gty: token.gty, by: context.user.username, app: context.application.id, \
        key: environmentVariables.KEY, sub: 'eve', scope: 'all', act: { sub: 'bob' } }";
    let mut setting = script(body);
    setting["environmentVariables"] = json!({ "KEY": "value" });
    server.customize(USERS, setting).await;
    let first = server.tokens_for("chat", OFFLINE, API).await;
    let second = server
        .refresh("chat", first["refresh_token"].as_str().unwrap())
        .await
        .ok();
    for (tokens, gty) in [
        (&first, "authorization_code"),
        (&second, "authorization_code refresh_token"),
    ] {
        let claims = claims(tokens);
        assert_eq!(claims["plan"], "gold");
        assert_eq!(claims["gty"], gty);
        assert_eq!(claims["by"], "ann");
        assert_eq!(claims["app"], "chat");
        assert_eq!(claims["key"], "value");
        assert_eq!(claims["sub"], ANN);
        assert_eq!(claims["scope"], OFFLINE);
        assert_eq!(claims["act"], json!({ "sub": "bob" }));
        let id_token = decoded(&tokens["id_token"]).1;
        assert_eq!(id_token.get("plan"), None, "not in ID tokens");
    }
}

#[tokio::test]
async fn an_opaque_token_keeps_the_scripts_claims_for_introspection() {
    let server = TestServer::start().await;
    server
        .customize(
            USERS,
            script("return { plan: 'gold', active: false, aud: token.aud, jti: 'x', seen: token }"),
        )
        .await;
    let tokens = server.tokens("chat", "openid").await;
    let token = tokens["access_token"].as_str().unwrap();
    assert!(!token.contains('.'));
    let told = server.introspect("chat", token).await.ok();
    assert_eq!(told["active"], true);
    assert_eq!(told["plan"], "gold");
    assert_eq!(told["sub"], ANN);
    assert_eq!(told.get("jti"), None);
    assert_eq!(told["seen"].get("aud"), None);
    assert!(
        !told.to_string().contains(token),
        "the script was not told the token itself"
    );
    let me = server.userinfo(token).await.ok();
    assert_eq!(me.get("plan"), None);
    server.customize(USERS, script("return {}")).await;
    let told = server.introspect("chat", token).await.ok();
    assert_eq!(told["plan"], "gold", "what was said stays said");
}

#[tokio::test]
async fn an_applications_own_token_has_its_own_script() {
    let server = TestServer::start().await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    server
        .customize(USERS, script("return { plan: 'gold' }"))
        .await;
    let tokens = server.token("worker", &form).await.ok();
    assert_eq!(claims(&tokens).get("plan"), None);
    server
        .customize(
            CLIENTS,
            script("return { token, context, client_id: 'eve' }"),
        )
        .await;
    let claims = claims(&server.token("worker", &form).await.ok());
    assert_eq!(claims["client_id"], "worker");
    assert_eq!(
        claims["token"],
        json!({
            "kind": "ClientCredentials", "jti": claims["jti"], "aud": API, "scope": "read", "clientId": "worker",
        })
    );
    let context = claims["context"].as_object().unwrap();
    assert_eq!(context.keys().collect::<Vec<_>>(), ["application"]);
    assert_eq!(context["application"]["type"], "MachineToMachine");
    assert!(!claims.to_string().contains(crate::support::SECRET));
}

#[tokio::test]
async fn a_script_is_told_of_the_token_and_the_person() {
    let server = TestServer::start().await;
    server
        .customize(USERS, script("return { seen: { token, context } }"))
        .await;
    let claims = claims(&server.tokens_for("chat", OFFLINE, API).await);
    let (token, user) = (&claims["seen"]["token"], &claims["seen"]["context"]["user"]);
    assert_eq!(token["jti"], claims["jti"]);
    assert_eq!(token["aud"], API);
    assert_eq!(token["kind"], "AccessToken");
    assert_eq!(token["accountId"], ANN);
    assert_eq!(token["expiresWithSession"], false);
    assert_eq!(user["id"], ANN);
    assert_eq!(user["roles"][0]["name"], "reader");
    let scope = &user["roles"][0]["scopes"][0];
    assert_eq!(
        (&scope["name"], &scope["resource"]["indicator"]),
        (&json!("read"), &json!(API))
    );
    assert!(!claims.to_string().contains("argon2"), "no password");
    assert!(claims["seen"]["context"].get("organization").is_none());
}

#[tokio::test]
async fn a_script_denies_access_and_everything_stays_as_it_was() {
    let server = TestServer::start().await;
    server
        .customize(
            USERS,
            script("if (token.gty.includes('refresh')) api.denyAccess('Not\\ntoday'); return {}"),
        )
        .await;
    server.customize(CLIENTS, script("api.denyAccess()")).await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let refused = server.token("worker", &form).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body["error"], "access_denied");
    assert_eq!(refused.body["error_description"], "Access denied");

    let tokens = server.tokens_for("spa", OFFLINE, API).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let refused = server.refresh("spa", refresh_token).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body["error"], "access_denied");
    assert_eq!(refused.body["error_description"], "Not today");
    assert_eq!(refused.body["code"], "oidc.access_denied");
    // A public client's tokens rotate, and a denied one was not used up: an hour later it still works.
    server.advance(3600);
    server.customize(USERS, script("return { a: 1 }")).await;
    let tokens = server.refresh("spa", refresh_token).await.ok();
    assert_eq!(claims(&tokens)["a"], 1);
}

#[tokio::test]
async fn a_failing_script_is_left_out_unless_it_must_not_fail() {
    let server = TestServer::start().await;
    for body in [
        "return null.x",
        "return [1]",
        "return 'a'",
        "",
        "throw new Error('no')",
        "}",
        "return { a: 'a'.repeat(100000) }",
    ] {
        let mut setting = script(body);
        server.customize(USERS, setting.clone()).await;
        server.customize(CLIENTS, setting.clone()).await;
        let tokens = server.tokens_for("chat", "openid read", API).await;
        assert_eq!(claims(&tokens)["sub"], ANN, "{body}");
        let form = [("grant_type", "client_credentials"), ("resource", API)];
        server.token("worker", &form).await.ok();

        setting["blockIssuanceOnError"] = json!(true);
        server.customize(USERS, setting.clone()).await;
        server.customize(CLIENTS, setting).await;
        let code = server.code("chat", "openid").await;
        for refused in [
            server.redeem("chat", &code).await,
            server.token("worker", &form).await,
        ] {
            assert_eq!(refused.status, 400, "{body}");
            assert_eq!(refused.body["error"], "invalid_request", "{body}");
        }
    }
}

#[tokio::test]
async fn t12_a_code_gives_tokens_once_with_a_script_as_well() {
    let server = TestServer::start().await;
    server
        .customize(USERS, script("await null; return { a: 1 }"))
        .await;
    let code = server.code("chat", OFFLINE).await;
    let answers = (0..12).map(|_| server.redeem("chat", &code));
    let answers = futures_util::future::join_all(answers).await;
    let given = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(given, 1);
}

#[tokio::test]
async fn who_cannot_get_a_token_does_not_reach_the_script() {
    let server = TestServer::start().await;
    server
        .customize(USERS, script("api.denyAccess('reached')"))
        .await;
    let code = server.code("chat", "openid").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "https://chat.test/elsewhere"),
        ("code_verifier", crate::support::VERIFIER),
    ];
    let refused = server.token("chat", &form).await;
    assert_eq!(refused.body["error"], "invalid_grant");
    let refused = server.redeem("chat", &code).await;
    assert_eq!(
        refused.body["error"], "invalid_grant",
        "the first attempt burnt the code"
    );
}

#[tokio::test]
async fn a_script_that_hangs_holds_up_nobody_else() {
    let server = TestServer::start().await;
    server
        .customize(
            USERS,
            script("return { a: [].reverse.call({ length: 2 ** 53 - 1 }) }"),
        )
        .await;
    let hanging = server.tokens_for("chat", "openid read", API);
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let others = async {
        for _ in 0..20 {
            server.token("worker", &form).await.ok();
            server.customize(CLIENTS, script("return {}")).await;
        }
    };
    let (tokens, ()) = futures_util::future::join(hanging, others).await;
    assert_eq!(claims(&tokens).get("a"), None);
}
