//! `GET /api/custom-phrases`.

use axum::{Json, extract::State};

use super::view::CustomPhraseView;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// The operator's own words in every language that has some.
#[utoipa::path(
    get,
    path = "/custom-phrases",
    operation_id = "ListCustomPhrases",
    tag = "Custom phrases",
    responses((status = 200, body = Vec<CustomPhraseView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<CustomPhraseView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let phrases = store::custom_phrase::list(app.db(), tenant).await?;
    let views = phrases
        .into_iter()
        .map(|phrase| CustomPhraseView::new(tenant, phrase));
    Ok(Json(views.collect()))
}
