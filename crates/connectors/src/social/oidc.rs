//! Any OpenID Connect provider (`contract/logto-core.md` §8.4).

use identity::social::SocialProfile;
use protocol::time::Time;
use serde_json::{Map, Value};
use url::Url;

use super::{
    Started,
    config::Oidc,
    id_token::{Origin, claims},
    oauth2::{Exchange, snake_case},
};
use crate::{error::ConnectorError, http::Guarded};

/// Where the provider is, as configured or discovered.
struct Endpoints {
    authorization: String,
    token: String,
    jwks: String,
    /// What `iss` may be; empty where the operator leaves it open.
    issuers: Vec<String>,
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
        algorithm: config.client_secret_jwt_signing_algorithm,
        custom: config
            .custom_config
            .iter()
            .map(|(name, value)| (snake_case(name), value.clone()))
            .collect(),
    };
    let answer = exchange.redeem(http, code, started, now).await?;
    let members: Map<String, Value> = json(&answer.body)?;
    let missing = || ConnectorError::InvalidIdToken("the answer has none".to_owned());
    let token = members
        .get("id_token")
        .and_then(Value::as_str)
        .ok_or_else(missing)?;
    let jwks = Value::Object(json(&http.get(&endpoints.jwks).await?.body)?);
    let origin = Origin {
        issuers: &endpoints.issuers,
        client_id: &config.client_id,
        nonce: &started.nonce,
    };
    let verification = config.id_token_verification_config.as_ref();
    let claims = claims(token, &jwks, &origin, verification, now)?;
    read(config, claims)
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
    // The claims of OpenID Connect Core §5.1, else the shorter names that Logto reads.
    let (phone, phone_verified) = match text("phone_number") {
        Some(phone) => (Some(phone), truth("phone_number_verified")),
        None => (text("phone"), truth("phone_verified")),
    };
    Ok(SocialProfile {
        id: text("sub")
            .ok_or_else(|| ConnectorError::InvalidIdToken("it names nobody".to_owned()))?,
        name: text("name"),
        avatar: text("picture"),
        email: text("email"),
        email_verified: truth("email_verified").unwrap_or(config.trust_unverified_email),
        phone,
        phone_verified: phone_verified.unwrap_or(false),
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
            issuers: match verification.issuers() {
                [] => config.issuer.iter().cloned().collect(),
                named => named.to_vec(),
            },
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
        issuers: vec![said],
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;
    use crate::social::config::{Config, Oidc};

    fn config(more: Value) -> Oidc {
        let mut config =
            json!({ "clientId": "x", "clientSecret": "y", "issuer": "https://a.example" });
        let members = config.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        match Config::read("oidc", members).unwrap() {
            Config::Oidc(config) => config,
            other => panic!("{other:?}"),
        }
    }

    fn person(name: &str, said: Value) -> serde_json::Map<String, Value> {
        let claims = json!({
            "sub": "1", "email": "a@example.com", "phone_number": "+15550109999", name: said,
        });
        claims.as_object().unwrap().clone()
    }

    #[test]
    fn t31_only_a_yes_proves_an_address_and_a_number() {
        let plain = config(json!({}));
        let proven = |name: &str, said: Value| {
            let profile = read(&plain, person(name, said)).unwrap();
            (profile.email_verified, profile.phone_verified)
        };
        assert_eq!(proven("email_verified", json!(true)), (true, false));
        assert_eq!(proven("phone_number_verified", json!(true)), (false, true));
        let other = proven("phone_verified", json!(true));
        assert_eq!(
            other,
            (false, false),
            "it is about a claim that is not there"
        );
        for said in [
            json!(false),
            json!("true"),
            json!(1),
            json!(null),
            json!([true]),
        ] {
            for name in ["email_verified", "phone_number_verified", "phone_verified"] {
                assert_eq!(proven(name, said.clone()), (false, false), "{name} {said}");
            }
        }
    }

    /// `contract/logto-core.md` §8.4.
    #[test]
    fn t31_an_operator_s_trust_is_in_addresses_alone_and_yields_to_a_no() {
        let trusting = config(json!({ "trustUnverifiedEmail": true }));
        let proven = |said: Value| {
            let profile = read(&trusting, person("email_verified", said)).unwrap();
            assert!(!profile.phone_verified);
            profile.email_verified
        };
        assert!(proven(json!(null)));
        assert!(!proven(json!(false)));
        assert!(!proven(json!("true")), "a text is no yes");
    }

    #[test]
    fn a_yes_may_be_a_text_where_the_operator_says_so() {
        let texts = config(json!({ "acceptStringTypedBooleanClaims": true }));
        let proven = |said: &str| read(&texts, person("email_verified", json!(said))).unwrap();
        assert!(proven("true").email_verified);
        assert!(!proven("false").email_verified);
        assert!(!proven("yes").email_verified);
    }

    #[test]
    fn a_number_may_have_the_name_that_logto_reads() {
        let claims = json!({ "sub": "1", "phone": "+15550109999", "phone_verified": true });
        let profile = read(&config(json!({})), claims.as_object().unwrap().clone()).unwrap();
        assert_eq!(profile.verified_phone().as_deref(), Some("15550109999"));
    }
}
