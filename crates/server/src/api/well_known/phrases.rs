//! `GET /api/.well-known/phrases`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::nobody;
use crate::{
    api::query::Query,
    app::App,
    error::{ApiError, NoSuchTenant},
    extract::tenant::CurrentTenant,
    text::Locale,
};

/// The most languages of a wish that are looked at.
const MOST: usize = 20;

/// What the caller would like.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wished {
    /// Language tags with spaces between them, the best first.
    lng: Option<String>,
}

/// What the sign-in pages say, with the operator's own words in place of ours.
#[utoipa::path(
    get,
    path = "/.well-known/phrases",
    operation_id = "GetSignInExperiencePhrases",
    tag = "Well-known",
    params(Wished),
    security(()),
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn phrases(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
    headers: HeaderMap,
    Query(wished): Query<Wished>,
) -> Result<Response, Response> {
    let CurrentTenant(tenant) = tenant.map_err(nobody)?;
    let custom = store::custom_phrase::list(app.db(), &tenant.id).await;
    let custom = custom.map_err(|error| ApiError::from(error).into_response())?;
    let settings = &tenant.experience.language_info;
    let own: Vec<&str> = custom
        .iter()
        .map(|phrase| phrase.language_tag.as_str())
        .collect();
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .filter(|_| settings.auto_detect);
    let tag = chosen(
        wished.lng.as_deref(),
        accepted,
        &settings.fallback_language,
        &own,
    );
    let mut words = built_in(&tag);
    let own = custom.into_iter().find(|phrase| phrase.language_tag == tag);
    if let Some(own) = own {
        merge(&mut words, own.translation);
    }
    let language = HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("en"));
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_LANGUAGE, language),
        (header::VARY, HeaderValue::from_static("Accept-Language")),
    ];
    Ok((headers, Json(json!({ "translation": words, "errors": {} }))).into_response())
}

/// The language: what is asked for, what the browser speaks, what the tenant falls back to, English. Languages in which only
/// the operator has words count as well.
fn chosen(wished: Option<&str>, accepted: Option<&str>, fallback: &str, own: &[&str]) -> String {
    let exact = |tag: &str| {
        let mut own = own.iter();
        own.find(|known| known.eq_ignore_ascii_case(tag))
            .map(|tag| (*tag).to_owned())
    };
    let known =
        |tag: &str| exact(tag).or_else(|| Locale::lookup(tag).map(|locale| locale.tag.to_owned()));
    let wished = wished
        .unwrap_or_default()
        .split_ascii_whitespace()
        .take(MOST)
        .find_map(known);
    let accepted = || {
        let header = accepted?;
        let first = header.split([',', ';']).next().unwrap_or_default().trim();
        let locale = || Locale::of_accept_language(header).map(|locale| locale.tag.to_owned());
        exact(first).or_else(locale)
    };
    wished
        .or_else(accepted)
        .or_else(|| known(fallback))
        .unwrap_or_else(|| "en".to_owned())
}

/// Our words in a language, or in English.
fn built_in(tag: &str) -> Map<String, Value> {
    let entries = Locale::fallback(tag).text.entries();
    let words = entries.into_iter();
    words
        .map(|(key, text)| (key.to_owned(), text.into()))
        .collect()
}

/// Puts the texts of `over` in the place of those in `words`, branch by branch.
fn merge(words: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        match (words.get_mut(&key), value) {
            (Some(Value::Object(branch)), Value::Object(over)) => merge(branch, over),
            (_, value) => {
                words.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{chosen, merge};

    #[test]
    fn the_language_is_the_one_asked_for_detected_set_or_english() {
        let own = ["da", "pt-BR"];
        for (wished, accepted, fallback, expected) in [
            (Some("xx de en"), Some("fr"), "es", "de"),
            (Some("da"), Some("fr"), "es", "da"),
            (Some("xx"), Some("fr-CA, en"), "es", "fr"),
            (None, Some("da, en"), "es", "da"),
            (None, None, "es", "es"),
            (None, None, "da", "da"),
            (Some(""), Some("*"), "xx", "en"),
        ] {
            let tag = chosen(wished, accepted, fallback, &own);
            assert_eq!(tag, expected, "{wished:?} {accepted:?} {fallback}");
        }
    }

    #[test]
    fn own_words_take_the_place_of_ours_branch_by_branch() {
        let mut words = json!({ "a": "1", "b": { "c": "2", "d": "3" } });
        let over = json!({ "b": { "d": "4" }, "e": { "f": "5" }, "a": { "g": "6" } });
        merge(
            words.as_object_mut().unwrap(),
            over.as_object().unwrap().clone(),
        );
        assert_eq!(
            words,
            json!({ "a": { "g": "6" }, "b": { "c": "2", "d": "4" }, "e": { "f": "5" } })
        );
    }
}
