//! `PATCH /api/hooks/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EventName, HookConfigInput, HookView, names};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// What may change. The configuration is replaced as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HookChange {
    #[schema(nullable = false)]
    name: Option<Text<1, 256>>,
    #[schema(nullable = false, min_items = 1)]
    events: Option<Vec<EventName>>,
    /// One event, as old clients say it.
    #[serde(default)]
    #[schema(value_type = Option<EventName>)]
    event: Patch<EventName>,
    #[schema(nullable = false)]
    config: Option<HookConfigInput>,
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Changes a hook. What waits to be told to one that is turned off waits until it is turned on.
#[utoipa::path(
    patch,
    path = "/hooks/{id}",
    operation_id = "UpdateHook",
    tag = "Hooks",
    params(("id" = String, Path)),
    request_body = HookChange,
    responses((status = 200, body = HookView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<HookChange>,
) -> Result<Json<HookView>, ApiError> {
    let tenant = &caller.tenant.id;
    let events = change.events.as_deref().map(names).transpose()?;
    let mut tx = caller.begin(&app).await?;
    let found = store::hook::find(&mut tx, app.vault(), tenant, &id).await?;
    let mut hook = found.ok_or_else(|| Refused::nothing_to_change("hook", &id))?;
    hook.name = change.name.map_or(hook.name, Text::into_inner);
    hook.events = events.unwrap_or(hook.events);
    hook.event = change
        .event
        .map(|EventName(event)| event.as_str().to_owned())
        .apply(hook.event);
    if let Some(config) = change.config {
        hook.config = config.check(Some(&hook.config))?;
    }
    hook.enabled = change.enabled.unwrap_or(hook.enabled);
    store::hook::update(&mut tx, app.vault(), tenant, &hook).await?;
    app.commit(tx).await?;
    Ok(Json(HookView::new(tenant, hook)))
}
