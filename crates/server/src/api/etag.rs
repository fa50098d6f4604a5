//! Answers that a caller has already (`contract/logto-api.md` §1.8).

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::error::{ApiError, Failure};

/// Gives what was read a strong `ETag`, and answers 304 to a caller that has it already.
pub async fn etag(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_read || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return ApiError::from(Failure::internal(error)).into_response(),
    };
    let tag = format!(
        "\"{}\"",
        URL_SAFE_NO_PAD.encode(
            digest(&SHA256, &bytes)
                .as_ref()
                .get(..16)
                .unwrap_or_default()
        )
    );
    let is_known = known
        .as_ref()
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| names(known, &tag));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, bytes.into())
}

/// Whether `If-None-Match` names the tag; a weak one counts (RFC 9110 §13.1.2).
fn names(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn one_of_several_tags_is_enough() {
        assert!(names(r#""a", W/"b""#, r#""b""#));
        assert!(names("*", r#""b""#));
        assert!(!names(r#""ab""#, r#""b""#));
    }
}
