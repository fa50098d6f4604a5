//! The files of `web/pages/`, inside the program, under names that change with their content.

use std::{collections::HashMap, sync::LazyLock};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::theme;
use crate::{app::App, error::PageError};

const FILES: [(&str, &str, &str); 5] = [
    (
        "page.css",
        "text/css; charset=utf-8",
        include_str!("../../../../web/pages/page.css"),
    ),
    (
        "enhance.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../../web/pages/enhance.js"),
    ),
    (
        "logo.svg",
        "image/svg+xml",
        include_str!("../../../../web/pages/logo.svg"),
    ),
    (
        "github.svg",
        "image/svg+xml",
        include_str!("../../../../web/pages/github.svg"),
    ),
    (
        "provider.svg",
        "image/svg+xml",
        include_str!("../../../../web/pages/provider.svg"),
    ),
];

static PATHS: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let path = |(name, _, content): (&'static str, _, &str)| {
        let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, content.as_bytes()));
        let short = hash.get(..10).unwrap_or_default();
        (name, format!("/assets/{short}/{name}"))
    };
    FILES.into_iter().map(path).collect()
});

/// Where the file with this name is served.
pub fn path(name: &str) -> &'static str {
    PATHS.get(name).map_or("/", String::as_str)
}

/// Its routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/assets/{hash}/{name}", get(asset))
        .merge(theme::router())
}

/// A file. Its name holds a hash of its content, so it may be kept for ever.
async fn asset(Path((_, name)): Path<(String, String)>) -> Result<Response, PageError> {
    let (_, kind, content) = FILES
        .iter()
        .find(|(known, ..)| *known == name)
        .ok_or(PageError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    Ok((headers, *content).into_response())
}
