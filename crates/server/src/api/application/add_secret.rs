//! `POST /api/applications/{id}/secrets`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use protocol::time::Time;
use serde::Deserialize;
use utoipa::ToSchema;

use super::secrets::SecretView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::{Refused, application},
};

/// A secret to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSecret {
    name: Text<1, 256>,
    /// When it stops working, in milliseconds; never when it is left out.
    expires_at: Option<i64>,
}

/// Makes one more secret for an application that can keep one.
#[utoipa::path(
    post,
    path = "/applications/{id}/secrets",
    operation_id = "CreateApplicationSecret",
    tag = "Applications",
    params(("id" = String, Path)),
    request_body = NewSecret,
    responses((status = 201, body = SecretView))
)]
pub(super) async fn add_secret(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewSecret>,
) -> Result<(StatusCode, Json<SecretView>), ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    if new.expires_at.is_some_and(|end| end <= now.as_millis()) {
        let message = "expiresAt must be in the future";
        return Err(Refused::new("request.invalid_input", message).into());
    }
    let expires_at = new.expires_at.map(|end| Time(end.div_euclid(1000)));
    let mut tx = caller.begin(&app).await?;
    let held = application::find(&mut tx, tenant, &id).await?;
    let (record, value) = application::add_secret(
        &mut tx,
        app.vault(),
        tenant,
        &held,
        new.name.into(),
        expires_at,
        now,
    )
    .await?;
    app.commit(tx).await?;
    let view = SecretView::new(tenant, &id, record, value.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(view)))
}
