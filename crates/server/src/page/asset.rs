//! The files of `web/pages/`, inside the program, under names that change with their content.

use std::{collections::HashMap, sync::LazyLock};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::theme;
use crate::{
    app::App,
    error::PageError,
    packed::{Packed, packed},
};

/// For what never changes under its address.
pub(super) const FOREVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file that pages load.
#[derive(Debug)]
pub struct Asset {
    /// Its name, without a folder.
    pub name: &'static str,
    /// `Content-Type`.
    pub kind: &'static str,
    /// What is in it.
    pub file: Packed,
}

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset {
            name: $name,
            kind: $kind,
            file: packed!($name),
        }
    };
}

/// The style sheet of all pages.
pub(super) const PAGE_CSS: Asset = asset!("page.css", "text/css; charset=utf-8");

/// All of them.
pub static ASSETS: [Asset; 5] = [
    PAGE_CSS,
    asset!("enhance.js", "text/javascript; charset=utf-8"),
    asset!("logo.svg", "image/svg+xml"),
    asset!("github.svg", "image/svg+xml"),
    asset!("provider.svg", "image/svg+xml"),
];

static PATHS: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let path = |asset: &Asset| {
        (
            asset.name,
            format!("/assets/{}/{}", key(asset.file.content), asset.name),
        )
    };
    ASSETS.iter().map(path).collect()
});

/// Ten characters that change with `content`.
pub(super) fn key(content: &str) -> String {
    let mut hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, content.as_bytes()));
    hash.truncate(10);
    hash
}

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
async fn asset(
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let asset = ASSETS
        .iter()
        .find(|known| known.name == name)
        .ok_or(PageError::NotFound)?;
    let mut response = asset.file.answer(&headers, asset.kind);
    let fixed = [
        (header::CACHE_CONTROL, FOREVER),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, path};

    #[test]
    fn every_file_has_an_address_of_its_own() {
        for asset in &ASSETS {
            assert!(path(asset.name).ends_with(asset.name));
            assert!(asset.file.gzip.starts_with(&[0x1f, 0x8b]));
        }
        assert_eq!(path("nothing.css"), "/");
    }
}
