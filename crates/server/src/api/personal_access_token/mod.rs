//! `/users/{userId}/personal-access-tokens`: what people give to programs of theirs (`contract/logto-api.md` §2.3).

mod create;
mod delete;
mod delete_by_name;
mod list;
mod rename;
mod rename_by_name;
mod view;

use axum::{
    extract::{Path, State},
    routing::{MethodRouter, patch},
};
use store::personal_access_token;

use self::{rename_by_name::NewName, view::PersonalAccessTokenView};
use super::{caller::Caller, input::Input};
use crate::{
    api::routes::{Routes, routes},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create, rename::rename))
        .routes(routes!(delete::delete))
        .routes(routes!(
            rename_by_name::rename_by_name,
            delete_by_name::delete_by_name
        ))
        .through(|routes| {
            routes.route(
                "/users/{userId}/personal-access-tokens/delete",
                called_delete(),
            )
        })
}

/// A token may be called `delete`: its path is one with that of [`delete::delete`], which has another method.
fn called_delete() -> MethodRouter<App> {
    let path = |user_id| Path((user_id, "delete".to_owned()));
    let rename =
        move |app: State<App>, caller: Caller, Path(id): Path<String>, new: Input<NewName>| {
            rename_by_name::rename_by_name(app, caller, path(id), new)
        };
    let remove = move |app: State<App>, caller: Caller, Path(id): Path<String>| {
        delete_by_name::delete_by_name(app, caller, path(id))
    };
    patch(rename).delete(remove)
}

/// Gives the token `name` of a user another name.
async fn change_name(
    app: &App,
    caller: &Caller,
    user_id: &str,
    (name, new_name): (&str, &str),
) -> Result<PersonalAccessTokenView, ApiError> {
    let (tenant, vault) = (&caller.tenant.id, app.vault());
    let mut tx = caller.begin(app).await?;
    let renamed =
        personal_access_token::rename(&mut tx, vault, tenant, user_id, name, new_name).await?;
    let renamed =
        renamed.ok_or_else(|| Refused::nothing_to_change("personal access token", name))?;
    app.commit(tx).await?;
    Ok(PersonalAccessTokenView::new(tenant, user_id, renamed))
}

/// Makes the token `name` of a user stop working.
async fn remove(app: &App, caller: &Caller, user_id: &str, name: &str) -> Result<(), ApiError> {
    let mut tx = caller.begin(app).await?;
    if !personal_access_token::delete(&mut tx, &caller.tenant.id, user_id, name).await? {
        return Err(Refused::not_found("personal access token", name).into());
    }
    Ok(app.commit(tx).await?)
}
