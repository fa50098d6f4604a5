//! Any OAuth 2.0 provider (`contract/logto-core.md` §8.3).

use base64::{Engine, engine::general_purpose::STANDARD};
use identity::social::SocialProfile;
use protocol::{
    client_assertion::{JWT_BEARER, client_secret_jwt},
    jose::MacAlgorithm,
    secret::Secret,
    time::Time,
};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::{
    Started,
    config::{OAuth2, TokenEndpointAuthMethod, TokenEndpointResponseType},
};
use crate::{
    error::ConnectorError,
    http::{Answer, Call, Guarded},
};

pub(super) fn authorization_uri(
    config: &OAuth2,
    started: &Started,
) -> Result<String, ConnectorError> {
    let wrong =
        |_| ConnectorError::InvalidConfig("authorizationEndpoint is not an address".to_owned());
    let mut url = Url::parse(&config.authorization_endpoint).map_err(wrong)?;
    let mut query = url.query_pairs_mut();
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &config.client_id)
        .append_pair("redirect_uri", &started.redirect_uri)
        .append_pair("state", &started.state);
    if let Some(scope) = &config.scope {
        query.append_pair("scope", scope);
    }
    for (name, value) in &config.custom_config {
        query.append_pair(&snake_case(name), value);
    }
    for (name, value) in &config.authorization_parameters {
        query.append_pair(name, value);
    }
    drop(query);
    Ok(url.into())
}

pub(super) async fn profile(
    http: &Guarded,
    config: &OAuth2,
    code: &str,
    started: &Started,
    now: Time,
) -> Result<SocialProfile, ConnectorError> {
    let exchange = Exchange {
        endpoint: &config.token_endpoint,
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
    let token = match config.token_endpoint_response_type {
        TokenEndpointResponseType::QueryString if !is_json(&answer) => token_of_query(&answer)?,
        _ => access_token(&answer)?,
    };
    let headers = vec![(
        "authorization",
        format!("{} {}", token.token_type, token.access_token),
    )];
    let answer = http
        .call(
            &config.user_info_endpoint,
            Call {
                headers,
                ..Call::default()
            },
        )
        .await?;
    if !answer.is_success() {
        return Err(ConnectorError::InvalidResponse(format!(
            "userinfo has status {}",
            answer.status
        )));
    }
    let info: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| ConnectorError::InvalidResponse(error.to_string()))?;
    read(config, info)
}

