//! `POST /me/verification-codes` and `POST /me/verification-codes/verify`.

use axum::{extract::State, http::StatusCode};
use connectors::factory::Purpose;
use identity::{identifier, message::TemplateType};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::verification_code::Place;

use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    hook::of_request,
    message::{self, Class, Outgoing},
    operation::Refused,
    verification_code,
};

/// Who gets a code.
#[derive(Debug, Deserialize)]
pub(super) struct Recipient {
    email: Text<1, 256>,
}

/// What the caller read in the message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Typed {
    email: Text<1, 256>,
    verification_code: Text<1, 256>,
}

/// Sends a code to an address that the caller wants for the account.
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(recipient): Input<Recipient>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant;
    let key = key(&recipient.email)?;
    let connector = message::connector(tenant, Purpose::Email)?;
    let (class, told) = (Class::VerificationCodeSend, of_request(&caller, 429));
    message::count(&app, tenant, class, &key, told).await?;
    let mut tx = caller.begin(&app).await?;
    let place = place(&key, caller.actor.id());
    let code = verification_code::create(&app, &mut tx, tenant, place).await?;
    tx.commit().await?;
    let outgoing = Outgoing {
        to: recipient.email.trim(),
        usage: TemplateType::Generic,
        payload: Map::from_iter([("code".to_owned(), Value::from(code))]),
        ip: Some(caller.ip.to_string()),
    };
    message::send(&app, tenant, connector, outgoing).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Uses a code up. For ten minutes the caller may then take the address.
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    Input(typed): Input<Typed>,
) -> Result<StatusCode, ApiError> {
    let (tenant, id, now) = (&caller.tenant, caller.actor.id(), app.now());
    let key = key(&typed.email)?;
    let place = place(&key, id);
    let decided = verification_code::redeem(&app, tenant, place, &typed.verification_code).await?;
    decided.map_err(|refused| {
        Refused::new(
            refused.code(),
            "The code does not prove the address: read it again, or send another.",
        )
    })?;
    let mut tx = caller.begin(&app).await?;
    store::verification_status::set(&mut tx, &tenant.id, id, &key, now).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn key(email: &str) -> Result<String, Refused> {
    identifier::email(email).ok_or_else(|| {
        Refused::new(
            "guard.invalid_input",
            "email must be an e-mail address such as ann@example.com",
        )
    })
}

/// Where the code is kept: what one person was sent proves nothing for another.
fn place<'a>(key: &'a str, user_id: &'a str) -> Place<'a> {
    Place {
        recipient: key,
        purpose: TemplateType::Generic.as_str(),
        interaction: user_id,
    }
}
