//! `POST /oidc/device/auth` — RFC 8628 §3.1 — and how a device is answered.

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::header,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use protocol::{
    authorize::{device, issue::issue},
    client::Client,
    grant::device::{INTERVAL, LIFE, shown},
    record::Session,
    secret::Secret,
    time::Time,
};
use serde_json::json;
use store::{StoreError, Tx, device_code};

use super::{
    answer::see_other,
    authorize::server,
    cors, room,
    step::{Underway, cookies},
};
use crate::{
    app::App,
    audit,
    error::{OidcError, PageError},
    extract::client::ClientRequest,
    interaction::{CurrentInteraction, DeviceStep},
    random, session,
};

/// Where the browser ends when the device gets its tokens.
const ALLOWED: &str = "/device/success";

/// Where it ends when the device gets nothing.
pub(super) const DENIED: &str = "/device/denied";

/// The routes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/device", get(page))
        .route("/device/auth", post(begin).layer(from_fn(cors::by_client)))
}

/// Gives a device its code, and the one that a person types elsewhere.
async fn begin(
    State(app): State<App>,
    request: ClientRequest,
) -> Result<impl IntoResponse, OidcError> {
    let (tenant, client) = (&request.tenant, request.client());
    let scopes_of = |indicator: &str| tenant.scopes_for(&request.application, indicator);
    let asked = device::check(&request.parameters, client, &server(tenant, &scopes_of))?;
    let (code, user_code) = (app.random_secret(), random::user_code());
    let user_code_hash = Secret::new(&*user_code).hash();
    let end = app.now().plus(LIFE);
    let mut tx = app.db().begin().await?;
    device_code::insert(
        &mut tx,
        &tenant.id,
        &code.hash(),
        &user_code_hash,
        &asked,
        end,
    )
    .await?;
    tx.commit().await?;

    let (page, user_code) = (format!("{}/device", tenant.endpoint), shown(&user_code));
    let body = json!({
        "device_code": code.reveal(),
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "verification_uri": page,
        "user_code": user_code,
        "expires_in": LIFE,
        "interval": INTERVAL,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)))
}

/// The page is at `/device`, which is shorter to type.
async fn page(RawQuery(query): RawQuery) -> Response {
    match query {
        Some(query) => see_other(&format!("/device?{query}")),
        None => see_other("/device"),
    }
}

/// Writes the grant that the device gets when it asks next.
pub(super) async fn allow(
    app: &App,
    underway: Underway,
    client: &Client,
    session: &Session,
    now: Time,
) -> Result<Response, PageError> {
    let Underway::Stored(current) = &underway else {
        return Err(PageError::UnknownSession); // a device's request is written down before anybody is asked
    };
    let (browser, interaction) = (underway.browser(), underway.interaction());
    let device = interaction.device.as_ref();
    let device = device.ok_or(PageError::UnknownSession)?;
    let tenant = &browser.tenant;
    let (grant, _) = issue(interaction.request.clone(), session, app.random_id(21), now);

    let mut tx = app.db().begin().await?;
    if !current.end(&mut tx).await? {
        return Err(PageError::UnknownSession); // answered by a request that came at the same time
    }
    let room = room::make(app, &mut tx, (tenant, client), session, now).await?;
    store::grant::insert(&mut tx, &tenant.id, &grant).await?;
    let code = &device.code_hash;
    if !device_code::decide(&mut tx, &tenant.id, code, Some(&grant.id), now).await? {
        return Ok(see_other(DENIED)); // too late: the grant goes with the transaction
    }
    tx.commit().await?;
    room.record(app, tenant, &grant).await;
    audit::signin::ended(app, current).await;
    let cookie = session::keep(app, browser, session, now).await?;
    Ok((cookies(cookie), see_other(ALLOWED)).into_response())
}

/// Writes down that the device gets nothing.
pub(super) async fn deny(
    app: &App,
    tx: &mut Tx,
    current: &CurrentInteraction,
    device: &DeviceStep,
) -> Result<(), StoreError> {
    let (tenant_id, now) = (&current.browser.tenant.id, app.now());
    device_code::decide(tx, tenant_id, &device.code_hash, None, now).await?;
    Ok(())
}
