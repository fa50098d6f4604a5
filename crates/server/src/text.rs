//! What the pages say, in every language, and which language a person gets.

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// A language of the pages.
#[derive(Clone, Copy, Debug)]
pub struct Locale {
    /// Its BCP 47 tag.
    pub tag: &'static str,
    /// Everything in it.
    pub text: &'static Text,
}

impl Locale {
    /// `rtl` for languages that are written from right to left.
    pub fn dir(self) -> &'static str {
        if self.tag == "ar" { "rtl" } else { "ltr" }
    }

    /// The language with exactly this tag.
    pub fn exact(tag: &str) -> Option<Self> {
        LANGUAGES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(tag))
            .map(|(tag, text)| Self { tag, text })
    }

    /// The language that serves a tag best (RFC 4647 §3.4, with the scripts of Chinese).
    pub fn lookup(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-").to_ascii_lowercase();
        if let Some(locale) = Self::exact(&tag) {
            return Some(locale);
        }
        let mut subtags = tag.split('-');
        let language = subtags.next()?;
        let stand_in = match language {
            "zh" if subtags.any(|subtag| matches!(subtag, "hant" | "tw" | "hk" | "mo")) => "zh-TW",
            "zh" => "zh-CN",
            "pt" if subtags.any(|subtag| subtag == "pt") => "pt-PT",
            "pt" => "pt-BR",
            other => other,
        };
        Self::exact(stand_in)
    }

    /// The first language of a list that we have: `ui_locales`, separated by spaces.
    pub fn of_list(list: &str) -> Option<Self> {
        list.split_ascii_whitespace()
            .take(20)
            .find_map(Self::lookup)
    }

    /// The language that the browser prefers among those we have (RFC 9110 §12.5.4).
    pub fn of_accept_language(header: &str) -> Option<Self> {
        let mut wanted: Vec<(u32, Self)> = header.split(',').take(20).filter_map(wish).collect();
        // A stable sort keeps the order of equal wishes.
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.first().map(|(_, locale)| *locale)
    }

    /// What is spoken when nothing else is known.
    pub fn fallback(tag: &str) -> Self {
        Self::lookup(tag).unwrap_or(Self {
            tag: "en",
            text: ENGLISH,
        })
    }
}

/// One wish of an `Accept-Language` header, with its weight in thousandths.
fn wish(entry: &str) -> Option<(u32, Locale)> {
    let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
    let weight = match rest.trim().strip_prefix("q=") {
        Some(weight) => weight
            .trim()
            .parse::<f32>()
            .ok()
            .filter(|weight| (0.0..=1.0).contains(weight))?,
        None => 1.0,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000"
    )]
    let weight = (weight * 1000.0) as u32;
    (weight > 0).then(|| Locale::lookup(tag).map(|locale| (weight, locale)))?
}

/// The tags of all languages, English first: `ui_locales_supported`.
pub fn tags() -> Vec<&'static str> {
    let others = LANGUAGES
        .iter()
        .map(|(tag, _)| *tag)
        .filter(|tag| *tag != "en");
    ["en"].into_iter().chain(others).collect()
}

/// `template` with each `{name}` replaced by its value. Values are not looked at again, and cannot turn the direction of the text
/// around them.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        let value = value.map_or("", |(_, value)| value);
        filled.extend(value.chars().filter(|c| !turns_direction(*c)));
        rest = behind;
    }
    filled + rest
}

/// The embeddings, overrides and isolates of the bidirectional algorithm (UAX #9 §2).
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LANGUAGES, Locale, fill, tags};

    fn tag(locale: Option<Locale>) -> &'static str {
        locale.map_or("none", |locale| locale.tag)
    }

    #[test]
    fn all_eighteen_locales_of_the_design_are_there() {
        let designed = [
            "ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt-BR", "pt-PT", "ru",
            "th", "tr", "uk", "zh-CN", "zh-TW",
        ];
        let mut there: Vec<_> = LANGUAGES.iter().map(|(tag, _)| *tag).collect();
        there.sort_unstable();
        assert_eq!(there, designed);
        assert_eq!(tags()[0], "en");
    }

    #[test]
    fn every_language_speaks_for_itself() {
        let (_, english) = LANGUAGES.iter().find(|(tag, _)| *tag == "en").unwrap();
        let english = english.entries();
        for (tag, text) in LANGUAGES.iter().filter(|(tag, _)| *tag != "en") {
            let borrowed: Vec<_> = text
                .entries()
                .into_iter()
                .zip(&english)
                .filter(|(own, english)| own.1 == english.1)
                .map(|(own, _)| own.0)
                .collect();
            // Italian, too, says "password".
            assert!(borrowed.len() <= 1, "{tag} is English in {borrowed:?}");
        }
    }

    #[test]
    fn a_tag_is_served_by_its_nearest_language() {
        for (asked, given) in [
            ("en-GB", "en"),
            ("zh", "zh-CN"),
            ("zh-Hant", "zh-TW"),
            ("zh-HK", "zh-TW"),
            ("ZH_hans_CN", "zh-CN"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-PT"),
            ("pt-AO", "pt-BR"),
            ("ar-EG", "ar"),
            ("se", "none"),
            ("", "none"),
        ] {
            assert_eq!(tag(Locale::lookup(asked)), given, "{asked}");
        }
    }

    #[test]
    fn the_browsers_order_of_preference_counts() {
        assert_eq!(
            tag(Locale::of_accept_language("xx, de;q=0.5, fr;q=0.8")),
            "fr"
        );
        assert_eq!(tag(Locale::of_accept_language("ja, en;q=0.9")), "ja");
        assert_eq!(tag(Locale::of_accept_language("de;q=0, fr;q=0.1")), "fr");
        assert_eq!(tag(Locale::of_accept_language("*")), "none");
    }

    #[test]
    fn arabic_runs_from_right_to_left() {
        assert_eq!(Locale::fallback("ar").dir(), "rtl");
        assert_eq!(Locale::fallback("xx").tag, "en");
    }

    #[test]
    fn a_value_cannot_bring_placeholders_of_its_own() {
        assert_eq!(
            fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]),
            "{b} and 2"
        );
    }

    #[test]
    fn t45_a_value_cannot_turn_the_text_around_it() {
        assert_eq!(
            fill("go to {app}.", &[("app", "\u{202e}evil\u{2066}")]),
            "go to evil."
        );
    }

    proptest! {
        #[test]
        fn nothing_a_browser_sends_breaks_the_choice(header in ".*") {
            Locale::of_accept_language(&header);
            Locale::of_list(&header);
        }
    }
}
