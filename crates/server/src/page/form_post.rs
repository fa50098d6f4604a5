//! The page that carries an answer as a form (OAuth 2.0 Form Post Response Mode, SAML Bindings §3.5).

use askama::Template;

use super::{Frame, Page, form_target};

/// A form that is sent on at once; without script, by its button.
#[derive(Clone, Debug)]
pub struct FormPostPage {
    /// Where to.
    pub action: String,
    /// What.
    pub fields: Vec<(&'static str, String)>,
    /// Whether the receiver may send the browser on to another origin at once. Chromium holds such redirects against the page's
    /// `form-action` as well; who takes SAML answers for many applications, as Amazon does, sends people to hosts that nobody can list.
    pub leads_on: bool,
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

    /// What it carries works once.
    fn comes_again(&self) -> bool {
        false
    }

    fn form_targets(&self) -> Vec<String> {
        let own = form_target(&self.action);
        // A receiver without encryption may lead to another without it.
        let schemes = match self.action.split(':').next() {
            Some("http") => &["https:", "http:"][..],
            _ => &["https:"],
        };
        let schemes = schemes.iter().filter(|_| self.leads_on);
        own.into_iter()
            .chain(schemes.map(ToString::to_string))
            .collect()
    }
}
