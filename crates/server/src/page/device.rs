//! The pages on which people sign in for a device without a browser.

use askama::Template;

use super::{Frame, Page};
use crate::text::{Text, fill};

/// Where the code of a device is typed.
#[derive(Clone, Debug, Default)]
pub struct DevicePage {
    /// What is filled in.
    pub user_code: String,
    /// Why the last try failed.
    pub problem: Option<DeviceProblem>,
}

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceProblem {
    /// No device waits with this code.
    Wrong,
    /// Too many wrong codes came from this address; so many minutes to wait.
    Locked(i64),
}

impl DevicePage {
    fn alert(&self, t: &Text) -> Option<String> {
        self.problem.map(|problem| match problem {
            DeviceProblem::Wrong => t.device_wrong.to_owned(),
            DeviceProblem::Locked(minutes) => fill(t.locked, &[("minutes", &minutes.to_string())]),
        })
    }
}

#[derive(Template)]
#[template(path = "device.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a DevicePage,
}

impl Page for DevicePage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }
}

/// Is that the person's own device?
#[derive(Clone, Debug, Default)]
pub struct ConfirmDevicePage {
    /// The token for the form.
    pub csrf: String,
    /// The application's name.
    pub application: String,
    /// The code that the device shows.
    pub user_code: String,
}

impl ConfirmDevicePage {
    fn title(&self, t: &Text) -> String {
        fill(t.device_confirm_title, &[("app", &self.application)])
    }
}

#[derive(Template)]
#[template(path = "device_confirm.html")]
struct ConfirmView<'a> {
    frame: &'a Frame,
    page: &'a ConfirmDevicePage,
}

impl Page for ConfirmDevicePage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        ConfirmView { frame, page: self }.render()
    }
}
