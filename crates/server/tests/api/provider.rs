//! An OAuth 2.0 provider on loopback that takes each code once, and only from whom it was meant for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use identity::connector::{Connector, Names};
use serde_json::{Map, Value, json};
use server::app::App;

/// Where people come back to.
pub(crate) const BACK: &str = "http://admin.test/console/back";

/// The id of the connector that [`connect`] makes; people are known there as `acme`.
pub(crate) const CONNECTOR: &str = "acme12345678";

/// Starts a provider that vouches for the member of `people` which a code names, and gives its address.
pub(crate) async fn start(people: Value) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let people = people.as_object().unwrap().clone();
    let codes: Arc<Mutex<Map<String, Value>>> = Arc::new(Mutex::new(people.clone()));
    let token = async move |Form(form): Form<HashMap<String, String>>| {
        let is = |name: &str, value: &str| form.get(name).is_some_and(|said| said == value);
        let is_meant = is("client_id", "hufu") && is("client_secret", "hush");
        let is_code = is("grant_type", "authorization_code") && is("redirect_uri", BACK);
        let code = form.get("code").cloned().unwrap_or_default();
        if !is_meant || !is_code || codes.lock().unwrap().remove(&code).is_none() {
            let refused = json!({ "error": "invalid_grant" });
            return (StatusCode::BAD_REQUEST, Json(refused));
        }
        let token = json!({ "access_token": code, "token_type": "Bearer", "expires_in": 3600 });
        (StatusCode::OK, Json(token))
    };
    let me = async move |headers: HeaderMap| {
        let shown = headers
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        let token = shown.and_then(|shown| shown.strip_prefix("Bearer "));
        let person = token.and_then(|token| people.get(token)).cloned();
        person.map(Json).ok_or(StatusCode::UNAUTHORIZED)
    };
    let router: Router = Router::new()
        .route("/token", post(token))
        .route("/me", get(me));
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

/// Configures a connector to the provider at an address.
pub(crate) async fn connect(app: &App, tenant: &str, address: &str) {
    let config = json!({ "authorizationEndpoint": format!("{address}/auth"), "tokenEndpoint": format!("{address}/token"),
        "userInfoEndpoint": format!("{address}/me"), "clientId": "hufu", "clientSecret": "hush" });
    let connector = Connector {
        id: CONNECTOR.to_owned(),
        factory: "oauth2".to_owned(),
        target: "acme".to_owned(),
        name: Names::default(),
        logo: None,
        logo_dark: None,
        config: config.as_object().unwrap().clone(),
        sync_profile: false,
        stores_tokens: false,
    };
    let mut tx = app.db().begin().await.unwrap();
    store::connector::insert(&mut tx, app.vault(), tenant, &connector, app.now())
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
}

/// What somebody comes back with who got this code.
pub(crate) fn returned(code: &str) -> Value {
    let data = json!({ "code": code, "state": "s", "redirectUri": BACK });
    json!({ "connectorId": CONNECTOR, "connectorData": data })
}
