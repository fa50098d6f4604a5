//! Pages that only say something.

use askama::Template;
use axum::http::StatusCode;

use super::{Frame, Page};
use crate::text::{Text, fill};

/// Something to tell a person.
#[derive(Clone, Debug)]
pub enum Message {
    /// The account is barred.
    Suspended,
    /// The sign-in is too old, or of another browser.
    UnknownSession,
    /// An application's request cannot be answered; the sentence is for its developers.
    BadRequest(String),
    /// The application is not for this person.
    NotAdmitted,
    /// The form's page is too old, or the form was not ours.
    Forged,
    /// There is no such page.
    NotFound,
    /// Too much work is waiting.
    Busy,
    /// We failed; the log has the cause under this id.
    Failed(String),
    /// The device gets its tokens.
    DeviceConnected,
    /// The device gets nothing.
    DeviceNotConnected,
    /// The person is signed out.
    SignedOut,
    /// The link for the first administrator does not work any more.
    SetupUsed,
    /// The first administrator is made: name, and where to go.
    SetupDone(String, String),
    /// The provider did not vouch: its name, and the page to try again.
    SocialFailed(String, String),
    /// Nobody new may come; the page to try again.
    NoAccount(String),
}

impl Message {
    fn words(&self, t: &'static Text) -> (String, String) {
        let (title, text) = match self {
            Self::Suspended => (t.suspended_title, t.suspended_text),
            Self::UnknownSession => (t.unknown_session_title, t.unknown_session_text),
            Self::BadRequest(_) => (t.bad_request_title, t.bad_request_text),
            Self::NotAdmitted => (t.not_admitted_title, t.not_admitted_text),
            Self::Forged => (t.forged_title, t.forged_text),
            Self::NotFound => (t.not_found_title, t.not_found_text),
            Self::Busy => (t.busy_title, t.busy_text),
            Self::Failed(_) => (t.error_title, t.error_text),
            Self::DeviceConnected => (t.device_done_title, t.device_done_text),
            Self::DeviceNotConnected => (t.device_denied_title, t.device_denied_text),
            Self::SignedOut => (t.signed_out_title, t.signed_out_text),
            Self::SetupUsed => (t.setup_used_title, t.setup_used_text),
            Self::SetupDone(name, _) => {
                return (
                    t.setup_done_title.to_owned(),
                    fill(t.setup_done_text, &[("name", name)]),
                );
            }
            Self::SocialFailed(provider, _) => {
                return (
                    fill(t.social_failed_title, &[("provider", provider)]),
                    t.social_failed_text.to_owned(),
                );
            }
            Self::NoAccount(_) => (t.no_account_title, t.no_account_text),
        };
        (title.to_owned(), text.to_owned())
    }

    fn way_on(&self, frame: &Frame) -> Option<(String, &'static str)> {
        match self {
            Self::SocialFailed(_, href) | Self::NoAccount(href) => {
                Some((href.clone(), frame.t.back_to_sign_in))
            }
            Self::SetupDone(_, href) => Some((href.clone(), frame.t.form_post_action)),
            // Not where the page itself says so: that would lead in a circle.
            Self::Suspended if !frame.here.starts_with("/account-suspended") => {
                Some((frame.here.clone(), frame.t.use_another_account))
            }
            Self::Busy | Self::Failed(_) | Self::Forged => {
                Some((frame.here.clone(), frame.t.try_again))
            }
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct View<'a> {
    frame: &'a Frame,
    title: String,
    text: String,
    detail: Option<&'a str>,
    way_on: Option<(String, &'static str)>,
}

impl Page for Message {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        let (title, text) = self.words(frame.t);
        let detail = match self {
            Self::BadRequest(detail) | Self::Failed(detail) => Some(detail.as_str()),
            _ => None,
        };
        View {
            frame,
            title,
            text,
            detail,
            way_on: self.way_on(frame),
        }
        .render()
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::UnknownSession => StatusCode::BAD_REQUEST,
            Self::Suspended | Self::NotAdmitted | Self::Forged | Self::NoAccount(_) => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SetupUsed => StatusCode::GONE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::DeviceConnected
            | Self::DeviceNotConnected
            | Self::SignedOut
            | Self::SetupDone(..)
            | Self::SocialFailed(..) => StatusCode::OK,
        }
    }
}
