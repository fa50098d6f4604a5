//! The search parameters of lists (`contract/logto-api.md` §1.5).

use std::collections::BTreeMap;

use axum::{extract::FromRequestParts, http::request::Parts};
use store::search::{Condition, Field, Mode, Search, is_pattern};
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::{app::App, error::ApiError, operation::Refused};

/// The most conditions that one search may have, and the most values of one of them.
const MOST: usize = 100;

/// The general parameters of a search, for the document; `search.<field>` and `mode.<field>` speak of one field.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct SearchParameters {
    /// What any searchable field is compared with; `%` and `_` are wildcards in the mode `like`.
    search: Option<String>,
    /// `like` (default), `exact`, `similar_to` or `posix`.
    mode: Option<String>,
    /// `or` (default) or `and`.
    joint: Option<String>,
    /// Whether upper and lower case differ.
    #[param(rename = "isCaseSensitive")]
    is_case_sensitive: Option<String>,
}

/// The query of a request that may search; [`Self::over`] reads it.
#[derive(Debug)]
pub struct SearchQuery(Vec<(String, String)>);

impl FromRequestParts<App> for SearchQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

impl SearchQuery {
    /// What is searched for among rows with these fields.
    ///
    /// # Errors
    /// `request.invalid_input`, with a sentence that names the fault.
    pub fn over(&self, fields: &[Field]) -> Result<Search, Refused> {
        parse(&self.0, fields)
    }
}

fn parse(query: &[(String, String)], fields: &[Field]) -> Result<Search, Refused> {
    let mut wanted: BTreeMap<Option<&Field>, Vec<String>> = BTreeMap::new();
    let mut modes: BTreeMap<Option<&Field>, Mode> = BTreeMap::new();
    let mut search = Search::default();
    for (name, value) in query {
        if name == "joint" || name == "jointMode" {
            search.all = joint(value)?;
        } else if name == "isCaseSensitive" {
            search.case_sensitive = is_truthy(value);
        } else if name.starts_with("search") {
            if value.is_empty() {
                return Err(invalid(format!("the value of {name:?} cannot be empty")));
            }
            let field = field(name, "search", fields)?;
            wanted.entry(field).or_default().push(value.clone());
        } else if name.starts_with("mode") {
            modes.insert(field(name, "mode", fields)?, mode(value)?);
        }
    }
    let general = modes.get(&None).copied().unwrap_or(Mode::Like);
    for (field, values) in wanted {
        let mode = modes.get(&field).copied().unwrap_or(general);
        check(mode, &values, search.case_sensitive)?;
        search.conditions.push(Condition {
            fields: field.map_or_else(|| fields.to_vec(), |field| vec![*field]),
            mode,
            values,
        });
    }
    if search.conditions.len() > MOST {
        return Err(invalid(format!("at most {MOST} fields can be searched")));
    }
    Ok(search)
}

fn check(mode: Mode, values: &[String], case_sensitive: bool) -> Result<(), Refused> {
    if mode != Mode::Exact && values.len() > 1 {
        return Err(invalid("only the mode `exact` takes several values"));
    }
    if values.len() > MOST {
        return Err(invalid(format!(
            "at most {MOST} values can be compared with"
        )));
    }
    if mode == Mode::SimilarTo && !case_sensitive {
        return Err(invalid("the mode `similar_to` cannot be case-insensitive"));
    }
    match values.iter().find(|value| !is_pattern(mode, value)) {
        Some(pattern) => Err(invalid(format!("the pattern {pattern:?} is not valid"))),
        None => Ok(()),
    }
}

/// `search` or `search.primaryEmail`: the field behind the dot.
fn field<'f>(name: &str, word: &str, fields: &'f [Field]) -> Result<Option<&'f Field>, Refused> {
    let rest = name.strip_prefix(word).unwrap_or_default();
    if rest.is_empty() {
        return Ok(None);
    }
    let named = rest.strip_prefix('.').map(snake);
    let found = named.and_then(|named| fields.iter().find(|field| field.name == named));
    match found {
        Some(field) => Ok(Some(field)),
        None => Err(invalid(format!("the field of {name:?} is not valid"))),
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

fn joint(value: &str) -> Result<bool, Refused> {
    match value {
        "and" => Ok(true),
        "or" => Ok(false),
        other => Err(invalid(format!("the joint {other:?} is not valid"))),
    }
}

fn mode(value: &str) -> Result<Mode, Refused> {
    match value {
        "like" => Ok(Mode::Like),
        "exact" => Ok(Mode::Exact),
        "similar_to" => Ok(Mode::SimilarTo),
        "posix" => Ok(Mode::Posix),
        other => Err(invalid(format!("the mode {other:?} is not valid"))),
    }
}

fn is_truthy(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "1" | "true" | "y" | "yes" | "on" | "t"
    )
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::new("request.invalid_input", message)
}

#[cfg(test)]
mod tests {
    use store::search::{Field, Mode, Search};

    use super::parse;

    const FIELDS: [Field; 3] = [
        Field::plain("id"),
        Field::keyed("primary_email", "primary_email_key"),
        Field::plain("name"),
    ];

    fn read(query: &[(&str, &str)]) -> Result<Search, String> {
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        parse(&query, &FIELDS).map_err(|refused| refused.message)
    }

    #[test]
    fn without_a_field_every_field_is_looked_at() {
        let search = read(&[("search", "%a%"), ("page", "2")]).unwrap();
        assert_eq!(search.conditions[0].fields, FIELDS);
        assert_eq!(search.conditions[0].mode, Mode::Like);
        assert!(!search.all && !search.case_sensitive);
    }

    #[test]
    fn a_fields_mode_goes_before_the_general_one() {
        let search = read(&[
            ("search.primaryEmail", "a"),
            ("search.primary_email", "b"),
            ("search.name", "x"),
            ("mode", "posix"),
            ("mode.primaryEmail", "exact"),
            ("joint", "and"),
            ("isCaseSensitive", "yes"),
        ])
        .unwrap();
        let of = |name: &str| {
            let mut conditions = search.conditions.iter();
            conditions
                .find(|condition| condition.fields[0].name == name)
                .unwrap()
        };
        assert_eq!(of("primary_email").mode, Mode::Exact);
        assert_eq!(of("primary_email").values, ["a", "b"]);
        assert_eq!(of("name").mode, Mode::Posix);
        assert!(search.all && search.case_sensitive);
    }

    #[test]
    fn faults_are_named_as_clients_look_for_them() {
        for (query, fragment) in [
            (&[("search.name", "a"), ("search.name", "b")][..], "`exact`"),
            (&[("search", "")], "cannot be empty"),
            (
                &[("search", "a"), ("mode", "similar_to")],
                "case-insensitive",
            ),
            (&[("search", "a"), ("mode", "fuzzy")], "is not valid"),
            (&[("search.age", "a")], "is not valid"),
            (&[("search.name.x", "a")], "is not valid"),
            (&[("searching", "a")], "is not valid"),
            (&[("joint", "xor")], "is not valid"),
            (&[("search", "("), ("mode", "posix")], "is not valid"),
        ] {
            let message = read(query).unwrap_err();
            assert!(message.contains(fragment), "{query:?}: {message}");
        }
    }
}
