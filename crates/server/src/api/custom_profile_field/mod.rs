//! `/custom-profile-fields`: what an operator asks people for (`contract/logto-api.md` §4.4).

mod create;
mod create_batch;
mod definition;
mod delete;
mod find;
mod list;
mod order;
mod replace;
mod view;

use axum::{
    extract::{Path, State},
    routing::{MethodRouter, get},
};

pub(crate) use self::definition::FieldDefinition;
pub use self::view::CustomProfileFieldView;
use super::{caller::Caller, input::Input};
use crate::{
    api::routes::{Routes, routes},
    app::App,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(create_batch::create_batch))
        .routes(routes!(order::order))
        .routes(routes!(find::find, replace::replace, delete::delete))
        .through(|routes| routes.route("/custom-profile-fields/batch", called_batch()))
}

/// A field may be called `batch`: its path is one with that of [`create_batch::create_batch`], which has another method.
fn called_batch() -> MethodRouter<App> {
    let path = || Path("batch".to_owned());
    let find = move |app: State<App>, caller: Caller| find::find(app, caller, path());
    let replace = move |app: State<App>, caller: Caller, field: Input<FieldDefinition>| {
        replace::replace(app, caller, path(), field)
    };
    let remove = move |app: State<App>, caller: Caller| delete::delete(app, caller, path());
    get(find).put(replace).delete(remove)
}
