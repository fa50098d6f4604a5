//! `POST /me/password/verify` and `POST /me/password`.

use axum::{extract::State, http::StatusCode};
use identity::{
    identifier::bucket,
    password::{self, Verified},
    user::User,
};
use protocol::{secret::Secret, time::Time};
use serde::Deserialize;
use serde_json::json;
use store::failed_attempt::{self, Limit};

use super::{PROOF_LIFE, find as find_user};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
    signin::new_password,
    tenant::Tenant,
};

/// Under what the proof of the password stands; addresses have an `@`.
const PASSWORD: &str = "password";
/// Failures are counted within an hour.
const WINDOW: i64 = 3600;

/// A password.
#[derive(Deserialize)]
pub(super) struct Typed {
    password: Text<1, 256>,
}

/// Compares the caller's password. For ten minutes the caller may then set a new one.
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    Input(typed): Input<Typed>,
) -> Result<StatusCode, ApiError> {
    let (tenant, id, now) = (&caller.tenant, caller.actor.id(), app.now());
    let user = find_user(app.db(), &tenant.id, id).await?;
    let bucket = bucket(Some(&user), "");
    check_lock(&app, tenant, &bucket, now).await?;
    let (stored, given) = (user.password, Secret::new(typed.password.into_inner()));
    let verified = app
        .hashes()
        .run(move || password::verify(stored.as_ref(), given.reveal()))
        .await?;
    if matches!(verified, Verified::Wrong) {
        count(&app, tenant, &bucket, now).await?;
        let message = "This is not the account's password.";
        return Err(Refused::new("session.invalid_credentials", message).into());
    }
    // Many guesses at once pass the first look before any of them is counted.
    check_lock(&app, tenant, &bucket, now).await?;
    let mut tx = caller.begin(&app).await?;
    store::verification_status::set(&mut tx, &tenant.id, id, PASSWORD, now).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets the caller's password, within ten minutes after the old one was compared; the first one needs no such proof.
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Input(typed): Input<Typed>,
) -> Result<StatusCode, ApiError> {
    let (tenant, id, now) = (&caller.tenant, caller.actor.id(), app.now());
    let user = find_user(app.db(), &tenant.id, id).await?;
    check_policy(&app, tenant, &user, &typed.password).await?;
    let (given, salt) = (Secret::new(typed.password.into_inner()), app.random_bytes());
    let hash = move || password::hash(given.reveal(), salt);
    let stored = app.hashes().run(hash).await?;
    let mut tx = caller.begin(&app).await?;
    let user = find_user(&mut tx, &tenant.id, id).await?;
    if user.password.is_some() {
        let proven = store::verification_status::take(&mut tx, &tenant.id, id, PASSWORD).await?;
        check_proof(proven, now.plus(-PROOF_LIFE))?;
    }
    store::user::set_password(&mut tx, &tenant.id, id, Some(&stored), now).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether something was proven, and not before `oldest`.
pub(super) fn check_proof(proven: Option<Time>, oldest: Time) -> Result<(), Refused> {
    match proven {
        None => Err(Refused::new(
            "session.verification_session_not_found",
            "Nothing was verified: verify the password or the address first.",
        )),
        Some(at) if at < oldest => Err(Refused::new(
            "session.verification_failed",
            "The verification is too old: verify again.",
        )
        .status(422)),
        Some(_) => Ok(()),
    }
}

async fn check_policy(
    app: &App,
    tenant: &Tenant,
    user: &User,
    password: &str,
) -> Result<(), ApiError> {
    let own = [
        &user.username,
        &user.primary_email,
        &user.primary_phone,
        &user.name,
    ];
    let own: Vec<&str> = own.into_iter().flatten().map(String::as_str).collect();
    let rejections = new_password::check(app, tenant, password, &own).await;
    if rejections.is_empty() {
        return Ok(());
    }
    let codes: Vec<_> = rejections
        .into_iter()
        .map(|rejection| json!({ "code": rejection.code() }))
        .collect();
    let message = "The password is not what the policy asks for.";
    let refused = Refused::new("password.rejected", message);
    Err(refused.with(json!(codes)).status(400).into())
}

async fn check_lock(app: &App, tenant: &Tenant, bucket: &str, now: Time) -> Result<(), ApiError> {
    let until = failed_attempt::locked_until(app.db(), &tenant.id, bucket, now).await?;
    if until.is_none() {
        return Ok(());
    }
    let code = "session.verification_blocked_too_many_attempts";
    Err(Refused::new(code, "Too many attempts have failed; try again later.").into())
}

async fn count(app: &App, tenant: &Tenant, bucket: &str, now: Time) -> Result<(), ApiError> {
    let policy = &tenant.experience.sentinel_policy;
    let limit = Limit {
        failures: policy.failures(),
        window: WINDOW,
        lock: policy.lock_seconds(),
    };
    let mut tx = app.db().begin().await?;
    failed_attempt::record(&mut tx, &tenant.id, bucket, limit, now).await?;
    tx.commit().await?;
    Ok(())
}
