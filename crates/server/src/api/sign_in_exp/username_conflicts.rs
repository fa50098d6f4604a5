//! `GET /api/sign-in-exp/username-policy/case-sensitivity-conflicts`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use store::user::CaseConflicts;
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// How many samples are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
}

/// Names that are one when case does not matter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Conflicts {
    total_conflicts: i64,
    samples: Vec<Sample>,
}

/// Users whose names differ in case only.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sample {
    username_lower: String,
    user_ids: Vec<String>,
}

pub(super) fn samples(conflicts: &CaseConflicts) -> Vec<Sample> {
    let samples = conflicts.samples.iter();
    samples
        .map(|(name, users)| Sample {
            username_lower: name.clone(),
            user_ids: users.clone(),
        })
        .collect()
}

/// User names that would collide if case did not matter.
#[utoipa::path(
    get,
    path = "/sign-in-exp/username-policy/case-sensitivity-conflicts",
    operation_id = "GetUsernameCaseSensitivityConflicts",
    tag = "Sign-in experience",
    params(Asked),
    responses((status = 200, body = Conflicts))
)]
pub(super) async fn username_conflicts(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Conflicts>, ApiError> {
    let limit = asked.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Refused::new("guard.invalid_input", "limit must be 1 to 100").into());
    }
    let mut tx = app.db().begin().await?;
    let conflicts = store::user::case_conflicts(&mut tx, &caller.tenant.id, limit).await?;
    drop(tx);
    Ok(Json(Conflicts {
        total_conflicts: conflicts.total,
        samples: samples(&conflicts),
    }))
}
