//! The JSON body of a request, in the form that the route asks for.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{app::App, error::ApiError};

/// A JSON body. An absent one counts as `{}`; members that the route does not know are dropped.
#[derive(Debug)]
pub struct Input<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, app)
            .await
            .map_err(|refused| ApiError::Input {
                part: "body",
                details: refused.body_text(),
            })?;
        read(&body).map(Self)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.is_empty() { b"{}" } else { body };
    let value: Value =
        serde_json::from_slice(body).map_err(|error| ApiError::Syntax(error.to_string()))?;
    if has_nul(&value) {
        return Err(ApiError::Input {
            part: "body",
            details: "a text contains the character U+0000".to_owned(),
        });
    }
    serde_path_to_error::deserialize(value).map_err(|error| ApiError::Input {
        part: "body",
        details: format!("{}: {}", error.path(), error.inner()),
    })
}

/// PostgreSQL cannot store U+0000 (attack T53).
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::read;
    use crate::{api::text::Text, error::ApiError};

    #[derive(Debug, Deserialize)]
    struct Body {
        list: Option<Vec<Text<1, 3>>>,
    }

    #[test]
    fn an_absent_body_is_an_empty_object_and_unknown_members_are_dropped() {
        assert!(read::<Body>(b"").unwrap().list.is_none());
        assert!(read::<Body>(br#"{"x":1}"#).unwrap().list.is_none());
    }

    #[test]
    fn t53_what_is_wrong_is_named_with_its_place() {
        for (body, expected) in [
            (r#"{"list":["ab","abcd"]}"#, "list[1]: too_big"),
            (r#"{"list":7}"#, "list: invalid type"),
            (r#"{"list":["\u0000"]}"#, "U+0000"),
            ("[]", "invalid"),
        ] {
            match read::<Body>(body.as_bytes()) {
                Err(ApiError::Input { details, .. }) => {
                    assert!(details.contains(expected), "{details}");
                }
                other => panic!("{body}: {other:?}"),
            }
        }
        assert!(matches!(read::<Body>(b"{"), Err(ApiError::Syntax(_))));
    }
}
