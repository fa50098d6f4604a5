//! `/hooks`: who is told of what happens (`contract/logto-api.md` §5.1).

mod config;
mod create;
mod delete;
mod event;
mod find;
mod list;
mod recent_logs;
mod signing_key;
mod test;
mod update;
mod view;

pub(crate) use self::config::HookConfigInput;
use self::{
    event::{EventName, names},
    view::HookView,
};
use crate::api::routes::{Routes, routes};

/// The window of what is counted and listed when nobody says otherwise, in milliseconds: a day.
const DAY: i64 = 86_400_000;

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(signing_key::replace))
        .routes(routes!(test::test))
        .routes(routes!(recent_logs::recent_logs))
}
