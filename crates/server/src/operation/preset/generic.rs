//! Applications that any OpenID Connect library serves.

use protocol::{client::ApplicationType, secret::Secret};

use super::{Block, Facts, Recipe};

pub(super) const SPA: Recipe = Recipe {
    name: "Single-page application",
    kind: ApplicationType::Spa,
    redirect_paths: &["/callback", "", "/"],
    block: |facts| {
        person(facts, "Single-page application: a public client; use code flow with PKCE. Vite wants the prefix VITE_.")
            .set("OIDC_REDIRECT_URI", format!("{}/callback", facts.url))
            .set("OIDC_POST_LOGOUT_REDIRECT_URI", facts.url)
    },
    ..Recipe::PLAIN
};

pub(super) const NATIVE: Recipe = Recipe {
    name: "Native application",
    kind: ApplicationType::Native,
    redirect_paths: &["/callback"],
    // RFC 8252 §7.3: the port is chosen when the application listens.
    fixed_redirect_uris: &[
        "http://127.0.0.1/callback",
        "http://[::1]/callback",
        "http://localhost/callback",
    ],
    refresh_token_days: Some(90),
    block: |facts| {
        person(facts, "Native application: a public client; use code flow with PKCE. Loopback addresses work with any port.")
            .set("OIDC_REDIRECT_URI", native_redirect(facts.url))
    },
    ..Recipe::PLAIN
};

pub(super) const MACHINE: Recipe = Recipe {
    name: "Machine",
    kind: ApplicationType::MachineToMachine,
    logout_paths: &[],
    block: machine,
    ..Recipe::PLAIN
};

fn native_redirect(url: &str) -> String {
    match url {
        "" => "http://127.0.0.1/callback".to_owned(),
        web if super::is_web(web) => format!("{web}/callback"),
        custom => custom.to_owned(),
    }
}

fn person(facts: &Facts<'_>, comment: &str) -> Block {
    Block::default()
        .comment(comment)
        .set("OIDC_ISSUER", facts.issuer)
        .set("OIDC_CLIENT_ID", facts.client_id)
        .set("OIDC_SCOPE", "openid profile email offline_access")
        .set_some("OIDC_AUDIENCE", facts.audience)
}

fn machine(facts: &Facts<'_>) -> Block {
    Block::default()
        .comment("Machine to machine: POST to the token endpoint with grant_type=client_credentials and audience.")
        .comment_if(facts.audience.is_none(), "Without an API there is nothing to ask a token for: run this again with --audience.")
        .set("OIDC_ISSUER", facts.issuer)
        .set("OIDC_TOKEN_ENDPOINT", format!("{}/token", facts.issuer))
        .set("OIDC_CLIENT_ID", facts.client_id)
        .set_some("OIDC_CLIENT_SECRET", facts.client_secret.map(Secret::reveal))
        .set_some("OIDC_AUDIENCE", facts.audience)
}
