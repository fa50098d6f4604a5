//! Codes that are sent to prove an address or a number: made, kept as keyed hashes, and used once.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::verification_code::{Policy, Refused, Sent, check, digits};
use store::{
    StoreError, Tx,
    verification_code::{self, Place, VerificationCode},
};
use subtle::ConstantTimeEq;

use crate::{app::App, tenant::Tenant};

/// Makes a code; the one before of the same place is of no more use.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    place: Place<'_>,
) -> Result<String, StoreError> {
    let now = app.now();
    let typed = digits(app.random_bytes());
    let code = VerificationCode {
        id: app.random_id(21),
        hash: hash(app, tenant, place, &typed)?,
        tries: 0,
        expires_at: now.plus(Policy::of(&tenant.experience).expiration_duration),
    };
    verification_code::set(tx, &tenant.id, place, &code, now).await?;
    Ok(typed)
}

/// Whether what was typed is the code of this place, which is used up then. A try counts whatever comes of it.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    app: &App,
    tenant: &Tenant,
    place: Place<'_>,
    typed: &str,
) -> Result<Result<(), Refused>, StoreError> {
    let now = app.now();
    let hash = hash(app, tenant, place, typed)?;
    let mut tx = app.db().begin().await?;
    let found = verification_code::try_once(&mut tx, &tenant.id, place).await?;
    let sent = found.as_ref().map(|code| Sent {
        expires_at: code.expires_at,
        tries: code.tries,
        is_match: code.hash.as_bytes().ct_eq(hash.as_bytes()).into(),
    });
    let mut decided = check(sent, Policy::of(&tenant.experience), now);
    if let (Ok(()), Some(code)) = (decided, &found)
        && !verification_code::take(&mut tx, &tenant.id, &code.id, now).await?
    {
        decided = Err(Refused::NotFound);
    }
    tx.commit().await?;
    Ok(decided)
}

/// Of the code in its place: nobody who reads the database finds the six digits, nor can a row be moved.
fn hash(app: &App, tenant: &Tenant, place: Place<'_>, typed: &str) -> Result<String, StoreError> {
    let key = app.vault().derive("verification code")?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
    let mut context = hmac::Context::with_key(&key);
    let parts = [
        &tenant.id,
        place.recipient,
        place.purpose,
        place.interaction,
        typed,
    ];
    for part in parts {
        context.update(&part.len().to_le_bytes());
        context.update(part.as_bytes());
    }
    Ok(URL_SAFE_NO_PAD.encode(context.sign()))
}
