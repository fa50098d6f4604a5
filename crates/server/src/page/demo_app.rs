//! The page of the demo application.

use askama::Template;

use super::{Frame, Page};
use crate::text::{Text, fill};

/// What the demo application shows.
#[derive(Clone, Debug, Default)]
pub struct DemoAppPage {
    /// Who is signed in.
    pub person: Option<Person>,
    /// What went wrong.
    pub problem: Option<String>,
    /// Where its forms lead: the server.
    pub server: String,
}

/// What the demo application got.
#[derive(Clone, Debug)]
pub struct Person {
    /// A name.
    pub name: String,
    /// The claims of the ID token.
    pub id_token: String,
    /// The token response without the tokens themselves.
    pub access_token: String,
    /// What userinfo answered.
    pub userinfo: String,
}

impl Person {
    pub(super) fn greeting(&self, t: &Text) -> String {
        fill(t.demo_signed_in, &[("name", &self.name)])
    }

    pub(super) fn sections(&self, t: &Text) -> [(&'static str, &str); 3] {
        [
            (t.demo_id_token, &self.id_token),
            (t.demo_access_token, &self.access_token),
            (t.demo_userinfo, &self.userinfo),
        ]
    }
}

#[derive(Template)]
#[template(path = "demo_app.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a DemoAppPage,
}

impl Page for DemoAppPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }
}
