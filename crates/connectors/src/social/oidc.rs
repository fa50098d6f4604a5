//! Any OpenID Connect provider (`contract/logto-core.md` §8.4).

use identity::social::SocialProfile;
use protocol::{
    jose::{Expect, TokenType, VerifyingKey, verify},
    time::Time,
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Started,
    config::Oidc,
    oauth2::{Exchange, snake_case},
};
use crate::{error::ConnectorError, http::Guarded};

/// Seconds by which the provider's clock may differ at the most.
const MOST_TOLERANCE: i64 = 300;

/// Where the provider is, as configured or discovered.
struct Endpoints {
    authorization: String,
    token: String,
    jwks: String,
    issuer: Option<String>,
}

pub(super) async fn authorization_uri(
    http: &Guarded,
    config: &Oidc,
    started: &Started,
) -> Result<String, ConnectorError> {
    let endpoints = endpoints(http, config).await?;
    let wrong =
        |_| ConnectorError::InvalidConfig("authorizationEndpoint is not an address".to_owned());
    let mut url = Url::parse(&endpoints.authorization).map_err(wrong)?;
    let names_openid = config.scope.split(' ').any(|value| value == "openid");
    let openid = if names_openid { "" } else { "openid " };
    let scope = format!("{openid}{}", config.scope);
    let mut query = url.query_pairs_mut();
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &config.client_id)
        .append_pair("redirect_uri", &started.redirect_uri)
        .append_pair("state", &started.state)
        .append_pair("nonce", &started.nonce)
        .append_pair("scope", scope.trim_end());
    for (name, value) in &config.auth_request_optional_config {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        query.append_pair(&snake_case(name), &value);
    }
    for (name, value) in &config.custom_config {
        query.append_pair(&snake_case(name), value);
    }
    drop(query);
    Ok(url.into())
}

pub(super) async fn profile(
    http: &Guarded,
    config: &Oidc,
    code: &str,
    started: &Started,
    now: Time,
) -> Result<SocialProfile, ConnectorError> {
    let endpoints = endpoints(http, config).await?;
    let exchange = Exchange {
        endpoint: &endpoints.token,
        client_id: &config.client_id,
        client_secret: &config.client_secret,
        method: config.token_endpoint_auth_method,
        custom: config
            .custom_config
            .iter()
            .map(|(name, value)| (snake_case(name), value.clone()))
            .collect(),
    };
    let answer = exchange.redeem(http, code, started).await?;
    let members: Map<String, Value> = json(&answer.body)?;
    let missing = || ConnectorError::InvalidIdToken("the answer has none".to_owned());
    let token = members
        .get("id_token")
        .and_then(Value::as_str)
        .ok_or_else(missing)?;
    let keys = http.get(&endpoints.jwks).await?;
    let keys = VerifyingKey::from_jwks(&Value::Object(json(&keys.body)?));
    let claims = checked(
        token,
        &keys,
        config,
        endpoints.issuer.as_deref(),
        started,
        now,
    )?;
    read(config, claims)
}

/// The claims of an ID token that is from this provider, for us, for this sign-in, and of this moment (OpenID Connect Core §3.1.3.7).
fn checked(
    token: &str,
    keys: &[VerifyingKey],
    config: &Oidc,
    issuer: Option<&str>,
    started: &Started,
    now: Time,
) -> Result<Map<String, Value>, ConnectorError> {
    let bad = |why: &str| ConnectorError::InvalidIdToken(why.to_owned());
    let tolerance = config
        .id_token_verification_config
        .as_ref()
        .and_then(|config| config.clock_tolerance);
    let leeway = tolerance.unwrap_or(60).clamp(0, MOST_TOLERANCE);
    let said = said_issuer(token).ok_or_else(|| bad("it cannot be read"))?;
    let expect = Expect {
        typ: TokenType::IdToken,
        // Without a configured issuer it is whoever holds the configured keys.
        issuer: issuer.unwrap_or(&said),
        audience: Some(&config.client_id),
        allow_expired: false,
        leeway,
    };
    let claims = verify(token, keys, &expect, now)
        .map_err(|refused| ConnectorError::InvalidIdToken(refused.to_string()))?;
    let issued_at = claims
        .get("iat")
        .and_then(Value::as_i64)
        .ok_or_else(|| bad("it does not say when it was issued"))?;
    if issued_at > now.0 + leeway {
        return Err(bad("it was issued in the future"));
    }
    if claims.get("nonce").and_then(Value::as_str) != Some(&started.nonce) {
        return Err(bad("it is of another sign-in"));
    }
    Ok(claims)
}

fn said_issuer(token: &str) -> Option<String> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Some(claims.get("iss")?.as_str()?.to_owned())
}

fn read(config: &Oidc, claims: Map<String, Value>) -> Result<SocialProfile, ConnectorError> {
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let truth = |name: &str| match claims.get(name) {
        Some(Value::Bool(truth)) => Some(*truth),
        Some(Value::String(said)) if config.accept_string_typed_boolean_claims => {
            Some(said == "true")
        }
        // Anything else that is there is no yes.
        Some(other) if !other.is_null() => Some(false),
        _ => None,
    };
    Ok(SocialProfile {
        id: text("sub")
            .ok_or_else(|| ConnectorError::InvalidIdToken("it names nobody".to_owned()))?,
        name: text("name"),
        avatar: text("picture"),
        email: text("email"),
        email_verified: truth("email_verified").unwrap_or(config.trust_unverified_email),
        raw: claims,
    })
}

async fn endpoints(http: &Guarded, config: &Oidc) -> Result<Endpoints, ConnectorError> {
    let verification = config.id_token_verification_config.as_ref();
    if let (Some(authorization), Some(token), Some(verification)) = (
        &config.authorization_endpoint,
        &config.token_endpoint,
        verification,
    ) {
        return Ok(Endpoints {
            authorization: authorization.clone(),
            token: token.clone(),
            jwks: verification.jwks_uri.clone(),
            issuer: verification
                .issuer
                .clone()
                .or_else(|| config.issuer.clone()),
        });
    }
    let issuer = config.issuer.as_deref().unwrap_or_default();
    let issuer = issuer.trim_end_matches('/');
    let document = discover(http, issuer).await?;
    let text = |name: &str| {
        let missing = || ConnectorError::InvalidResponse(format!("discovery lacks {name}"));
        document
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(missing)
    };
    let said = text("issuer")?;
    if said.trim_end_matches('/') != issuer {
        return Err(ConnectorError::InvalidResponse(
            "discovery names another issuer".to_owned(),
        ));
    }
    Ok(Endpoints {
        authorization: text("authorization_endpoint")?,
        token: text("token_endpoint")?,
        jwks: text("jwks_uri")?,
        issuer: Some(said),
    })
}

/// What a provider says of itself (OpenID Connect Discovery §4).
pub(crate) async fn discover(
    http: &Guarded,
    issuer: &str,
) -> Result<Map<String, Value>, ConnectorError> {
    let issuer = issuer.trim_end_matches('/');
    let address = format!("{issuer}/.well-known/openid-configuration");
    json(&http.get(&address).await?.body)
}

fn json(body: &[u8]) -> Result<Map<String, Value>, ConnectorError> {
    serde_json::from_slice(body).map_err(|error| ConnectorError::InvalidResponse(error.to_string()))
}