pub(super) fn read(config: &OAuth2, info: Value) -> Result<SocialProfile, ConnectorError> {
    let map = &config.profile_map;
    let text = |path: &str| {
        at(&info, path)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let id = match at(&info, &map.id) {
        Some(Value::Number(id)) => id.to_string(),
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        _ => {
            return Err(ConnectorError::InvalidResponse(format!(
                "there is no id at {}",
                map.id
            )));
        }
    };
    Ok(SocialProfile {
        id,
        name: text(&map.name),
        avatar: text(&map.avatar),
        email: text(&map.email),
        email_verified: is_proven(&info, &["email_verified"], config.trust_unverified_email),
        phone: text(&map.phone),
        phone_verified: is_proven(
            &info,
            &["phone_number_verified", "phone_verified"],
            config.trust_unverified_phone,
        ),
        raw: info.as_object().cloned().unwrap_or_default(),
    })
}

/// Whether a provider says yes in one of these members, or says nothing and is trusted all the same.
fn is_proven(info: &Value, members: &[&str], is_trusted: bool) -> bool {
    let said = members.iter().filter_map(|name| info.get(*name));
    let mut said = said.filter(|said| !said.is_null()).peekable();
    if said.peek().is_none() {
        return is_trusted;
    }
    said.all(|said| said == &Value::Bool(true) || said == "true")
}

/// The value at a path such as `data.user.email` or `emails[0].value`.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut steps = path
        .split(['.', '[', ']'])
        .filter(|step| !step.is_empty())
        .take(16);
    steps.try_fold(value, |found, step| match found {
        Value::Object(members) => members.get(step),
        Value::Array(entries) => entries.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A code on its way to the token endpoint.
pub(super) struct Exchange<'a> {
    pub(super) endpoint: &'a str,
    pub(super) client_id: &'a str,
    pub(super) client_secret: &'a str,
    pub(super) method: TokenEndpointAuthMethod,
    pub(super) algorithm: MacAlgorithm,
    pub(super) custom: Vec<(String, String)>,
}

impl Exchange<'_> {
    /// What the token endpoint answers.
    pub(super) async fn redeem(
        self,
        http: &Guarded,
        code: &str,
        started: &Started,
        now: Time,
    ) -> Result<Answer, ConnectorError> {
        let mut headers = vec![(
            "accept",
            "application/json, application/x-www-form-urlencoded".to_owned(),
        )];
        let mut form = vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".to_owned(), code.to_owned()),
            ("redirect_uri".to_owned(), started.redirect_uri.clone()),
        ];
        match self.method {
            TokenEndpointAuthMethod::Post => {
                form.push(("client_id".to_owned(), self.client_id.to_owned()));
                form.push(("client_secret".to_owned(), self.client_secret.to_owned()));
            }
            TokenEndpointAuthMethod::Basic => {
                let pair = STANDARD.encode(format!("{}:{}", self.client_id, self.client_secret));
                headers.push(("authorization", format!("Basic {pair}")));
            }
            TokenEndpointAuthMethod::Jwt => {
                form.push(("client_id".to_owned(), self.client_id.to_owned()));
                form.push(("client_assertion_type".to_owned(), JWT_BEARER.to_owned()));
                form.push(("client_assertion".to_owned(), self.assertion(code, now)?));
            }
        }
        form.extend(self.custom);
        let answer = http
            .call(
                self.endpoint,
                Call {
                    headers,
                    form: Some(&form),
                    ..Call::default()
                },
            )
            .await?;
        if answer.is_success() {
            return Ok(answer);
        }
        Err(ConnectorError::InvalidAccessToken(format!(
            "status {}",
            answer.status
        )))
    }

    /// A code is redeemed once, so that it names its assertion.
    fn assertion(&self, code: &str, now: Time) -> Result<String, ConnectorError> {
        let jti = Secret::new(format!("{code} {}", now.0)).hash();
        let secret = Secret::new(self.client_secret);
        let (id, endpoint) = (self.client_id, self.endpoint);
        client_secret_jwt(self.algorithm, id, &secret, endpoint, &jti, now)
            .map_err(|error| ConnectorError::InvalidConfig(error.to_string()))
    }
}

/// A token and how it is shown.
pub(super) struct Token {
    pub(super) access_token: String,
    token_type: String,
}

/// The token in a JSON answer. Providers send errors with status 200 as well.
pub(super) fn access_token(answer: &Answer) -> Result<Token, ConnectorError> {
    let members: Map<String, Value> = serde_json::from_slice(&answer.body)
        .map_err(|error| ConnectorError::InvalidResponse(error.to_string()))?;
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    token(text)
}

fn token_of_query(answer: &Answer) -> Result<Token, ConnectorError> {
    let body = answer.text();
    let pairs: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    token(|wanted| {
        pairs
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone().into_owned())
    })
}

fn token(text: impl Fn(&str) -> Option<String>) -> Result<Token, ConnectorError> {
    let said = || text("error").unwrap_or_else(|| "the answer has no access_token".to_owned());
    Ok(Token {
        access_token: text("access_token")
            .filter(|token| !token.is_empty())
            .ok_or_else(|| ConnectorError::InvalidAccessToken(said()))?,
        token_type: text("token_type")
            .filter(|kind| !kind.is_empty())
            .unwrap_or_else(|| "Bearer".to_owned()),
    })
}

fn is_json(answer: &Answer) -> bool {
    answer
        .headers
        .get("content-type")
        .is_some_and(|kind| kind.contains("json"))
}

