//! Open WebUI (`contract/clients.md` §2).

use protocol::{jose::SigningAlgorithm, secret::Secret};

use super::{Block, Facts, Recipe};

pub(super) const RECIPE: Recipe = Recipe {
    name: "Open WebUI",
    redirect_paths: &["/oauth/oidc/callback"],
    logout_paths: &["", "/", "/auth"],
    backchannel_path: Some("/oauth/backchannel-logout"),
    // It refreshes when less than five minutes are left, and drops a session that cannot be refreshed (§2.3).
    id_token_ttl: Some(3600),
    always_refresh: true,
    algorithm: Some(SigningAlgorithm::RS256),
    block,
    ..Recipe::PLAIN
};

fn block(facts: &Facts<'_>) -> Block {
    let url = facts.url;
    Block::default()
        .comment("Open WebUI: paste into .env and restart it.")
        .comment("Signing out in Hufu signs people out there as well: Hufu posts to /oauth/backchannel-logout.")
        .comment("When Open WebUI has a private address, list it in Hufu's HUFU_OUTBOUND_ALLOW.")
        .set("WEBUI_URL", url)
        .set("ENABLE_OAUTH_SIGNUP", "true")
        .set("OAUTH_PROVIDER_NAME", "Hufu")
        .set("OAUTH_CLIENT_ID", facts.client_id)
        .set_some("OAUTH_CLIENT_SECRET", facts.client_secret.map(Secret::reveal))
        .set("OPENID_PROVIDER_URL", format!("{}/.well-known/openid-configuration", facts.issuer))
        .set("OPENID_REDIRECT_URI", format!("{url}/oauth/oidc/callback"))
        .set("OAUTH_SCOPES", "openid email profile offline_access")
        .set_some("OAUTH_AUDIENCE", facts.audience)
        .set("OAUTH_CODE_CHALLENGE_METHOD", "S256")
        .set("ENABLE_OAUTH_BACKCHANNEL_LOGOUT", "true")
        .set("WEBUI_AUTH_SIGNOUT_REDIRECT_URL", url)
}
