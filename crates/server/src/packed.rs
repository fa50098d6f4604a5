//! Files inside the program, as the build packed them (`build.rs`).

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// A file in plain and compressed.
#[derive(Debug)]
pub struct Packed {
    /// What is in it.
    pub content: &'static str,
    /// The same, compressed by gzip.
    pub gzip: &'static [u8],
}

/// The packed file with this name.
macro_rules! packed {
    ($name:literal) => {
        $crate::packed::Packed {
            content: include_str!(concat!(env!("OUT_DIR"), "/", $name)),
            gzip: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")),
        }
    };
}
pub(crate) use packed;

impl Packed {
    /// The file as a response of the type `kind`, compressed for those who take that.
    pub fn answer(&self, headers: &HeaderMap, kind: &'static str) -> Response {
        let mut response = if accepts_gzip(headers) {
            let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
            (encoding, self.gzip).into_response()
        } else {
            self.content.into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        response
    }
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

    use super::accepts_gzip;

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
}
