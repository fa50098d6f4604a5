//! The pages about an account that exists already: going on with it, and linking a provider to it.

use askama::Template;

use super::{Frame, Page, form_target, sign_in::SignInProblem};
use crate::text::{Text, fill};

/// Somebody is signed in: is that the right account?
#[derive(Clone, Debug, Default)]
pub struct ChooseAccountPage {
    /// The token for the form.
    pub csrf: String,
    /// The application's name.
    pub application: String,
    /// Where it waits.
    pub redirect_uri: String,
    /// Who is signed in.
    pub person: String,
    /// The page to sign in with another account.
    pub sign_in: String,
}

impl ChooseAccountPage {
    fn continue_as(&self, t: &Text) -> String {
        fill(t.continue_as, &[("name", &self.person)])
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct ChooseView<'a> {
    frame: &'a Frame,
    page: &'a ChooseAccountPage,
}

impl Page for ChooseAccountPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        ChooseView { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        form_target(&self.redirect_uri).into_iter().collect()
    }
}

/// A provider proved an address or a number that an account has: is it the same person?
#[derive(Clone, Debug, Default)]
pub struct LinkPage {
    /// The token for the form.
    pub csrf: String,
    /// Where the application waits.
    pub redirect_uri: String,
    /// The proven address or number.
    pub identifier: String,
    /// Whether it is a number.
    pub is_phone: bool,
    /// The provider's name.
    pub provider: String,
    /// Why the last try failed.
    pub problem: Option<SignInProblem>,
    /// The page with the other ways to sign in.
    pub sign_in: String,
}

impl LinkPage {
    fn explanation(&self, t: &Text) -> String {
        fill(
            t.link_text,
            &[
                ("identifier", &self.identifier),
                ("provider", &self.provider),
            ],
        )
    }

    fn identifier_label(&self, t: &Text) -> &'static str {
        if self.is_phone {
            t.identifier_phone
        } else {
            t.identifier_email
        }
    }

    fn alert(&self, t: &Text) -> Option<String> {
        self.problem.map(|problem| problem.text(t))
    }
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkView<'a> {
    frame: &'a Frame,
    page: &'a LinkPage,
}

impl Page for LinkPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        LinkView { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        form_target(&self.redirect_uri).into_iter().collect()
    }
}
