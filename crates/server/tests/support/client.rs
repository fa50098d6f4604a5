//! What applications do: they send requests and get tokens.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use protocol::{
    record::{ClaimsRequest, Grant, IssuedCode, Session},
    scope::ScopeSet,
};
use serde_json::Value;
use server::random;
use store::seed::DEFAULT_TENANT;

use super::{ANN, Answer, CHALLENGE, SECRET, TestServer, VERIFIER, callback};

impl TestServer {
    /// Posts a form below the issuer.
    pub(crate) async fn post(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.send("POST", &format!("/oidc{path}"), &all, body).await
    }

    /// Posts a form to the token endpoint as `client`; the confidential ones send their secret in the form.
    pub(crate) async fn token(&self, client: &str, form: &[(&str, &str)]) -> Answer {
        self.post("/token", &with_client(client, form), &[]).await
    }

    /// Redeems a code with everything that belongs to it.
    pub(crate) async fn redeem(&self, client: &str, code: &str) -> Answer {
        let callback = callback(client);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &callback),
            ("code_verifier", VERIFIER),
        ];
        self.token(client, &form).await
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(
            client,
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
        .await
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        self.get("/oidc/me", &[("authorization", &format!("Bearer {token}"))])
            .await
    }

    pub(crate) async fn introspect(&self, client: &str, token: &str) -> Answer {
        self.post(
            "/token/introspection",
            &with_client(client, &[("token", token)]),
            &[],
        )
        .await
    }

    pub(crate) async fn revoke(&self, client: &str, token: &str) -> Answer {
        self.post(
            "/token/revocation",
            &with_client(client, &[("token", token)]),
            &[],
        )
        .await
    }

    /// Signs ann in anew and gives `client` a code with this scope.
    pub(crate) async fn code(&self, client: &str, scope: &str) -> String {
        self.code_with(client, scope, |_, _| {}).await
    }

    /// The same, changed before it is stored.
    pub(crate) async fn code_with(
        &self,
        client: &str,
        scope: &str,
        change: impl FnOnce(&mut Grant, &mut IssuedCode),
    ) -> String {
        let now = self.now();
        let session = Session {
            id: random::id(21),
            user_id: ANN.to_owned(),
            authenticated_at: now,
            amr: vec!["pwd".to_owned()],
            expires_at: now.plus(14 * 86_400),
        };
        let mut grant = Grant {
            id: random::id(21),
            user_id: ANN.to_owned(),
            client_id: client.to_owned(),
            session_id: Some(session.id.clone()),
            scope: ScopeSet::parse(scope),
            resources: vec![],
            auth_time: now,
            nonce: Some("n-0S6".to_owned()),
            claims: None,
            created_at: now,
            expires_at: now.plus(180 * 86_400),
        };
        let mut code = IssuedCode {
            grant_id: grant.id.clone(),
            client_id: client.to_owned(),
            redirect_uri: Some(callback(client)),
            code_challenge: Some(CHALLENGE.to_owned()),
            expires_at: now.plus(60),
        };
        change(&mut grant, &mut code);
        let text = random::secret();
        let mut tx = self.app.db().begin().await.unwrap();
        store::session::insert(
            &mut tx,
            DEFAULT_TENANT,
            &random::secret().hash(),
            &session,
            now,
        )
        .await
        .unwrap();
        store::grant::insert(&mut tx, DEFAULT_TENANT, &grant)
            .await
            .unwrap();
        store::code::insert(&mut tx, DEFAULT_TENANT, &text.hash(), &code)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        text.reveal().to_owned()
    }

    /// Tokens of a new code.
    pub(crate) async fn tokens(&self, client: &str, scope: &str) -> Value {
        let code = self.code(client, scope).await;
        self.redeem(client, &code).await.ok()
    }

    /// Tokens for an API, as `audience` in the authorization request gives them.
    pub(crate) async fn tokens_for(&self, client: &str, scope: &str, resource: &str) -> Value {
        let code = self
            .code_with(client, scope, |grant, _| {
                grant.resources = vec![resource.to_owned()];
            })
            .await;
        self.redeem(client, &code).await.ok()
    }

    /// Tokens when the `claims` parameter asked for these names at userinfo and in the ID token.
    pub(crate) async fn tokens_with_claims(
        &self,
        client: &str,
        scope: &str,
        userinfo: &[&str],
        id_token: &[&str],
    ) -> Value {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let claims = ClaimsRequest {
            userinfo: names(userinfo),
            id_token: names(id_token),
        };
        let code = self
            .code_with(client, scope, |grant, _| grant.claims = Some(claims))
            .await;
        self.redeem(client, &code).await.ok()
    }
}

/// The form with `client_id`, and for confidential clients the secret.
pub(crate) fn with_client<'a>(
    client: &'a str,
    form: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut all = form.to_vec();
    all.push(("client_id", client));
    if matches!(client, "chat" | "worker" | "partner") {
        all.push(("client_secret", SECRET));
    }
    all
}

/// The value of an HTTP Basic header.
pub(crate) fn basic(client: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")))
}

/// Header and claims of a compact JWS; the signature is not looked at.
pub(crate) fn decoded(token: &Value) -> (Value, Value) {
    let mut segments = token.as_str().unwrap().split('.').map(|segment| {
        let json = URL_SAFE_NO_PAD.decode(segment).unwrap();
        serde_json::from_slice::<Value>(&json).unwrap_or_default()
    });
    (segments.next().unwrap(), segments.next().unwrap())
}
