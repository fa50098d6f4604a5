//! `grant_type=urn:ietf:params:oauth:grant-type:device_code` — RFC 8628 §3.4.

use protocol::{error::OAuthError, grant::device, secret::Secret};
use store::device_code;

use super::{
    custom::{Custom, Issued},
    issue::{Issue, first_refresh_token, issue},
    target::Target,
};
use crate::{
    app::App, audit::token::grants_revoked, error::OidcError, extract::client::ClientRequest,
    oidc::subject,
};

/// Gives a device its tokens once the person has agreed.
pub(super) async fn exchange(
    app: &App,
    request: &ClientRequest,
    custom: Option<Custom>,
) -> Result<Issued, OidcError> {
    let tenant_id = &request.tenant.id;
    let now = app.now();
    let hash = Secret::new(request.require("device_code")?).hash();
    let mut tx = app.db().begin().await?;
    let found = device_code::find(&mut tx, tenant_id, &hash).await?;
    let code = found.ok_or_else(|| OAuthError::invalid_grant("the device code is unknown"))?;
    let grant_id = match device::poll(&code.code, request.client(), now) {
        Ok(grant_id) => grant_id,
        Err(refused) => {
            device_code::polled(&mut tx, tenant_id, &hash, now).await?;
            tx.commit().await?;
            return Err(refused.into());
        }
    };
    if code.is_used || !device_code::take(&mut tx, tenant_id, &hash, now).await? {
        // As with an authorization code: nobody knows which of two holders stole it.
        store::grant::delete(&mut tx, tenant_id, grant_id).await?;
        tx.commit().await?;
        let (tenant, client_id) = (&request.tenant, &request.client().id);
        let ended = [grant_id.to_owned()];
        grants_revoked(app, tenant, client_id, &ended, "device code used twice").await;
        let why = "the device code was used before: its grant is revoked";
        return Err(OAuthError::invalid_grant(why).into());
    }
    let subject = subject::find(&mut tx, tenant_id, grant_id, now).await?;
    let subject = subject.ok_or_else(subject::gone)?;
    let subject = subject.admitted(&mut tx, request).await?;
    let target = Target::without_organization(request, &subject)?;
    let refresh_token = first_refresh_token(app, request, &mut tx, &subject.grant, now).await?;
    let decided = Issue {
        subject: &subject,
        scope: subject.grant.scope.clone(),
        target,
        refresh_token,
        exchanged: None,
    };
    issue(app, request, tx, decided, custom, now).await
}
