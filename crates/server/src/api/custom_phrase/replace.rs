//! `PUT /api/custom-phrases/{languageTag}`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Map, Value};
use store::custom_phrase::CustomPhrase;

use super::{check_tag, view::CustomPhraseView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// How deep the keys may be nested.
pub(crate) const DEEPEST: usize = 10;

/// Writes the operator's own words in one language: texts by nested keys.
#[utoipa::path(
    put,
    path = "/custom-phrases/{languageTag}",
    operation_id = "ReplaceCustomPhrase",
    tag = "Custom phrases",
    params(("languageTag" = String, Path)),
    request_body = serde_json::Map<String, Value>,
    responses((status = 201, body = CustomPhraseView))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(tag): Path<String>,
    Input(translation): Input<Map<String, Value>>,
) -> Result<(StatusCode, Json<CustomPhraseView>), ApiError> {
    check_tag(&tag)?;
    let tenant = &caller.tenant.id;
    let mut phrase = CustomPhrase {
        id: app.random_id(21),
        translation: pruned(translation, DEEPEST)?,
        language_tag: tag,
    };
    let mut tx = caller.begin(&app).await?;
    if let Some(before) = store::custom_phrase::find(&mut tx, tenant, &phrase.language_tag).await? {
        phrase.id = before.id;
    }
    store::custom_phrase::set(&mut tx, tenant, &phrase).await?;
    app.commit(tx).await?;
    let view = CustomPhraseView::new(tenant, phrase);
    Ok((StatusCode::CREATED, Json(view)))
}

/// The tree without empty texts and empty branches.
pub(crate) fn pruned(
    tree: Map<String, Value>,
    depth: usize,
) -> Result<Map<String, Value>, Refused> {
    let mut kept = Map::new();
    for (key, value) in tree {
        match value {
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => {
                kept.insert(key, text.into());
            }
            Value::Object(branch) if depth > 0 => {
                let branch = pruned(branch, depth - 1)?;
                if !branch.is_empty() {
                    kept.insert(key, branch.into());
                }
            }
            _ => {
                return Err(Refused::new(
                    "localization.invalid_translation_structure",
                    format!("{key:?} is neither a text nor a branch of texts"),
                ));
            }
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::pruned;

    fn prune(tree: Value) -> Option<Value> {
        let tree = tree.as_object().unwrap().clone();
        pruned(tree, 2).ok().map(Value::Object)
    }

    #[test]
    fn empty_texts_and_branches_go() {
        let tree = json!({ "a": { "b": "x", "c": "" }, "d": { "e": {} }, "f": "" });
        assert_eq!(prune(tree), Some(json!({ "a": { "b": "x" } })));
    }

    #[test]
    fn only_texts_and_branches_are_taken() {
        for tree in [
            json!({ "a": 1 }),
            json!({ "a": ["x"] }),
            json!({ "a": { "b": { "c": { "d": "x" } } } }),
        ] {
            assert_eq!(prune(tree.clone()), None, "{tree}");
        }
    }
}
