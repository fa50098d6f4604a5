//! The page that makes the first administrator.

use askama::Template;
use identity::{experience::PasswordPolicy, password::policy::Rejection};

use super::{
    Frame, Page,
    register::{UsernameProblem, password_hint, rejection_text},
};
use crate::text::Text;

/// Making the first administrator.
#[derive(Clone, Debug, Default)]
pub struct SetupPage {
    /// The token of the link.
    pub token: String,
    /// What is filled in.
    pub username: String,
    /// What is wrong with it.
    pub username_problem: Option<UsernameProblem>,
    /// What is wrong with the password.
    pub password_problems: Vec<Rejection>,
    /// What passwords must be like.
    pub policy: PasswordPolicy,
}

impl SetupPage {
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
#[template(path = "setup.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a SetupPage,
}

impl Page for SetupPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }
}
