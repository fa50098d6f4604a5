//! What a person sees. A handler returns the page it wants with [`show`]; [`draw`] turns it into HTML in the
//! person's language and the tenant's colours, with the headers that every page has.

pub mod account;
pub mod asset;
pub mod consent;
pub mod demo_app;
pub mod device;
pub mod device_demo_app;
pub mod draw;
pub mod form_post;
pub mod frame;
pub mod logout;
pub mod message;
pub mod register;
pub mod setup;
pub mod sign_in;
pub mod theme;

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

pub use self::frame::Frame;
use crate::text::{Text, fill};

/// Something a person sees.
pub trait Page: Send + Sync + 'static {
    /// The page as HTML.
    ///
    /// # Errors
    /// When the template fails, which only an error of ours can cause.
    fn html(&self, frame: &Frame) -> askama::Result<String>;

    /// The status it comes with.
    fn status(&self) -> StatusCode {
        StatusCode::OK
    }

    /// Whether its address shows it again: only then can a person have it in another language.
    fn comes_again(&self) -> bool {
        true
    }

    /// Where its forms may lead by a redirect, besides this server: sources for the policy's `form-action`.
    fn form_targets(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A page on its way to [`draw`].
#[derive(Clone)]
struct Shown(Arc<dyn Page>);

/// The title of a page in the browser's tab.
fn titled(title: &str, application: &str) -> String {
    if application.is_empty() {
        title.to_owned()
    } else {
        format!("{title} · {application}")
    }
}

/// What signing in is for; nothing where the application has no name.
fn continue_to(t: &Text, application: &str) -> String {
    if application.is_empty() {
        String::new()
    } else {
        fill(t.continue_to, &[("app", application)])
    }
}

/// A response that will show `page`.
pub fn show(page: impl Page) -> Response {
    let mut response = page.status().into_response();
    response.extensions_mut().insert(Shown(Arc::new(page)));
    response
}

/// What a `form-action` must list so that a form may lead to `address` by a redirect: its origin, or the scheme of an
/// application on the device.
pub fn form_target(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let origin = url.origin();
    Some(if origin.is_tuple() {
        origin.ascii_serialization()
    } else {
        format!("{}:", url.scheme())
    })
}
