//! `GET /api/custom-phrases/{languageTag}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{check_tag, view::CustomPhraseView};
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// The operator's own words in one language.
#[utoipa::path(
    get,
    path = "/custom-phrases/{languageTag}",
    operation_id = "GetCustomPhrase",
    tag = "Custom phrases",
    params(("languageTag" = String, Path)),
    responses((status = 200, body = CustomPhraseView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(tag): Path<String>,
) -> Result<Json<CustomPhraseView>, ApiError> {
    check_tag(&tag)?;
    let tenant = &caller.tenant.id;
    let found = store::custom_phrase::find(app.db(), tenant, &tag).await?;
    let phrase = found.ok_or_else(|| Refused::not_found("custom phrase for the language", &tag))?;
    Ok(Json(CustomPhraseView::new(tenant, phrase)))
}
