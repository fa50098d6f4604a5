//! `grant_type=authorization_code` — RFC 6749 §4.1.3.

use protocol::{
    error::OAuthError,
    grant::code::{self, CodeRequest},
    record::IssuedCode,
    secret::Secret,
    time::Time,
};
use store::{Tx, code::Taken};

use super::{
    custom::{Custom, Issued},
    issue::{Issue, first_refresh_token, issue},
    target::Target,
};
use crate::{
    app::App,
    audit::token::grants_revoked,
    error::OidcError,
    extract::client::ClientRequest,
    oidc::subject::{self, Subject},
};

/// Exchanges a code for tokens.
pub(super) async fn exchange(
    app: &App,
    request: &ClientRequest,
    custom: Option<Custom>,
) -> Result<Issued, OidcError> {
    let now = app.now();
    let (mut tx, subject) = burn(app, request, now).await?;
    let target = Target::without_organization(request, &subject);
    let target = match target {
        Ok(target) => target,
        Err(refused) => {
            tx.commit().await?; // a failed attempt burns the code as well
            return Err(refused.into());
        }
    };
    let scope = subject.grant.scope.clone();
    let refresh_token = first_refresh_token(app, request, &mut tx, &subject.grant, now).await?;
    let decided = Issue {
        subject: &subject,
        scope,
        target,
        refresh_token,
        exchanged: None,
    };
    issue(app, request, tx, decided, custom, now).await
}

/// Whose code it is, for an answer that is no token: a SAML assertion. The code is used up.
pub(crate) async fn redeem(app: &App, request: &ClientRequest) -> Result<Subject, OidcError> {
    let (tx, subject) = burn(app, request, app.now()).await?;
    tx.commit().await?;
    Ok(subject)
}

/// Marks the code as used and decides whether it gives anything, and whose it is. Until the transaction is committed nothing has happened.
async fn burn(app: &App, request: &ClientRequest, now: Time) -> Result<(Tx, Subject), OidcError> {
    let tenant_id = &request.tenant.id;
    let hash = Secret::new(request.require("code")?).hash();
    let mut tx = app.db().begin().await?;
    let code = match store::code::take(&mut tx, tenant_id, &hash, now).await? {
        Taken::Fresh(code) => code,
        Taken::Replayed { grant_id } => {
            // Two holders: one of them stole it, and nobody knows which (RFC 6749 §4.1.2).
            store::grant::delete(&mut tx, tenant_id, &grant_id).await?;
            tx.commit().await?;
            let (tenant, client_id) = (&request.tenant, &request.client().id);
            grants_revoked(app, tenant, client_id, &[grant_id], "code used twice").await;
            return Err(OAuthError::invalid_grant(
                "the code was used before: its grant is revoked",
            )
            .into());
        }
        Taken::Unknown => return Err(OAuthError::invalid_grant("the code is unknown").into()),
    };
    match decide(&mut tx, request, &code, now).await {
        Ok(subject) => Ok((tx, subject)),
        Err(refused) => {
            tx.commit().await?; // a failed attempt burns the code as well
            Err(refused)
        }
    }
}

/// Decides whether the code gives anything, and whose it is.
async fn decide(
    tx: &mut Tx,
    request: &ClientRequest,
    code: &IssuedCode,
    now: Time,
) -> Result<Subject, OidcError> {
    let said = CodeRequest {
        redirect_uri: request.parameters.one("redirect_uri")?,
        code_verifier: request.parameters.one("code_verifier")?,
    };
    code::redeem(code, request.client(), &said, now)?;
    let subject = subject::find(tx, &request.tenant.id, &code.grant_id, now).await?;
    let subject = subject.ok_or_else(subject::gone)?;
    subject.admitted(tx, request).await
}
