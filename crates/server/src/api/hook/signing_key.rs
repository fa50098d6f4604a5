//! `PATCH /api/hooks/{id}/signing-key`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::HookView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused, random};

/// Gives a hook a new signing key; the old one signs nothing any more.
#[utoipa::path(
    patch,
    path = "/hooks/{id}/signing-key",
    operation_id = "UpdateHookSigningKey",
    tag = "Hooks",
    params(("id" = String, Path)),
    responses((status = 200, body = HookView))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<HookView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::hook::find(&mut tx, app.vault(), tenant, &id).await?;
    let mut hook = found.ok_or_else(|| Refused::nothing_to_change("hook", &id))?;
    hook.signing_key = random::application_secret();
    store::hook::update(&mut tx, app.vault(), tenant, &hook).await?;
    app.commit(tx).await?;
    Ok(Json(HookView::new(tenant, hook)))
}
