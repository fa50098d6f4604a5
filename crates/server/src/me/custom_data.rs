//! `GET /me/custom-data` and `PATCH /me/custom-data`.

use axum::{Json, extract::State};
use serde_json::{Map, Value};
use store::user::{Change, Changes};

use super::find as find_user;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::{Refused, user},
};

/// The largest custom data, as JSON, in bytes.
const LARGEST: usize = 256 * 1024;

/// What the console keeps for the caller.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let user = find_user(app.db(), &caller.tenant.id, caller.actor.id()).await?;
    Ok(Json(user.custom_data))
}

/// Changes it, member by member.
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<Map<String, Value>>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (tenant, id) = (&caller.tenant, caller.actor.id());
    let mut tx = caller.begin(&app).await?;
    let mut merged = find_user(&mut tx, &tenant.id, id).await?.custom_data;
    merged.extend(change);
    if serde_json::to_string(&merged).map_or(LARGEST, |text| text.len()) >= LARGEST {
        let message = format!("custom data must be smaller than {LARGEST} bytes");
        return Err(Refused::new("guard.invalid_input", message).into());
    }
    let changes = Changes {
        custom_data: Change::To(merged.clone()),
        ..Changes::default()
    };
    let case = user::case_of(tenant);
    store::user::update(&mut tx, &tenant.id, id, &changes, case, app.now()).await?;
    app.commit(tx).await?;
    Ok(Json(merged))
}
