//! The `prompt` parameter (OpenID Connect Core §3.1.2.1, Initiating User Registration §4).

use serde::{Deserialize, Serialize};

use crate::error::OAuthError;

/// What a client wants the person to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the parameter is a set of these five words"
)]
pub struct Prompt {
    /// No page at all: answer at once or with an error.
    pub none: bool,
    /// Sign in again, whatever session there is.
    pub login: bool,
    /// Ask for consent again.
    pub consent: bool,
    /// Ask which account to use.
    pub select_account: bool,
    /// Show the registration page.
    pub create: bool,
}

impl Prompt {
    /// Reads a space-separated list. Refuses words it does not know, and `none` beside another.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut prompt = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                "create" => prompt.create = true,
                _ => {
                    return Err(OAuthError::invalid_request(
                        "unsupported prompt value requested",
                    ));
                }
            }
        }
        let asks = Self {
            none: false,
            ..prompt
        };
        if prompt.none && asks != Self::default() {
            return Err(OAuthError::invalid_request("prompt none must stand alone"));
        }
        Ok(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::Prompt;

    #[test]
    fn prompt_is_a_space_delimited_list() {
        assert_eq!(Prompt::parse(""), Ok(Prompt::default()));
        assert_eq!(
            Prompt::parse("login  consent"),
            Ok(Prompt {
                login: true,
                consent: true,
                ..Prompt::default()
            })
        );
        assert!(Prompt::parse("select_account").unwrap().select_account);
        assert!(Prompt::parse("create").unwrap().create);
        assert!(Prompt::parse("none").unwrap().none);
    }

    #[test]
    fn none_with_any_other_value_is_an_error() {
        for text in [
            "none login",
            "consent none",
            "none select_account",
            "create none",
        ] {
            assert!(Prompt::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn unknown_and_misspelt_words_are_errors() {
        for text in ["LOGIN", "force", "login,consent"] {
            assert!(Prompt::parse(text).is_err(), "{text}");
        }
    }
}
