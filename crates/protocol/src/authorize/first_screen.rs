//! Where a sign-in begins (`contract/logto-core.md` §3.4).

use serde::{Deserialize, Serialize};

use crate::{parameters::Parameters, prompt::Prompt};

/// The first page of a sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstScreen {
    /// All ways to sign in.
    #[default]
    SignIn,
    /// All ways to register.
    Register,
    /// A forgotten password.
    ResetPassword,
    /// Sign in, narrowed to the kinds of identifier that were asked for.
    IdentifierSignIn,
    /// Register, narrowed likewise.
    IdentifierRegister,
    /// Enterprise sign-in by e-mail address.
    SingleSignOn,
}

impl FirstScreen {
    /// The page's path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::Register => "/register",
            Self::ResetPassword => "/reset-password",
            Self::IdentifierSignIn => "/identifier-sign-in",
            Self::IdentifierRegister => "/identifier-register",
            Self::SingleSignOn => "/single-sign-on",
        }
    }

    /// `prompt=create` before `first_screen`, before Auth0's `screen_hint`, before the old `interaction_mode`. Values nobody knows are passed over.
    pub(super) fn read(parameters: &Parameters, prompt: Prompt) -> Self {
        if prompt.create {
            return Self::Register;
        }
        let by_name = match parameters.lenient("first_screen") {
            Some("sign_in" | "signIn") => Some(Self::SignIn),
            Some("register") => Some(Self::Register),
            Some("reset_password") => Some(Self::ResetPassword),
            Some("identifier:sign_in") => Some(Self::IdentifierSignIn),
            Some("identifier:register") => Some(Self::IdentifierRegister),
            Some("single_sign_on") => Some(Self::SingleSignOn),
            _ => None,
        };
        by_name.unwrap_or_else(|| {
            let signs_up = parameters.lenient("screen_hint") == Some("signup")
                || parameters.lenient("interaction_mode") == Some("signUp");
            if signs_up {
                Self::Register
            } else {
                Self::SignIn
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FirstScreen;
    use crate::{parameters::Parameters, prompt::Prompt};

    #[test]
    fn the_first_screen_is_asked_for_in_four_ways() {
        for (query, path) in [
            ("", "/sign-in"),
            ("first_screen=sign_in", "/sign-in"),
            ("first_screen=signIn", "/sign-in"),
            ("first_screen=register", "/register"),
            ("first_screen=reset_password", "/reset-password"),
            ("first_screen=identifier:sign_in", "/identifier-sign-in"),
            ("first_screen=identifier:register", "/identifier-register"),
            ("first_screen=single_sign_on", "/single-sign-on"),
            ("first_screen=//evil.com", "/sign-in"),
            ("screen_hint=signup", "/register"),
            ("screen_hint=login", "/sign-in"),
            ("interaction_mode=signUp", "/register"),
            ("interaction_mode=signUp&first_screen=sign_in", "/sign-in"),
        ] {
            let screen = FirstScreen::read(&Parameters::parse(query), Prompt::default());
            assert_eq!(screen.path(), path, "{query}");
        }
        let create = Prompt::parse("create").unwrap();
        let query = Parameters::parse("first_screen=sign_in");
        assert_eq!(FirstScreen::read(&query, create), FirstScreen::Register);
    }
}
