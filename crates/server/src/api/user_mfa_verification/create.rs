//! `POST /api/users/{userId}/mfa-verifications`.

use axum::{
    Json,
    extract::{Path, State},
};
use identity::{
    claims::display_name,
    mfa::{self, Factor, Fault, MfaVerification},
};
use serde::{Deserialize, Serialize};
use store::mfa_verification;
use url::{Url, form_urlencoded};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::Ids, text::Text, user::find_user},
    app::App,
    error::{ApiError, Failure},
    operation::Refused,
    qr, random,
};

/// The factor to add; what is left out is made.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewUserMfaVerification)]
#[serde(tag = "type")]
pub(super) enum NewFactor {
    /// An authenticator app.
    Totp {
        /// 16 to 32 characters of base32.
        secret: Option<Text<0, 128>>,
    },
    /// Codes on paper.
    BackupCode {
        /// Ten codes of ten lower-case hexadecimal digits.
        codes: Option<Ids>,
    },
}

/// What was added, with the secrets that the person needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AddedUserMfaVerification)]
#[serde(tag = "type")]
pub(super) enum Added {
    /// An authenticator app.
    #[serde(rename_all = "camelCase")]
    Totp {
        secret: String,
        /// A picture as a `data:` URL.
        secret_qr_code: String,
    },
    /// Codes on paper.
    BackupCode { codes: Vec<String> },
}

/// Gives a person a second factor.
#[utoipa::path(
    post,
    path = "/users/{userId}/mfa-verifications",
    operation_id = "CreateUserMfaVerification",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = NewFactor,
    responses((status = 200, body = Added))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewFactor>,
) -> Result<Json<Added>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let user = find_user(&mut tx, tenant, &id).await?;
    let label = (caller.tenant.endpoint.as_str(), display_name(&user));
    let (factor, answer) = prepare(new, label)?;
    let held = mfa_verification::list(&mut tx, app.vault(), tenant, &id).await?;
    mfa::may_add(&held, &factor).map_err(refused)?;
    let is_codes = |factor: &Factor| factor.unused_codes().is_some();
    for spent in held
        .iter()
        .filter(|held| is_codes(&held.factor) && is_codes(&factor))
    {
        mfa_verification::delete(&mut tx, tenant, &id, &spent.id).await?;
    }
    let added = MfaVerification {
        id: random::id(21),
        created_at: app.now(),
        last_used_at: None,
        factor,
    };
    mfa_verification::insert(&mut tx, app.vault(), tenant, &id, &added).await?;
    app.commit(tx).await?;
    Ok(Json(answer))
}

/// The factor, and what the person is told of it.
fn prepare(new: NewFactor, label: (&str, &str)) -> Result<(Factor, Added), ApiError> {
    match new {
        NewFactor::Totp { secret } => {
            let made = || mfa::base32(&random::bytes::<20>());
            let key = secret.map_or_else(made, Text::into_inner);
            if !mfa::is_totp_secret(&key) {
                let message = "The secret must be 16 to 32 characters of base32.";
                return Err(Refused::new("user.totp_secret_invalid", message)
                    .status(422)
                    .into());
            }
            let answer = Added::Totp {
                secret_qr_code: qr::picture(&totp_uri(label.0, label.1, &key))
                    .map_err(Failure::internal)?,
                secret: key.clone(),
            };
            Ok((Factor::Totp { key }, answer))
        }
        NewFactor::BackupCode { codes } => {
            let code = |_| {
                random::bytes::<5>()
                    .map(|byte| format!("{byte:02x}"))
                    .concat()
            };
            let made = || (0..mfa::BACKUP_CODES).map(code).collect();
            let codes = codes.map_or_else(made, |codes| codes.to_vec());
            if !mfa::are_backup_codes(&codes) {
                let message =
                    "There must be ten different codes of ten lower-case hexadecimal digits.";
                return Err(Refused::new("user.wrong_backup_code_format", message).into());
            }
            Ok((
                Factor::backup_codes(codes.clone()),
                Added::BackupCode { codes },
            ))
        }
    }
}

fn refused(fault: Fault) -> Refused {
    match fault {
        Fault::TotpInUse => Refused::new(
            "user.totp_already_in_use",
            "The person has an authenticator app already.",
        ),
        Fault::BackupCodesInUse => Refused::new(
            "user.backup_code_already_in_use",
            "The person has backup codes that were not used.",
        ),
        Fault::BackupCodesAlone => Refused::new(
            "session.mfa.backup_code_can_not_be_alone",
            "Backup codes need another factor beside them.",
        ),
    }
}

/// The address that authenticator apps read from a QR code (Google Authenticator's key URI format).
fn totp_uri(endpoint: &str, account: &str, key: &str) -> String {
    let url = Url::parse(endpoint).ok();
    let issuer = url.as_ref().and_then(Url::host_str).unwrap_or("Hufu");
    let encode = |text: &str| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        encoded.replace('+', "%20")
    };
    let (issuer, account) = (encode(issuer), encode(account));
    format!("otpauth://totp/{issuer}:{account}?secret={key}&issuer={issuer}")
}

#[cfg(test)]
mod tests {
    use super::totp_uri;

    #[test]
    fn the_address_names_issuer_and_account() {
        assert_eq!(
            totp_uri("https://id.example.com:8443", "ann smith&co", "KEY"),
            "otpauth://totp/id.example.com:ann%20smith%26co?secret=KEY&issuer=id.example.com"
        );
    }
}
