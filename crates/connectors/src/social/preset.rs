//! Providers that speak OAuth 2.0 with the userinfo of OpenID Connect, at addresses that are known (`contract/logto-core.md` §8.2).

use std::collections::BTreeMap;

use protocol::jose::MacAlgorithm;
use serde::Deserialize;

use super::config::{OAuth2, ProfileMap, TokenEndpointAuthMethod, TokenEndpointResponseType};

/// Where a provider is, and what is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Preset {
    factory: &'static str,
    authorization: &'static str,
    token: &'static str,
    user_info: &'static str,
    scope: &'static str,
}

const PRESETS: [Preset; 4] = [
    Preset {
        factory: "google-universal",
        authorization: "https://accounts.google.com/o/oauth2/v2/auth",
        token: "https://oauth2.googleapis.com/token",
        user_info: "https://openidconnect.googleapis.com/v1/userinfo",
        scope: "openid profile email",
    },
    Preset {
        factory: "gitlab-universal",
        authorization: "https://gitlab.com/oauth/authorize",
        token: "https://gitlab.com/oauth/token",
        user_info: "https://gitlab.com/oauth/userinfo",
        scope: "openid",
    },
    Preset {
        factory: "linkedin-universal",
        authorization: "https://www.linkedin.com/oauth/v2/authorization",
        token: "https://www.linkedin.com/oauth/v2/accessToken",
        user_info: "https://api.linkedin.com/v2/userinfo",
        scope: "openid profile email",
    },
    Preset {
        factory: "huggingface-universal",
        authorization: "https://huggingface.co/oauth/authorize",
        token: "https://huggingface.co/oauth/token",
        user_info: "https://huggingface.co/oauth/userinfo",
        scope: "openid profile email",
    },
];

/// What the operator says. The three endpoints are ours: for tests, and for servers of one's own.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Settings {
    client_id: String,
    client_secret: String,
    scope: Option<String>,
    /// Google's `prompt`.
    #[serde(default)]
    prompts: Vec<String>,
    /// Google: asks for a refresh token.
    #[serde(default)]
    offline_access: bool,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    user_info_endpoint: Option<String>,
}

/// The preset of a factory.
pub(super) fn of(factory: &str) -> Option<Preset> {
    PRESETS.into_iter().find(|preset| preset.factory == factory)
}

impl Preset {
    /// The provider as any other that speaks OAuth 2.0.
    pub(super) fn config(self, settings: Settings) -> OAuth2 {
        let mut parameters = BTreeMap::new();
        if !settings.prompts.is_empty() {
            parameters.insert("prompt".to_owned(), settings.prompts.join(" "));
        }
        if settings.offline_access {
            parameters.insert("access_type".to_owned(), "offline".to_owned());
        }
        let or = |own: Option<String>, known: &str| own.unwrap_or_else(|| known.to_owned());
        OAuth2 {
            authorization_endpoint: or(settings.authorization_endpoint, self.authorization),
            token_endpoint: or(settings.token_endpoint, self.token),
            user_info_endpoint: or(settings.user_info_endpoint, self.user_info),
            client_id: settings.client_id,
            client_secret: settings.client_secret,
            token_endpoint_auth_method: TokenEndpointAuthMethod::Post,
            client_secret_jwt_signing_algorithm: MacAlgorithm::default(),
            token_endpoint_response_type: TokenEndpointResponseType::Json,
            scope: Some(or(settings.scope, self.scope)),
            // The standard claims of OpenID Connect Core §5.1.
            profile_map: ProfileMap {
                id: "sub".to_owned(),
                avatar: "picture".to_owned(),
                phone: "phone_number".to_owned(),
                ..ProfileMap::default()
            },
            custom_config: BTreeMap::new(),
            authorization_parameters: parameters,
            trust_unverified_email: false,
            trust_unverified_phone: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PRESETS, of};
    use crate::{
        factory,
        social::{
            Started,
            config::{Config, OAuth2, is_built},
            oauth2::{authorization_uri, read},
        },
    };

    fn google(more: serde_json::Value) -> OAuth2 {
        let mut config = json!({ "clientId": "x", "clientSecret": "y" });
        let members = config.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        match Config::read("google-universal", members).unwrap() {
            Config::OAuth2(config) => config,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_preset_is_in_the_catalogue_and_built() {
        for preset in PRESETS {
            let factory = factory::find(preset.factory).unwrap();
            assert!(factory.is_built() && is_built(factory.id));
            assert!(of(factory.id).is_some());
        }
        assert!(of("github-universal").is_none());
    }

    #[test]
    fn people_are_sent_with_what_is_asked_for() {
        let started = Started {
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            redirect_uri: "https://id.test/callback/a".to_owned(),
        };
        let uri = |config| authorization_uri(&config, &started).unwrap();
        assert_eq!(
            uri(google(json!({}))),
            "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=x\
             &redirect_uri=https%3A%2F%2Fid.test%2Fcallback%2Fa&state=s&scope=openid+profile+email"
        );
        let more = json!({ "scope": "openid", "prompts": ["consent", "select_account"], "offlineAccess": true });
        assert!(
            uri(google(more)).ends_with(
                "&state=s&scope=openid&access_type=offline&prompt=consent+select_account"
            )
        );
    }

    #[test]
    fn t31_an_address_counts_only_when_the_provider_has_proven_it() {
        let config = google(json!({}));
        for (verified, expected) in [
            (json!(true), true),
            (json!(false), false),
            (json!(null), false),
        ] {
            let info = json!({
                "sub": "42", "name": "Ann", "picture": "https://x/a.png",
                "email": "ann@people.test", "email_verified": verified,
            });
            let profile = read(&config, info).unwrap();
            assert_eq!(profile.email_verified, expected);
            assert_eq!(
                (profile.id.as_str(), profile.avatar.as_deref()),
                ("42", Some("https://x/a.png"))
            );
        }
    }
}
