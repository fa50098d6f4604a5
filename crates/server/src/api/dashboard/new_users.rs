//! `GET /api/dashboard/users/new`.

use axum::{Json, extract::State};
use protocol::time::Time;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Count, DAY};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// How many accounts are new.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewUsers {
    /// Compared with yesterday.
    today: Count,
    /// Today and the six days before, compared with the seven days before those.
    last7_days: Count,
}

/// How many accounts were made today and in the last seven days.
#[utoipa::path(
    get,
    path = "/dashboard/users/new",
    operation_id = "GetNewUserCounts",
    tag = "Dashboard",
    responses((status = 200, body = NewUsers))
)]
pub(super) async fn new_users(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<NewUsers>, ApiError> {
    let today = app.now().0.div_euclid(DAY);
    let made = async |from: i64, days: i64| {
        let (from, until) = (
            Time((today + from) * DAY),
            Time((today + from + days) * DAY),
        );
        store::user::made(app.db(), &caller.tenant.id, from, until).await
    };
    Ok(Json(NewUsers {
        today: Count::new(made(0, 1).await?, made(-1, 1).await?),
        last7_days: Count::new(made(-6, 7).await?, made(-13, 7).await?),
    }))
}