/// `customConfig` is written in camel case; the parameters are not.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::{Value, json};

    use super::{access_token, at, read, snake_case, token_of_query};
    use crate::{
        http::Answer,
        social::config::{Config, OAuth2},
    };

    fn config(more: Value) -> OAuth2 {
        let mut config = json!({
            "authorizationEndpoint": "https://a.example/auth", "tokenEndpoint": "https://a.example/token",
            "userInfoEndpoint": "https://a.example/me", "clientId": "x", "clientSecret": "y",
        });
        config
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        match Config::read("oauth2", config.as_object().unwrap()).unwrap() {
            Config::OAuth2(config) => config,
            other => panic!("{other:?}"),
        }
    }

    fn answer(body: &str) -> Answer {
        Answer {
            status: 200,
            headers: HashMap::new(),
            body: body.into(),
        }
    }

    #[test]
    fn nested_members_are_found() {
        let info = json!({ "data": { "emails": [{ "value": "a@example.com" }] } });
        assert_eq!(
            at(&info, "data.emails[0].value"),
            Some(&json!("a@example.com"))
        );
        assert_eq!(at(&info, "data.emails[9].value"), None);
        assert_eq!(at(&info, "data.emails.value"), None);
    }

    #[test]
    fn a_numeric_expires_in_harms_nobody_in_either_form() {
        assert_eq!(
            token_of_query(&answer("access_token=t&expires_in=3600"))
                .unwrap()
                .access_token,
            "t"
        );
        assert_eq!(
            access_token(&answer(r#"{"access_token":"t","expires_in":3600}"#))
                .unwrap()
                .access_token,
            "t"
        );
    }

    #[test]
    fn an_error_with_status_200_is_an_error() {
        let error = access_token(&answer(r#"{"error":"bad_verification_code"}"#))
            .err()
            .unwrap();
        assert!(
            error.to_string().contains("bad_verification_code"),
            "{error}"
        );
    }

    #[test]
    fn t31_an_address_is_proven_only_when_the_provider_or_the_operator_says_so() {
        let verified = |config: &OAuth2, info: Value| read(config, info).unwrap().email_verified;
        let plain = config(json!({}));
        assert!(!verified(
            &plain,
            json!({ "id": 1, "email": "a@example.com" })
        ));
        assert!(!verified(
            &plain,
            json!({ "id": 1, "email": "a@example.com", "email_verified": false })
        ));
        assert!(verified(
            &plain,
            json!({ "id": 1, "email": "a@example.com", "email_verified": true })
        ));
        let trusting = config(json!({ "trustUnverifiedEmail": true }));
        assert!(verified(
            &trusting,
            json!({ "id": 1, "email": "a@example.com" })
        ));
        assert!(!verified(
            &trusting,
            json!({ "id": 1, "email": "a@example.com", "email_verified": false })
        ));
    }

    #[test]
    fn t31_a_number_is_proven_as_an_address_is() {
        let verified = |config: &OAuth2, info: Value| {
            let profile = read(config, info).unwrap();
            assert_eq!(profile.phone.as_deref(), Some("+1 555 0109999"));
            profile.phone_verified
        };
        let person =
            |name: &str, said: Value| json!({ "id": 1, "phone": "+1 555 0109999", name: said });
        let plain = config(json!({}));
        let trusting = config(json!({ "trustUnverifiedPhone": true }));
        for name in ["phone_verified", "phone_number_verified"] {
            assert!(verified(&plain, person(name, json!(true))));
            for said in [json!(false), json!("false"), json!(1), json!({})] {
                assert!(!verified(&plain, person(name, said.clone())), "{said}");
                assert!(!verified(&trusting, person(name, said.clone())), "{said}");
            }
        }
        for silence in [
            person("sex", json!("f")),
            person("phone_verified", json!(null)),
        ] {
            assert!(!verified(&plain, silence.clone()));
            assert!(verified(&trusting, silence));
        }
        let both = json!({
            "id": 1, "phone": "+1 555 0109999",
            "phone_verified": true, "phone_number_verified": false,
        });
        assert!(!verified(&trusting, both), "one no is a no");
        let trusts_addresses = config(json!({ "trustUnverifiedEmail": true }));
        assert!(!verified(&trusts_addresses, person("sex", json!("f"))));
    }

    #[test]
    fn a_number_is_read_where_the_profile_map_says() {
        let config = config(json!({ "profileMap": { "phone": "contact.phones[0]" } }));
        let info = json!({ "id": 1, "phone": "no", "contact": { "phones": ["+15550109999"] } });
        assert_eq!(
            read(&config, info).unwrap().phone.as_deref(),
            Some("+15550109999")
        );
        let falsy = json!({ "id": 1, "contact": { "phones": [""] } });
        assert_eq!(read(&config, falsy).unwrap().phone, None);
    }

    #[test]
    fn custom_parameters_are_written_with_underscores() {
        assert_eq!(snake_case("accessType"), "access_type");
    }
}
