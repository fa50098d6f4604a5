//! The pages on which people sign in, one file each.

mod attempt;
mod choose;
mod consent;
mod register;
mod setup;
mod sign_in;
mod social_buttons;
mod stop;

use axum::Router;

use crate::app::App;

/// Their routes.
pub fn router() -> Router<App> {
    Router::new()
        .merge(choose::router())
        .merge(consent::router())
        .merge(register::router())
        .merge(setup::router())
        .merge(sign_in::router())
        .merge(stop::router())
}
