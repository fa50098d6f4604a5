//! The pages on which people sign in, one file each.

mod action;
mod attempt;
mod callback;
mod choose;
mod consent;
mod device;
mod direct;
mod finish;
mod link;
pub(crate) mod new_password;
mod register;
mod setup;
mod sign_in;
mod social;
mod social_buttons;
mod stop;

use axum::Router;

use crate::app::App;

/// Their routes.
pub fn router() -> Router<App> {
    Router::new()
        .merge(callback::router())
        .merge(choose::router())
        .merge(consent::router())
        .merge(device::router())
        .merge(direct::router())
        .merge(link::router())
        .merge(register::router())
        .merge(setup::router())
        .merge(sign_in::router())
        .merge(social::router())
        .merge(stop::router())
}
