//! Values for tests: the application `chat`, the person `ann`, and what passed between them.

use crate::{
    client::{ApplicationType, Client, Resource},
    jose::SigningAlgorithm,
    record::{Grant, Session},
    scope::ScopeSet,
    time::Time,
};

const DAY: i64 = 24 * 3600;

pub(crate) fn client(kind: ApplicationType) -> Client {
    Client {
        id: "chat".to_owned(),
        name: "Chat".to_owned(),
        kind,
        is_third_party: false,
        user_scopes: ScopeSet::default(),
        redirect_uris: vec!["https://chat.example.com/callback".to_owned()],
        post_logout_redirect_uris: vec![],
        backchannel_logout_uri: None,
        logo_uri: None,
        cors_allowed_origins: vec![],
        auth_method: None,
        id_token_algorithm: SigningAlgorithm::RS256,
        id_token_ttl: 3600,
        refresh_token_ttl: 14 * DAY,
        always_issue_refresh_token: false,
        rotate_refresh_token: true,
        max_allowed_grants: None,
        is_device_flow: false,
        allow_token_exchange: false,
        default_resource: None,
    }
}

pub(crate) fn grant(scope: &str) -> Grant {
    Grant {
        id: "g23456789012345678901".to_owned(),
        user_id: "ann".to_owned(),
        client_id: "chat".to_owned(),
        session_id: Some("s23456789012345678901".to_owned()),
        scope: ScopeSet::parse(scope),
        resources: vec![],
        auth_time: Time(900),
        nonce: None,
        claims: None,
        created_at: Time(1_000),
        expires_at: Time(1_000 + 180 * DAY),
    }
}

pub(crate) fn session() -> Session {
    Session {
        id: "s23456789012345678901".to_owned(),
        user_id: "ann".to_owned(),
        authenticated_at: Time(900),
        amr: vec!["pwd".to_owned()],
        expires_at: Time(900 + 14 * DAY),
    }
}

pub(crate) fn resource(indicator: &str) -> Resource {
    Resource {
        indicator: indicator.to_owned(),
        access_token_ttl: 3600,
        algorithm: SigningAlgorithm::ES384,
    }
}
