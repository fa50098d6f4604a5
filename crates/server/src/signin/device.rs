//! `/device` — signing in for a device that has no browser (RFC 8628 §3.3).

use std::net::IpAddr;

use axum::{
    Extension, Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use protocol::{
    authorize::decide::Progress,
    error::{ErrorCode, OAuthError},
    grant::device,
    secret::Secret,
    time::Time,
};
use serde::Deserialize;
use store::{
    device_code,
    failed_attempt::{self, Limit},
};

use crate::{
    app::App,
    arriving::Arriving,
    audit,
    error::PageError,
    extract::{browser::Browser, form::PageForm},
    interaction::{CurrentInteraction, DeviceStep, Interaction},
    oidc::step,
    page::{
        device::{ConfirmDevicePage, DevicePage, DeviceProblem},
        message::Message,
        show,
    },
    tenant::Tenant,
};

/// Wrong codes from one address before it has to wait. There are 20^8 codes, and each lives ten minutes (§5.1).
const LIMIT: Limit = Limit {
    failures: 10,
    window: 600,
    lock: 600,
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/device", get(form).post(submit))
        .route("/device/confirm", get(ask).post(confirm))
        .route(
            "/device/success",
            get(async || show(Message::DeviceConnected)),
        )
        .route(
            "/device/denied",
            get(async || show(Message::DeviceNotConnected)),
        )
}

/// The code: in `verification_uri_complete`, or typed.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    user_code: String,
}

/// Shows where to type the code. What the address carries is filled in, and looked up only when the person goes on.
async fn form(Query(typed): Query<Typed>) -> Response {
    let code = device::read_user_code(&typed.user_code);
    show(DevicePage {
        user_code: code.map(|code| device::shown(&code)).unwrap_or_default(),
        problem: None,
    })
}

/// Finds the device and begins a sign-in for it. The form needs no token: nothing happens before the next page is confirmed.
async fn submit(
    State(app): State<App>,
    Extension(arriving): Extension<Arriving>,
    browser: Browser,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response, PageError> {
    let now = app.now();
    let looked_up = look_up(&app, &browser.tenant, &arriving, &typed.user_code, now).await?;
    let interaction = match looked_up {
        Ok(interaction) => interaction,
        Err(problem) => {
            return Ok(show(DevicePage {
                user_code: typed.user_code.chars().take(20).collect(),
                problem: Some(problem),
            }));
        }
    };
    let current = CurrentInteraction::begin(&app, browser, interaction, now).await?;
    audit::signin::created(&app, &current).await;
    let cookie = step::cookies(current.browser.keep_interaction());
    let next = Redirect::to(&current.page("/device/confirm"));
    Ok((cookie, next).into_response())
}

/// The request of the device with this code. Failures are counted for the sender's address.
async fn look_up(
    app: &App,
    tenant: &Tenant,
    arriving: &Arriving,
    typed: &str,
    now: Time,
) -> Result<Result<Interaction, DeviceProblem>, PageError> {
    let bucket = format!("device {}", sender(arriving.ip));
    let locked = async || failed_attempt::locked_until(app.db(), &tenant.id, &bucket, now).await;
    let waits = |until: Time| Err(DeviceProblem::Locked((until.since(now) + 59) / 60));
    if let Some(until) = locked().await? {
        return Ok(waits(until));
    }
    let code = device::read_user_code(typed);
    let found = match &code {
        Some(code) => {
            let hash = Secret::new(code.as_str()).hash();
            device_code::waiting(app.db(), &tenant.id, &hash, now).await?
        }
        None => None,
    };
    let (Some(user_code), Some(found)) = (code, found) else {
        let mut tx = app.db().begin().await?;
        failed_attempt::record(&mut tx, &tenant.id, &bucket, LIMIT, now).await?;
        tx.commit().await?;
        return Ok(Err(DeviceProblem::Wrong));
    };
    // Many guesses at once pass the first look before any of them is counted.
    if let Some(until) = locked().await? {
        return Ok(waits(until));
    }
    Ok(Ok(Interaction {
        request: found.request,
        progress: Progress::default(),
        pushed: None,
        social: None,
        device: Some(DeviceStep {
            code_hash: found.hash,
            user_code,
            is_confirmed: false,
        }),
        organization: None,
    }))
}

/// Who has 2^64 addresses counts as one.
fn sender(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let network = ip.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
        ip @ IpAddr::V4(_) => ip,
    }
}

/// Asks whether the device is the person's own.
async fn ask(current: CurrentInteraction) -> Result<Response, PageError> {
    let device = current.interaction.device.as_ref();
    let device = device.ok_or(PageError::UnknownSession)?;
    let request = &current.interaction.request;
    let application = current.browser.tenant.application(&request.client_id);
    let application = application.ok_or(PageError::UnknownSession)?;
    Ok(show(ConfirmDevicePage {
        csrf: current.csrf(),
        application: application.client.name.clone(),
        user_code: device::shown(&device.user_code),
    }))
}

/// What the form sends.
#[derive(Deserialize)]
struct Submitted {
    csrf: Option<String>,
    #[serde(default)]
    decision: String,
}

/// Goes on to the sign-in, or tells the device that it gets nothing.
async fn confirm(
    State(app): State<App>,
    mut current: CurrentInteraction,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    current.check_csrf(submitted.csrf.as_deref())?;
    let device = current.interaction.device.as_mut();
    let device = device.ok_or(PageError::UnknownSession)?;
    if submitted.decision != "allow" {
        let denied = OAuthError::new(ErrorCode::AccessDenied, "the user declined");
        return step::refuse(&app, &current, &denied).await;
    }
    device.is_confirmed = true;
    let mut tx = app.db().begin().await?;
    current.save(&mut tx).await?;
    tx.commit().await?;
    Ok(Redirect::to(&current.resume()).into_response())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::sender;

    #[test]
    fn t48_whoever_has_many_addresses_counts_as_one() {
        let sender = |ip: &str| sender(ip.parse::<IpAddr>().unwrap()).to_string();
        assert_eq!(sender("192.0.2.7"), "192.0.2.7");
        assert_eq!(sender("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(sender("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(sender("2001:db8:1:2::1"), sender("2001:db8:1:2:ffff::9"));
    }
}
