//! LobeChat, now LobeHub (`contract/clients.md` §3).

use protocol::{jose::SigningAlgorithm, secret::Secret};

use super::{Block, Facts, Recipe};

pub(super) const RECIPE: Recipe = Recipe {
    name: "LobeChat",
    // better-auth before 1.7 uses the second path, everything else the first (§3.3).
    redirect_paths: &[
        "/api/auth/callback/logto",
        "/api/auth/oauth2/callback/logto",
    ],
    id_token_ttl: Some(3600),
    algorithm: Some(SigningAlgorithm::RS256),
    assumes_audience: true,
    block,
    ..Recipe::PLAIN
};

fn block(facts: &Facts<'_>) -> Block {
    let url = facts.url;
    let secret = facts.session_secret.reveal();
    Block::default()
        .comment("LobeChat: paste into .env and restart it.")
        .comment_if(
            facts.audience.is_some(),
            "LobeChat cannot ask for an API by itself: its access tokens are for the one named with --audience.",
        )
        .set("APP_URL", url)
        .set("AUTH_SECRET", secret)
        .set("AUTH_SSO_PROVIDERS", "logto")
        .set("AUTH_LOGTO_ID", facts.client_id)
        .set_some("AUTH_LOGTO_SECRET", facts.client_secret.map(Secret::reveal))
        .set("AUTH_LOGTO_ISSUER", facts.issuer)
        .comment("LobeChat 1.x reads these as well:")
        .set("NEXT_PUBLIC_ENABLE_NEXT_AUTH", "1")
        .set("NEXT_AUTH_SECRET", secret)
        .set("NEXT_AUTH_SSO_PROVIDERS", "logto")
        .set("NEXTAUTH_URL", format!("{url}/api/auth"))
}
