//! `grant_type=urn:ietf:params:oauth:grant-type:token-exchange` — RFC 8693.

use protocol::{
    error::OAuthError,
    grant::{
        GrantType,
        exchange::{self, Shown, SubjectKind},
    },
    record::Grant,
    secret::Secret,
    time::Time,
    token::access_token::OPAQUE_LIFE,
};
use serde_json::{Value, json};
use store::{Tx, personal_access_token, subject_token};

use super::{
    custom::{Custom, Issued},
    issue::{Exchanged, Issue, issue},
    target::Target,
};
use crate::{
    app::App,
    error::OidcError,
    extract::client::ClientRequest,
    oidc::{
        access::{self, Access},
        subject::{self, Subject},
    },
};

/// Gives an access token about the person for whom `subject_token` stands.
pub(super) async fn exchange(
    app: &App,
    request: &ClientRequest,
    custom: Option<Custom>,
) -> Result<Issued, OidcError> {
    let (parameters, now) = (&request.parameters, app.now());
    exchange::check_requested_type(parameters.one("requested_token_type")?)?;
    let mut tx = app.db().begin().await?;
    let presented = present(&mut tx, request, now).await?;
    let actor = actor(&mut tx, request, now).await?;

    let (mut subject, target) = begin(app, request, &mut tx, &presented, now).await?;
    let (scope, shown) = (parameters.one("scope")?, presented.shown.as_ref());
    let audience = target.resource().map(|resource| &*resource.indicator);
    exchange::check_organization(shown, target.organization()).map_err(OidcError::Forbidden)?;
    subject.grant.scope = exchange::scope(scope, shown, audience);
    store::grant::insert(&mut tx, &request.tenant.id, &subject.grant).await?;

    let earlier = presented.shown.and_then(|shown| shown.act);
    let decided = Issue {
        subject: &subject,
        scope: subject.grant.scope.clone(),
        target,
        refresh_token: None,
        exchanged: Some(Exchanged {
            act: exchange::act(actor.as_deref(), earlier),
            told: presented.told,
        }),
    };
    issue(app, request, tx, decided, custom, now).await
}

/// For whom the subject token stands.
struct Presented {
    user_id: String,
    /// What an access token gave, and the grant that it came of.
    shown: Option<Shown>,
    source: Option<Grant>,
    /// `context.grant` for the tenant's script.
    told: Option<Value>,
}

/// Reads `subject_token`. A subject token is used up with the transaction.
async fn present(tx: &mut Tx, request: &ClientRequest, now: Time) -> Result<Presented, OidcError> {
    let tenant_id = &request.tenant.id;
    let token = Secret::new(request.require("subject_token")?);
    let kind = SubjectKind::read(request.require("subject_token_type")?, token.reveal())?;
    let presented = |user_id| Presented {
        user_id,
        shown: None,
        source: None,
        told: None,
    };
    let found = match kind {
        SubjectKind::Impersonation => {
            let found = subject_token::take(tx, tenant_id, &token.hash(), now).await?;
            found.map(|found| Presented {
                told: Some(json!({
                    "type": GrantType::TokenExchange.as_str(),
                    "subjectTokenContext": found.context,
                })),
                ..presented(found.user_id)
            })
        }
        SubjectKind::PersonalAccessToken => {
            let owner =
                personal_access_token::owner(&mut *tx, tenant_id, &token.hash(), now).await?;
            owner.map(presented)
        }
        SubjectKind::AccessToken => {
            let access = access(tx, request, &token, now).await?;
            access.map(|access| Presented {
                shown: Some(access.shown),
                source: Some(access.subject.grant),
                ..presented(access.subject.user.id)
            })
        }
    };
    Ok(found.ok_or_else(|| {
        OAuthError::invalid_grant("the subject token is unknown, used, expired or revoked")
    })?)
}

/// An access token that is good, of an application that is not a third party's.
async fn access(
    tx: &mut Tx,
    request: &ClientRequest,
    token: &Secret,
    now: Time,
) -> Result<Option<Access>, OidcError> {
    let tenant = &request.tenant;
    let access = access::read(tx, tenant, token, now).await?;
    Ok(access.filter(|access| {
        let source = tenant.application(&access.subject.grant.client_id);
        source.is_some_and(|source| !source.client.is_third_party)
    }))
}

/// Who acts: the owner of `actor_token`, an opaque access token with `openid`.
async fn actor(
    tx: &mut Tx,
    request: &ClientRequest,
    now: Time,
) -> Result<Option<String>, OidcError> {
    let parameters = &request.parameters;
    let (token, token_type) = (
        parameters.one("actor_token")?,
        parameters.one("actor_token_type")?,
    );
    let Some(token) = exchange::actor(token, token_type)?.map(Secret::new) else {
        return Ok(None);
    };
    let access = if access::is_jwt(&token) {
        None
    } else {
        access(tx, request, &token, now).await?
    };
    let access = access.filter(|access| access.shown.scope.contains("openid"));
    let access = access.ok_or_else(|| {
        OAuthError::invalid_grant(
            "the actor token is no opaque access token with openid that is good",
        )
    })?;
    Ok(Some(access.subject.user.id))
}

/// The grant that is made for the new token, not stored and with no scope yet, and what the token is for.
async fn begin<'r>(
    app: &App,
    request: &'r ClientRequest,
    tx: &mut Tx,
    presented: &Presented,
    now: Time,
) -> Result<(Subject, Target<'r>), OidcError> {
    let (user_id, client_id) = (presented.user_id.clone(), request.client().id.clone());
    let mut grant = exchange::grant(app.random_id(21), user_id, client_id, OPAQUE_LIFE, now);
    if let Some(source) = &presented.source {
        exchange::inherit(&mut grant, source);
    }
    let subject = subject::load(tx, &request.tenant.id, grant, now).await?;
    let subject = subject.ok_or_else(subject::gone)?;
    let mut subject = subject.admitted(tx, request).await?;
    let target = Target::exchanged(tx, request, &subject).await?;
    if let Some(resource) = target.resource() {
        let end = now.plus(resource.access_token_ttl);
        let source = presented.source.as_ref();
        subject.grant.expires_at = source.map_or(end, |source| end.min(source.expires_at));
        subject.grant.resources = vec![resource.indicator.clone()];
    }
    Ok((subject, target))
}
