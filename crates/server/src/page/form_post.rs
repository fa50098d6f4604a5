//! The page that carries an authorization response as a form (OAuth 2.0 Form Post Response Mode).

use askama::Template;

use super::{Frame, Page, form_target};

/// A form that is sent on at once; without script, by its button.
#[derive(Clone, Debug)]
pub struct FormPostPage {
    /// Where to.
    pub action: String,
    /// What.
    pub fields: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a FormPostPage,
}

impl Page for FormPostPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        form_target(&self.action).into_iter().collect()
    }
}
