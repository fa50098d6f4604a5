//! The page that asks before it signs somebody out.

use askama::Template;

use super::{Frame, Page};

/// Asks whether to sign out.
#[derive(Clone, Debug)]
pub struct SignOutPage {
    /// The token for the form.
    pub csrf: String,
    /// The query of the request that is asked about.
    pub request: String,
    /// Where the form may lead in the end.
    pub targets: Vec<String>,
}

#[derive(Template)]
#[template(path = "sign_out.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a SignOutPage,
}

impl Page for SignOutPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        self.targets.clone()
    }
}
