//! The requests that doctor makes.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::Value;

use super::outside::Outside;
use crate::{
    command::Context,
    seen::{self, PROOF_HEADER, SEEN_HEADER, Seen},
};

/// Asks the server at `address` what its clients ask, once each.
pub(super) async fn server(context: &Context, address: &str) -> anyhow::Result<Outside> {
    let client = client()?;
    let configured_issuer = context
        .config
        .addresses
        .issuer("default")
        .unwrap_or_default();
    let discovery = client
        .get(format!("{address}/oidc/.well-known/openid-configuration"))
        .build()?;
    let mut outside = Outside {
        address: address.to_owned(),
        configured_issuer,
        published_issuer: Err(String::new()),
        seen: None,
        cookies: Vec::new(),
        clock_ahead: None,
        trusts_proxies: !context.config.proxies.is_empty(),
    };
    match client.execute(discovery).await {
        Err(error) => outside.published_issuer = Err(why(&error)),
        Ok(response) => {
            outside.clock_ahead = ahead(&response, context);
            outside.published_issuer = issuer(response).await;
        }
    }
    if outside.published_issuer.is_ok() {
        outside.seen = look(&client, context, address).await;
        outside.cookies = cookies(&client, &outside).await;
    }
    Ok(outside)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the operator's own address from the operator's own shell; it is often private, which the guarded client refuses"
)]
fn client() -> anyhow::Result<Client> {
    Client::builder()
        .timeout(Duration::from_secs(10))
        .redirect(Policy::none())
        .build()
        .context("no HTTP client can be made")
}

async fn issuer(response: Response) -> Result<String, String> {
    let status = response.status();
    if !status.is_success() {
        return Err(format!("status {status}"));
    }
    let document: Value = response
        .json()
        .await
        .map_err(|_| "the answer is no JSON".to_owned())?;
    let issuer = document.get("issuer").and_then(Value::as_str);
    issuer
        .map(str::to_owned)
        .ok_or_else(|| "the document names no issuer".to_owned())
}

/// What the server says of our request. Without the vault key it says nothing.
async fn look(client: &Client, context: &Context, address: &str) -> Option<Seen> {
    let keys = &context.config.keys;
    if keys.vault.is_none() && !keys.file.exists() {
        return None;
    }
    let proof = seen::proof(&context.vault().ok()?).ok()?;
    let response = client
        .get(format!("{address}/api/status"))
        .header(PROOF_HEADER, proof.reveal())
        .send()
        .await
        .ok()?;
    serde_json::from_slice(response.headers().get(SEEN_HEADER)?.as_bytes()).ok()
}

/// The cookies with which a sign-in to the demo application begins.
async fn cookies(client: &Client, outside: &Outside) -> Vec<String> {
    let redirect_uri = format!(
        "{}/demo-app",
        outside.configured_issuer.trim_end_matches("/oidc")
    );
    let query = [
        ("client_id", "demo-app"),
        ("redirect_uri", &redirect_uri),
        ("response_type", "code"),
        ("scope", "openid"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
    ];
    let answer = client
        .get(format!("{}/oidc/auth", outside.address))
        .query(&query)
        .send()
        .await;
    let Ok(answer) = answer else {
        return Vec::new();
    };
    let lines = answer.headers().get_all(header::SET_COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok().map(str::to_owned))
        .collect()
}

/// How far the server's clock, as its `Date` header tells it, is ahead of ours.
fn ahead(response: &Response, context: &Context) -> Option<i64> {
    let date = response.headers().get(header::DATE)?.to_str().ok()?;
    super::date::parse(date).map(|time| time.since(context.now()))
}

fn why(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}
