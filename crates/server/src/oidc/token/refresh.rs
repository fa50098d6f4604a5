//! `grant_type=refresh_token` — RFC 6749 §6.

use protocol::{
    error::OAuthError,
    grant::refresh::{self, Decision},
    record::IssuedRefreshToken,
    secret::Secret,
};

use store::refresh_token::Rotation;

use super::{
    custom::{Custom, Issued},
    issue::{Issue, issue},
    target::Target,
};
use crate::{
    app::App,
    audit::{self, token::grants_revoked},
    error::OidcError,
    extract::client::ClientRequest,
    oidc::subject,
};

/// Exchanges a refresh token for new tokens.
pub(super) async fn exchange(
    app: &App,
    request: &ClientRequest,
    custom: Option<Custom>,
) -> Result<Issued, OidcError> {
    let tenant_id = &request.tenant.id;
    let now = app.now();
    let token = Secret::new(request.require("refresh_token")?);
    let mut tx = app.db().begin().await?;

    let unknown = || OAuthError::invalid_grant("the refresh token is unknown");
    let found = store::refresh_token::lock_with_grant(&mut tx, tenant_id, &token.hash()).await?;
    let (issued, grant) = found.ok_or_else(unknown)?;
    let subject = subject::load(&mut tx, tenant_id, grant, now)
        .await?
        .ok_or_else(subject::gone)?
        .admitted(&mut tx, request)
        .await?;
    let next = match refresh::redeem(&issued, &subject.grant, request.client(), now)? {
        Decision::Keep => token,
        Decision::Repeat => refresh::successor(app.refresh_key(), &token),
        Decision::Rotate { expires_at } => {
            let next = refresh::successor(app.refresh_key(), &token);
            match store::refresh_token::rotate(&mut tx, tenant_id, &token.hash(), now).await? {
                Rotation::Rotated => {
                    let successor = IssuedRefreshToken {
                        issued_at: now,
                        expires_at,
                        rotated_at: None,
                        ..issued
                    };
                    store::refresh_token::insert(&mut tx, tenant_id, &next.hash(), &successor)
                        .await?;
                }
                // A request at the same moment was faster: it made the same successor.
                Rotation::AlreadyRotated { .. } => {}
                Rotation::Unknown => return Err(subject::gone().into()),
            }
            next
        }
        Decision::Reuse => {
            store::grant::delete(&mut tx, tenant_id, &issued.grant_id).await?;
            tx.commit().await?;
            audit::about(&subject.user.id, subject.grant.session_id.as_deref());
            let (tenant, client_id) = (&request.tenant, &request.client().id);
            let ended = [issued.grant_id];
            grants_revoked(app, tenant, client_id, &ended, "refresh token used twice").await;
            return Err(refresh::reused().into());
        }
    };
    let target = Target::choose(&mut tx, request, &subject).await?; // a refusal leaves everything as it was
    let scope = refresh::narrow(&subject.grant.scope, request.parameters.one("scope")?);
    let decided = Issue {
        subject: &subject,
        scope,
        target,
        refresh_token: Some(next),
        exchanged: None,
    };
    issue(app, request, tx, decided, custom, now).await
}
