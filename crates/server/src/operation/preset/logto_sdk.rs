//! Web applications built with Logto's SDKs (`contract/clients.md` §4).

use protocol::secret::Secret;

use super::{Block, Facts, Recipe};

pub(super) const RECIPE: Recipe = Recipe {
    name: "Web application",
    // Express and the older Next.js SDK, the newer Next.js SDK's example, and its pages router.
    redirect_paths: &[
        "/logto/sign-in-callback",
        "/callback",
        "/api/logto/sign-in-callback",
    ],
    block,
    ..Recipe::PLAIN
};

fn block(facts: &Facts<'_>) -> Block {
    Block::default()
        .comment("Logto SDK: pass these as endpoint, appId, appSecret, baseUrl and cookieSecret.")
        .comment("The sign-in callback is /logto/sign-in-callback, /callback or /api/logto/sign-in-callback under the base address.")
        .set("LOGTO_ENDPOINT", facts.endpoint)
        .set("LOGTO_APP_ID", facts.client_id)
        .set_some("LOGTO_APP_SECRET", facts.client_secret.map(Secret::reveal))
        .set("LOGTO_BASE_URL", facts.url)
        .set("LOGTO_COOKIE_SECRET", facts.session_secret.reveal())
        .comment_if(facts.audience.is_some(), "Pass this one in the list `resources`.")
        .set_some("LOGTO_RESOURCE", facts.audience)
}
