//! `GET /api/dashboard/users/active`.

use axum::{Json, extract::State};
use protocol::time::Time;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Count, DAY};
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
};

/// The days of the curve.
const CURVE: i64 = 30;

/// Which day is looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `YYYY-MM-DD`; today when it is left out.
    #[param(format = Date)]
    date: Option<String>,
}

/// How many people were active.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActiveUsers {
    /// Each of 30 days, the last of them the day that is looked at.
    dau_curve: Vec<ActiveOnDay>,
    /// On the day, compared with the day before.
    dau: Count,
    /// In the seven days that end with it, compared with the seven days before.
    wau: Count,
    /// In the thirty days that end with it, compared with the thirty days before.
    mau: Count,
}

/// How many people were active on a day.
#[derive(Debug, Serialize, ToSchema)]
struct ActiveOnDay {
    /// `YYYY-MM-DD`.
    date: String,
    count: i64,
}

/// How many people signed in or got tokens: by day, and within the week and the month.
#[utoipa::path(
    get,
    path = "/dashboard/users/active",
    operation_id = "GetActiveUserCounts",
    tag = "Dashboard",
    params(Asked),
    responses((status = 200, body = ActiveUsers))
)]
pub(super) async fn active(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<ActiveUsers>, ApiError> {
    let tenant = &caller.tenant.id;
    let day = match asked.date {
        Some(date) => Time::of_date(&date).ok_or_else(|| ApiError::Input {
            part: "query",
            details: "date: expected a day as YYYY-MM-DD".to_owned(),
        })?,
        None => app.now(),
    };
    let day = day.0.div_euclid(DAY);
    app.audit().flush(&app).await?; // today's are there to be read
    let by_day = store::daily_active_user::by_day(app.db(), tenant, day - CURVE + 1, day).await?;
    let on = |wanted: i64| {
        let found = by_day.iter().find(|(day, _)| *day == wanted);
        found.map_or(0, |(_, count)| *count)
    };
    let dau_curve = (day - CURVE + 1..=day).map(|day| ActiveOnDay {
        date: Time(day * DAY).iso().chars().take(10).collect(),
        count: on(day),
    });
    let within = async |days: i64| {
        let count = async |until: i64| {
            store::daily_active_user::count(app.db(), tenant, until - days + 1, until).await
        };
        Ok::<_, ApiError>(Count::new(count(day).await?, count(day - days).await?))
    };
    Ok(Json(ActiveUsers {
        dau_curve: dau_curve.collect(),
        dau: Count::new(on(day), on(day - 1)),
        wau: within(7).await?,
        mau: within(30).await?,
    }))
}
