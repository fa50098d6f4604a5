//! GitHub (`contract/logto-core.md` §8.5).

use identity::social::SocialProfile;
use serde_json::{Map, Value, json};
use url::Url;

use super::{Started, config::GitHub, oauth2::access_token};
use crate::{
    error::ConnectorError,
    http::{Answer, Call, Guarded},
};

const SCOPE: &str = "read:user user:email";

pub(super) fn authorization_uri(
    config: &GitHub,
    started: &Started,
) -> Result<String, ConnectorError> {
    let wrong =
        |_| ConnectorError::InvalidConfig("authorizationEndpoint is not an address".to_owned());
    let mut url = Url::parse(&config.authorization_endpoint).map_err(wrong)?;
    url.query_pairs_mut()
        .append_pair("client_id", &config.client_id)
        .append_pair("redirect_uri", &started.redirect_uri)
        .append_pair("state", &started.state)
        .append_pair("scope", config.scope.as_deref().unwrap_or(SCOPE));
    Ok(url.into())
}

pub(super) async fn profile(
    http: &Guarded,
    config: &GitHub,
    code: &str,
) -> Result<SocialProfile, ConnectorError> {
    let form = [
        ("client_id", &config.client_id),
        ("client_secret", &config.client_secret),
        ("code", &code.to_owned()),
    ];
    let form: Vec<_> = form
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    let call = Call {
        headers: vec![("accept", "application/json".to_owned())],
        form: Some(&form),
        ..Call::default()
    };
    let answer = http.call(&config.token_endpoint, call).await?;
    let token = access_token(&answer)?;

    let user = ask(http, &config.user_info_endpoint, &token.access_token).await?;
    let user = object(&user)?;
    let emails = ask(
        http,
        &format!("{}/emails", config.user_info_endpoint),
        &token.access_token,
    )
    .await;
    // Not everybody grants the addresses; the sign-in goes on without them.
    let emails: Vec<Value> = emails
        .ok()
        .and_then(|answer| serde_json::from_slice(&answer.body).ok())
        .unwrap_or_default();
    read(user, emails)
}

/// The account and its proven address: the public one when it is among the proven ones, else the primary one.
fn read(user: Map<String, Value>, emails: Vec<Value>) -> Result<SocialProfile, ConnectorError> {
    let id = match &user.get("id") {
        Some(Value::Number(id)) => id.to_string(),
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        _ => {
            return Err(ConnectorError::InvalidResponse(
                "the account has no id".to_owned(),
            ));
        }
    };
    let text = |name: &str| {
        user.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let is_proven = |entry: &&Value| entry["verified"] == Value::Bool(true);
    let public = text("email");
    let proven = emails.iter().filter(is_proven).find(|entry| {
        public
            .as_deref()
            .map_or(entry["primary"] == Value::Bool(true), |public| {
                entry["email"] == public
            })
    });
    let email = proven
        .and_then(|entry| entry["email"].as_str())
        .map(str::to_owned);
    Ok(SocialProfile {
        id,
        name: text("name").or_else(|| text("login")),
        avatar: text("avatar_url"),
        email_verified: email.is_some(),
        email: email.or(public),
        phone: None,
        phone_verified: false,
        raw: Map::from_iter([
            ("userInfo".to_owned(), Value::Object(user)),
            ("userEmails".to_owned(), json!(emails)),
        ]),
    })
}

async fn ask(http: &Guarded, address: &str, token: &str) -> Result<Answer, ConnectorError> {
    let headers = vec![
        ("authorization", format!("Bearer {token}")),
        ("accept", "application/json".to_owned()),
    ];
    let answer = http
        .call(
            address,
            Call {
                headers,
                ..Call::default()
            },
        )
        .await?;
    match answer.status {
        200..300 => Ok(answer),
        401 => Err(ConnectorError::InvalidAccessToken(
            "GitHub refused it".to_owned(),
        )),
        status => Err(ConnectorError::InvalidResponse(format!("status {status}"))),
    }
}

fn object(answer: &Answer) -> Result<Map<String, Value>, ConnectorError> {
    serde_json::from_slice(&answer.body)
        .map_err(|error| ConnectorError::InvalidResponse(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;

    fn profile(user: Value, emails: Value) -> identity::social::SocialProfile {
        read(
            user.as_object().unwrap().clone(),
            emails.as_array().unwrap().clone(),
        )
        .unwrap()
    }

    #[test]
    fn t31_only_a_proven_address_counts_as_proven() {
        let user = json!({ "id": 42, "login": "ann", "email": null });
        let emails = json!([{ "email": "a@example.com", "primary": true, "verified": false }]);
        assert!(!profile(user.clone(), emails).email_verified);
        let emails = json!([
            { "email": "old@example.com", "primary": false, "verified": true },
            { "email": "a@example.com", "primary": true, "verified": true },
        ]);
        assert_eq!(
            profile(user, emails).verified_email(),
            Some("a@example.com")
        );
    }

    #[test]
    fn t31_a_public_address_that_is_not_proven_is_only_shown() {
        let user = json!({ "id": 42, "login": "ann", "email": "boss@example.com" });
        let read = profile(
            user,
            json!([{ "email": "a@example.com", "primary": true, "verified": true }]),
        );
        assert_eq!(read.email.as_deref(), Some("boss@example.com"));
        assert_eq!(read.verified_email(), None);
    }

    #[test]
    fn the_id_is_text_and_the_name_falls_back_on_the_login() {
        let read = profile(json!({ "id": 42, "login": "ann", "name": null }), json!([]));
        assert_eq!(
            (read.id.as_str(), read.name.as_deref()),
            ("42", Some("ann"))
        );
    }
}
