//! `POST /api/saml-applications/{id}/secrets`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::SecretView;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    certificate::certified_key,
    error::ApiError,
    operation::{Refused, saml_application},
};

/// The longest life of a certificate, in years: what comes after the year 9999 cannot be written.
const MOST_YEARS: i64 = 100;

/// How long a key shall be good.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSamlApplicationSecret)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSecret {
    #[schema(minimum = 1, maximum = 100)]
    life_span_in_years: i64,
}

/// Makes a key that can sign the answers to a SAML application. It signs nothing until it is made active: the application needs its
/// certificate first.
#[utoipa::path(
    post,
    path = "/saml-applications/{id}/secrets",
    operation_id = "CreateSamlApplicationSecret",
    tag = "SAML applications",
    params(("id" = String, Path)),
    request_body = NewSecret,
    responses((status = 201, body = SecretView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewSecret>,
) -> Result<(StatusCode, Json<SecretView>), ApiError> {
    let years = new.life_span_in_years;
    if !(1..=MOST_YEARS).contains(&years) {
        let message = format!("lifeSpanInYears must be from 1 to {MOST_YEARS}");
        return Err(Refused::new("guard.invalid_input", message).into());
    }
    let (tenant, vault) = (&caller.tenant.id, app.vault());
    saml_application::find(&mut app.db(), tenant, &id).await?;
    let key = certified_key(&app, &saml_application::certified_name(tenant), years).await?;
    let now = app.now();
    let mut tx = caller.begin(&app).await?;
    let made = saml_application::add_secret(&mut tx, vault, tenant, &id, key, false, now).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
