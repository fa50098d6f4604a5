//! How long a document is believed (draft §5.2, RFC 9111).

/// The least: a document that may not be kept at all would let anybody make the server fetch it without end.
const LEAST: i64 = 60;

/// How long when the answer does not say.
const USUAL: i64 = 3600;

/// The most: a client that withdraws an address is heard within a day.
const MOST: i64 = 24 * 3600;

/// Seconds for which a document that came with these headers is used without asking again, within our bounds.
///
/// `Expires` is not read: an answer without `Cache-Control` gets the usual time.
pub fn lifetime(cache_control: Option<&str>, age: Option<&str>) -> i64 {
    let directives: Vec<(String, &str)> = cache_control
        .unwrap_or_default()
        .split(',')
        .map(|directive| directive.split_once('=').unwrap_or((directive, "")))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        .collect();
    let find = |wanted: &str| {
        directives
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| *value)
    };
    if find("no-store").is_some() || find("no-cache").is_some() {
        return LEAST;
    }
    match find("s-maxage").or_else(|| find("max-age")) {
        Some(value) => {
            let fresh = seconds(value.trim_matches('"')).unwrap_or(0);
            let age = age.and_then(|age| seconds(age.trim())).unwrap_or(0);
            fresh.saturating_sub(age).clamp(LEAST, MOST)
        }
        None => USUAL,
    }
}

/// Delta-seconds (RFC 9111 §1.2.2): too large a number counts as the largest.
fn seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LEAST, MOST, USUAL, lifetime};

    #[test]
    fn headers_count_within_bounds() {
        for (cache_control, age, expected) in [
            (None, None, USUAL),
            (Some(""), None, USUAL),
            (Some("public"), None, USUAL),
            (Some("max-age=600"), None, 600),
            (Some("public, Max-Age = 600"), None, 600),
            (Some("max-age=\"600\""), None, 600),
            (Some("max-age=600"), Some("100"), 500),
            (Some("max-age=600"), Some("600"), LEAST),
            (Some("max-age=600"), Some("soon"), 600),
            (Some("max-age=600, s-maxage=900"), None, 900),
            (Some("max-age=0"), None, LEAST),
            (Some("max-age=-5"), None, LEAST),
            (Some("max-age=later"), None, LEAST),
            (Some("max-age=31536000, immutable"), None, MOST),
            (Some("max-age=99999999999999999999999999"), None, MOST),
            (Some("no-store"), None, LEAST),
            (Some("No-Cache, max-age=600"), None, LEAST),
        ] {
            assert_eq!(
                lifetime(cache_control, age),
                expected,
                "{cache_control:?} {age:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_header_leads_out_of_the_bounds(cache_control in "\\PC*", age in "\\PC*") {
            let seconds = lifetime(Some(&cache_control), Some(&age));
            prop_assert!((LEAST..=MOST).contains(&seconds));
        }
    }
}
