//! The page on which people sign in.

use askama::Template;
use identity::experience::IdentifierKind;

use super::{Frame, Page, form_target};
use crate::text::{Text, fill};

/// Signing in to an application.
#[derive(Clone, Debug, Default)]
pub struct SignInPage {
    /// The token for the form.
    pub csrf: String,
    /// The application's name.
    pub application: String,
    /// Where the application waits.
    pub redirect_uri: String,
    /// What people may type; empty where there are no passwords.
    pub identifiers: Vec<IdentifierKind>,
    /// What is filled in.
    pub identifier: String,
    /// Why the last try failed.
    pub problem: Option<SignInProblem>,
    /// Other ways.
    pub social: Vec<SocialButton>,
    /// The page for new accounts, if there can be any.
    pub register: Option<String>,
}

/// Why a sign-in failed, as far as the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInProblem {
    /// No such account, or another password: never which of the two.
    Wrong,
    /// The account is locked for so many minutes.
    Locked(i64),
}

impl SignInProblem {
    /// What the person is told.
    pub fn text(self, t: &Text) -> String {
        match self {
            Self::Wrong => t.wrong_credentials.to_owned(),
            Self::Locked(minutes) => fill(t.locked, &[("minutes", &minutes.to_string())]),
        }
    }
}

/// A button that leads to a provider.
#[derive(Clone, Debug)]
pub struct SocialButton {
    /// The connector's target.
    pub target: String,
    /// The provider's name.
    pub name: String,
    /// Address of its logo.
    pub logo: String,
    /// The same on dark pages.
    pub dark_logo: Option<String>,
    /// Where it leads.
    pub href: String,
}

impl SocialButton {
    pub(super) fn label(&self, t: &Text) -> String {
        fill(t.continue_with, &[("provider", &self.name)])
    }
}

impl SignInPage {
    fn identifier_label(&self, t: &Text) -> &'static str {
        identifier_label(&self.identifiers, t)
    }

    fn alert(&self, t: &Text) -> Option<String> {
        self.problem.map(|problem| problem.text(t))
    }
}

fn identifier_label(identifiers: &[IdentifierKind], t: &Text) -> &'static str {
    let has = |kind| identifiers.contains(&kind);
    match (
        has(IdentifierKind::Username),
        has(IdentifierKind::Email),
        has(IdentifierKind::Phone),
    ) {
        (true, false, false) => t.identifier_username,
        (false, true, false) => t.identifier_email,
        (false, false, true) => t.identifier_phone,
        (true, true, false) => t.identifier_username_email,
        _ => t.identifier_any,
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a SignInPage,
}

impl Page for SignInPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        form_target(&self.redirect_uri).into_iter().collect()
    }
}
