//! The files of `web/pages/`, inside the program, under names that change with their content.

use std::{collections::HashMap, sync::LazyLock};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::theme;
use crate::{app::App, error::PageError};

/// For what never changes under its address.
pub(super) const FOREVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file as the build packed it: without comments, and compressed.
#[derive(Debug)]
pub struct Asset {
    /// Its name, without a folder.
    pub name: &'static str,
    /// `Content-Type`.
    pub kind: &'static str,
    /// What is in it.
    pub content: &'static str,
    /// The same, compressed by gzip.
    pub gzip: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset {
            name: $name,
            kind: $kind,
            content: include_str!(concat!(env!("OUT_DIR"), "/", $name)),
            gzip: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")),
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
            format!("/assets/{}/{}", key(asset.content), asset.name),
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
    let mut response = if accepts_gzip(&headers) {
        let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        (encoding, asset.gzip).into_response()
    } else {
        asset.content.into_response()
    };
    let fixed = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, FOREVER),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
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

/// Whether the browser takes gzip (RFC 9110 §12.5.3).
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|wish| wish.replace(' ', "").to_ascii_lowercase())
        .any(|wish| {
            let (name, weight) = wish.split_once(";q=").unwrap_or((&wish, "1"));
            name == "gzip" && weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
        })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::{ASSETS, accepts_gzip, path};

    #[test]
    fn only_browsers_that_take_gzip_get_it() {
        for (header, takes) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip; q=0", false),
            ("identity", false),
            ("x-gzip-not", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, header.parse().unwrap());
            assert_eq!(accepts_gzip(&headers), takes, "{header}");
        }
    }

    #[test]
    fn every_file_has_an_address_of_its_own() {
        for asset in &ASSETS {
            assert!(path(asset.name).ends_with(asset.name));
            assert!(asset.gzip.starts_with(&[0x1f, 0x8b]));
        }
        assert_eq!(path("nothing.css"), "/");
    }
}
