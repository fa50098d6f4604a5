//! The page of the demo application without a browser.

use askama::Template;

use super::{Frame, Page, demo_app::Person};

/// What the device shows.
#[derive(Clone, Debug, Default)]
pub struct DeviceDemoAppPage {
    /// What it waits for.
    pub waiting: Option<Waiting>,
    /// Who allowed it.
    pub person: Option<Person>,
    /// Whether nobody did in time, or somebody declined.
    pub is_over: bool,
    /// What went wrong.
    pub problem: Option<String>,
}

/// A code that waits for a person.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What the person types.
    pub user_code: String,
    /// Where.
    pub address: String,
    /// The same with the code in it.
    pub complete: String,
    /// That address for a camera.
    pub picture: String,
    /// When the page looks again.
    pub seconds: u32,
}

impl DeviceDemoAppPage {
    fn problem(&self, frame: &Frame) -> Option<&str> {
        let over = self.is_over.then_some(frame.t.device_demo_over);
        over.or(self.problem.as_deref())
    }
}

#[derive(Template)]
#[template(path = "device_demo_app.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a DeviceDemoAppPage,
}

impl Page for DeviceDemoAppPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }
}
