//! Where passwords are looked up among those known from breaches.

use url::Url;

use super::{ConfigError, reader::Reader};

const NAME: &str = "HUFU_BREACH_SERVICE";
const DEFAULT: &str = "https://api.pwnedpasswords.com/range/";

/// The address that five characters of a hash are put behind; `None` when nothing is looked up.
pub(super) fn read(reader: &Reader<'_>) -> Result<Option<String>, ConfigError> {
    let Some(text) = reader.text(NAME) else {
        return Ok(Some(DEFAULT.to_owned()));
    };
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    let url = Url::parse(&text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && text.ends_with('/'));
    match url {
        Some(_) => Ok(Some(text)),
        None => Err(reader.wrong(
            NAME,
            &text,
            "which is neither off nor an http or https address that ends with /",
        )),
    }
}
