//! `POST /api/configs/oidc/{keyType}/rotate`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Family, KeyType, OidcKey, list};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::{ApiError, Failure},
    operation::{self, OperationError, Refused},
};

/// The longest that a key may wait, in seconds: a year.
const LONGEST_GRACE: i64 = 31_536_000;

/// How the new key comes in; signing keys only.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RotateKeys {
    /// The kind of key; EC when nothing is said.
    signing_key_algorithm: Option<Family>,
    /// Seconds for which the new key is published before it signs.
    #[schema(minimum = 0, maximum = 31_536_000)]
    rotation_grace_period: Option<i64>,
}

/// Brings a new key in; the one before it goes on checking what it signed.
#[utoipa::path(
    post,
    path = "/configs/oidc/{keyType}/rotate",
    operation_id = "RotateOidcKeys",
    tag = "Configs",
    params(("keyType" = inline(KeyType), Path)),
    request_body = RotateKeys,
    responses((status = 200, body = Vec<OidcKey>))
)]
pub(super) async fn rotate_keys(
    State(app): State<App>,
    caller: Caller,
    Path(kind): Path<KeyType>,
    Input(wish): Input<RotateKeys>,
) -> Result<Json<Vec<OidcKey>>, ApiError> {
    let tenant = &caller.tenant.id;
    let grace = wish.rotation_grace_period.unwrap_or(0);
    if !(0..=LONGEST_GRACE).contains(&grace) {
        let message = "rotationGracePeriod must be 0 to 31536000 seconds";
        return Err(Refused::new("guard.invalid_input", message).into());
    }
    match kind {
        KeyType::CookieKeys if wish.rotation_grace_period.is_some() => {
            let message = "cookie keys have no grace period: all of them are checked";
            return Err(Refused::new("oidc.invalid_request", message)
                .status(422)
                .into());
        }
        KeyType::CookieKeys => {
            let mut tx = caller.begin(&app).await?;
            operation::key::rotate_cookie_key(&mut tx, app.vault(), tenant, app.now()).await?;
            app.commit(tx).await?;
        }
        KeyType::PrivateKeys => {
            let family = match wish.signing_key_algorithm {
                Some(Family::Rsa) => operation::key::Family::Rsa,
                _ => operation::key::Family::Ec,
            };
            rotate_signing_key(&app, &caller, family, grace).await?;
        }
    }
    Ok(Json(list(&app, tenant, kind).await?))
}

async fn rotate_signing_key(
    app: &App,
    caller: &Caller,
    family: operation::key::Family,
    grace: i64,
) -> Result<(), ApiError> {
    let tenant = &caller.tenant.id;
    let keys = store::signing_key::list(app.db(), app.vault(), tenant).await?;
    let algorithm = operation::key::successor(&keys, family);
    // Making an RSA key takes a while: the others go on, and no transaction waits.
    let made = tokio::task::spawn_blocking(move || crate::key::generate(algorithm)).await;
    let key = made
        .map_err(Failure::internal)?
        .map_err(OperationError::from)?;
    let mut tx = caller.begin(app).await?;
    let rotated =
        operation::key::rotate(&mut tx, app.vault(), tenant, &key, grace, app.now()).await;
    match rotated {
        Err(OperationError::Refused(refused)) => return Err(refused.status(422).into()),
        other => other?,
    }
    app.commit(tx).await?;
    Ok(())
}
