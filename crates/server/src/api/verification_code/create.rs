//! `POST /api/verification-codes`.

use axum::{extract::State, http::StatusCode};
use identity::message::TemplateType;
use serde_json::{Map, Value};

use super::recipient::RecipientInput;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    hook::of_request,
    message::{self, Class, Outgoing},
    verification_code,
};

/// Sends a code. The one before of the same recipient is of no more use.
#[utoipa::path(
    post,
    path = "/verification-codes",
    operation_id = "CreateVerificationCode",
    tag = "Verification codes",
    request_body = RecipientInput,
    responses((status = 204))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(recipient): Input<RecipientInput>,
) -> Result<StatusCode, ApiError> {
    let (tenant, recipient) = (&caller.tenant, recipient.check()?);
    let connector = message::connector(tenant, recipient.channel)?;
    let (class, told) = (Class::VerificationCodeSend, of_request(&caller, 429));
    message::count(&app, tenant, class, &recipient.key, told).await?;
    let mut tx = caller.begin(&app).await?;
    let code = verification_code::create(&app, &mut tx, tenant, recipient.place()).await?;
    tx.commit().await?;
    let outgoing = Outgoing {
        to: &recipient.address,
        usage: TemplateType::Generic,
        payload: Map::from_iter([("code".to_owned(), Value::from(code))]),
        ip: Some(caller.ip.to_string()),
    };
    message::send(&app, tenant, connector, outgoing).await?;
    Ok(StatusCode::NO_CONTENT)
}
