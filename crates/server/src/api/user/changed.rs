//! What every route that changes an account ends with.

use axum::http::StatusCode;
use identity::user::User;
use store::Tx;

use super::{UserView, find_user};
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook::{Event, raise},
};

/// Tells webhooks of the account as the transaction leaves it, keeps what was done, and gives the account.
///
/// # Errors
/// When the account is not there, or the database fails.
pub(super) async fn keep(
    app: &App,
    mut tx: Tx,
    caller: &Caller,
    id: &str,
    status: StatusCode,
) -> Result<User, ApiError> {
    let user = find_user(&mut tx, &caller.tenant.id, id).await?;
    let (event, view) = (Event::UserDataUpdated, UserView::from(user.clone()));
    raise(app, &mut tx, caller, event, id, status.as_u16(), &view).await?;
    app.commit(tx).await?;
    Ok(user)
}
