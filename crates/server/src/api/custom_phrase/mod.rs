//! `/custom-phrases`: the operator's own words (`contract/logto-api.md` §4.4).

mod delete;
mod find;
mod list;
mod replace;
mod view;

pub(crate) use self::replace::{DEEPEST, pruned};
use crate::{
    api::routes::{Routes, routes},
    operation::Refused,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(list::list)).routes(routes!(
        find::find,
        replace::replace,
        delete::delete
    ))
}

/// Whether the text is a language tag: words of 2 to 8 letters and digits with hyphens between them (RFC 5646 §2.1).
pub(crate) fn check_tag(tag: &str) -> Result<(), Refused> {
    let mut words = tag.split('-');
    let is_language = words.next().is_some_and(|word| {
        (2..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    let are_subtags = words.all(|word| {
        (2..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if is_language && are_subtags && tag.len() <= 16 {
        return Ok(());
    }
    let message = format!("{tag:?} is not a language tag such as pt-BR");
    Err(Refused::new("guard.invalid_input", message))
}

#[cfg(test)]
mod tests {
    use super::check_tag;

    #[test]
    fn a_language_tag_is_one() {
        for tag in ["en", "pt-BR", "zh-Hant-TW", "fil-PH"] {
            assert!(check_tag(tag).is_ok(), "{tag}");
        }
        for tag in [
            "",
            "e",
            "EN",
            "en-",
            "en_US",
            "english",
            "en-toolongsubtag",
            "../en",
        ] {
            assert!(check_tag(tag).is_err(), "{tag}");
        }
    }
}
