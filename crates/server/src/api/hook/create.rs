//! `POST /api/hooks`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use store::hook::Hook;
use utoipa::ToSchema;

use super::{EventName, HookConfigInput, HookView, names};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
    random,
};

/// A hook to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewHook {
    #[schema(nullable = false)]
    name: Option<Text<1, 256>>,
    #[schema(nullable = false, min_items = 1)]
    events: Option<Vec<EventName>>,
    /// One event, as old clients say it.
    event: Option<EventName>,
    config: HookConfigInput,
    #[schema(nullable = false, default = true)]
    enabled: Option<bool>,
}

/// Makes a hook with a new signing key.
#[utoipa::path(
    post,
    path = "/hooks",
    operation_id = "CreateHook",
    tag = "Hooks",
    request_body = NewHook,
    responses((status = 201, body = HookView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewHook>,
) -> Result<(StatusCode, Json<HookView>), ApiError> {
    let tenant = &caller.tenant.id;
    if new.events.is_none() && new.event.is_none() {
        let message = "A hook needs at least one event.";
        return Err(Refused::new("hook.missing_events", message).into());
    }
    let events = new.events.as_deref().map(names).transpose()?;
    let hook = Hook {
        id: app.random_id(21),
        name: new.name.map(Text::into_inner).unwrap_or_default(),
        event: new.event.map(|EventName(event)| event.as_str().to_owned()),
        events: events.unwrap_or_default(),
        config: new.config.check(None)?,
        signing_key: random::application_secret(),
        enabled: new.enabled.unwrap_or(true),
        created_at: app.now(),
    };
    let mut tx = caller.begin(&app).await?;
    store::hook::insert(&mut tx, app.vault(), tenant, &hook).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(HookView::new(tenant, hook))))
}
