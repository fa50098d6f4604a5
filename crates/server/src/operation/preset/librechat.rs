//! LibreChat (`contract/clients.md` §1).

use protocol::jose::SigningAlgorithm;

use super::{Block, Facts, Recipe};

pub(super) const RECIPE: Recipe = Recipe {
    name: "LibreChat",
    redirect_paths: &["/oauth/openid/callback", "/api/admin/oauth/openid/callback"],
    logout_paths: &["/login", "", "/"],
    // The ID token is what LibreChat's own requests carry, so this is its session between two refreshes (§1.4).
    id_token_ttl: Some(3600),
    algorithm: Some(SigningAlgorithm::RS256),
    block,
    ..Recipe::PLAIN
};

fn block(facts: &Facts<'_>) -> Block {
    let url = facts.url;
    Block::default()
        .comment("LibreChat: paste into .env and restart it.")
        .comment_if(
            facts.issuer.starts_with("http://"),
            "WARNING: LibreChat refuses an issuer without https. Put Hufu behind HTTPS and set ENDPOINT to that address.",
        )
        .set("OPENID_CLIENT_ID", facts.client_id)
        .set_some("OPENID_CLIENT_SECRET", facts.client_secret.map(protocol::secret::Secret::reveal))
        .set("OPENID_ISSUER", facts.issuer)
        .set("OPENID_SCOPE", "openid profile email offline_access")
        .set_some("OPENID_AUDIENCE", facts.audience)
        .set("OPENID_SESSION_SECRET", facts.session_secret.reveal())
        .set("OPENID_CALLBACK_URL", "/oauth/openid/callback")
        .set("OPENID_USE_PKCE", "true")
        .set("OPENID_NAME_CLAIM", "name")
        .set("OPENID_REUSE_TOKENS", "true")
        .set("OPENID_USE_END_SESSION_ENDPOINT", "true")
        .set("OPENID_POST_LOGOUT_REDIRECT_URI", format!("{url}/login"))
        .set("DOMAIN_CLIENT", url)
        .set("DOMAIN_SERVER", url)
        .set("ALLOW_SOCIAL_LOGIN", "true")
        .set("ALLOW_SOCIAL_REGISTRATION", "true")
}
