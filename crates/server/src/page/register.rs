//! The page on which people make an account.

use askama::Template;
use identity::{
    experience::PasswordPolicy, identifier::UsernameRefused, password::policy::Rejection,
};

use super::{Frame, Page, form_target, sign_in::SocialButton};
use crate::text::{Text, fill};

/// Making an account for an application.
#[derive(Clone, Debug, Default)]
pub struct RegisterPage {
    /// The token for the form.
    pub csrf: String,
    /// The application's name.
    pub application: String,
    /// Where the application waits.
    pub redirect_uri: String,
    /// Whether an account can be made here, and not only at a provider.
    pub has_form: bool,
    /// Whether it needs a user name.
    pub asks_username: bool,
    /// What is filled in.
    pub username: String,
    /// What is wrong with it.
    pub username_problem: Option<UsernameProblem>,
    /// What is wrong with the password.
    pub password_problems: Vec<Rejection>,
    /// What passwords must be like.
    pub policy: PasswordPolicy,
    /// Other ways.
    pub social: Vec<SocialButton>,
    /// The page for existing accounts, if those may be used.
    pub sign_in: Option<String>,
}

/// What is wrong with a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameProblem {
    /// It cannot be one.
    Refused(UsernameRefused, usize, usize),
    /// Somebody has it.
    Taken,
}

impl UsernameProblem {
    /// What the person is told.
    pub fn text(self, t: &Text) -> String {
        match self {
            Self::Refused(UsernameRefused::Characters, ..) => t.username_characters.to_owned(),
            Self::Refused(UsernameRefused::Length, min, max) => fill(
                t.username_length,
                &[("min", &min.to_string()), ("max", &max.to_string())],
            ),
            Self::Taken => t.username_taken.to_owned(),
        }
    }
}

/// What the person is told of a password that is not accepted: the first reason.
pub fn rejection_text(rejections: &[Rejection], t: &Text) -> Option<String> {
    let number =
        |template: &str, name: &str, number: usize| fill(template, &[(name, &number.to_string())]);
    Some(match *rejections.first()? {
        Rejection::TooShort(min) => number(t.password_too_short, "min", min),
        Rejection::TooLong(max) => number(t.password_too_long, "max", max),
        Rejection::CharacterTypes(min) => number(t.password_character_types, "min", min),
        Rejection::UnsupportedCharacters => t.password_unsupported_characters.to_owned(),
        Rejection::Pwned => t.password_pwned.to_owned(),
        Rejection::Repetition => t.password_repetition.to_owned(),
        Rejection::Sequence => t.password_sequence.to_owned(),
        Rejection::UserInfo => t.password_user_info.to_owned(),
        Rejection::Words => t.password_words.to_owned(),
    })
}

/// What the person is told before choosing a password.
pub fn password_hint(policy: &PasswordPolicy, t: &Text) -> String {
    fill(t.password_hint, &[("min", &policy.length.min.to_string())])
}

impl RegisterPage {
    fn username_text(&self, t: &Text) -> Option<String> {
        self.username_problem.map(|problem| problem.text(t))
    }

    fn password_text(&self, t: &Text) -> Option<String> {
        rejection_text(&self.password_problems, t)
    }

    fn password_hint(&self, t: &Text) -> String {
        password_hint(&self.policy, t)
    }
}

#[derive(Template)]
#[template(path = "register.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a RegisterPage,
}

impl Page for RegisterPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        form_target(&self.redirect_uri).into_iter().collect()
    }
}
