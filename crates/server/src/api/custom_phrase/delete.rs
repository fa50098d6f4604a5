//! `DELETE /api/custom-phrases/{languageTag}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::check_tag;
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Forgets the operator's own words in one language.
#[utoipa::path(
    delete,
    path = "/custom-phrases/{languageTag}",
    operation_id = "DeleteCustomPhrase",
    tag = "Custom phrases",
    params(("languageTag" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(tag): Path<String>,
) -> Result<StatusCode, ApiError> {
    check_tag(&tag)?;
    let tenant = &caller.tenant;
    let mut tx = caller.begin(&app).await?;
    let experience = operation::experience::find(&mut tx, &tenant.id).await?;
    let languages = experience.get("languageInfo");
    if languages.is_some_and(|languages| languages["fallbackLanguage"] == tag) {
        return Err(Refused::new(
            "localization.cannot_delete_default_language",
            "The fallback language of the sign-in experience stays: choose another one first.",
        )
        .into());
    }
    if !store::custom_phrase::delete(&mut tx, &tenant.id, &tag).await? {
        return Err(Refused::not_found("custom phrase for the language", &tag).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
