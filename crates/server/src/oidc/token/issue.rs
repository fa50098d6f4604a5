//! Making the tokens of one answer.

use protocol::{
    claims::{self, Place},
    client::Resource,
    grant::{exchange, refresh},
    jose::{SigningAlgorithm, TokenType},
    record::{Grant, IssuedAccessToken, IssuedRefreshToken},
    scope::ScopeSet,
    secret::Secret,
    time::Time,
    token::{
        access_token, custom_claims, id_token,
        response::{Bearer, TokenResponse},
    },
};
use serde_json::{Map, Value};
use store::Tx;

use super::{
    custom::{Custom, Issued, Question},
    target::Target,
};
use crate::{
    app::App,
    audit,
    error::{Failure, OidcError},
    extract::client::ClientRequest,
    oidc::subject::Subject,
    tenant::Tenant,
};

/// What was decided to be issued.
pub(super) struct Issue<'a> {
    /// For whom.
    pub(super) subject: &'a Subject,
    /// At most what the grant gives.
    pub(super) scope: ScopeSet,
    /// What it is for.
    pub(super) target: Target<'a>,
    /// The refresh token of the answer, stored already.
    pub(super) refresh_token: Option<Secret>,
    /// When it is issued for another token.
    pub(super) exchanged: Option<Exchanged>,
}

/// What a token exchange adds to a token (RFC 8693). An ID token is not part of it.
pub(super) struct Exchanged {
    /// The `act` claim.
    pub(super) act: Option<Value>,
    /// `context.grant` of the tenant's script.
    pub(super) told: Option<Value>,
}

impl Exchanged {
    /// The claims of the token.
    fn claims(&self) -> Map<String, Value> {
        let act = self.act.iter();
        act.map(|act| ("act".to_owned(), act.clone())).collect()
    }
}

/// Makes the access token, and an ID token if `openid` was granted, and commits what has to be stored: unless a script has to be asked first.
pub(super) async fn issue(
    app: &App,
    request: &ClientRequest,
    mut tx: Tx,
    decided: Issue<'_>,
    custom: Option<Custom>,
    now: Time,
) -> Result<Issued, OidcError> {
    let Issue {
        subject,
        scope,
        target,
        refresh_token,
        exchanged,
    } = decided;
    let (tenant, grant) = (&request.tenant, &subject.grant);
    audit::about(&grant.user_id, grant.session_id.as_deref());
    let scope = target.scope(&mut tx, request, subject, &scope).await?;
    let resource = target.resource();
    if custom.is_none()
        && let Some(customizer) = &tenant.customizers.access_token
    {
        let token = (subject, resource, &scope);
        let mut question = Question::of_user(app, request, &mut tx, customizer, token).await?;
        if let Some(told) = exchanged.and_then(|exchanged| exchanged.told) {
            question.tell("grant", told);
        }
        return Ok(Issued::Ask(question)); // the transaction is dropped: nothing has happened yet
    }
    let person = if grant.scope.contains("openid") && exchanged.is_none() {
        Some(
            subject
                .claims(&mut tx, &tenant.id, request.client())
                .await?,
        )
    } else {
        None
    };
    let mut more = exchanged
        .as_ref()
        .map(Exchanged::claims)
        .unwrap_or_default();
    let random = match custom {
        Some(custom) => {
            custom_claims::merge(&mut more, custom.claims);
            custom.random
        }
        None => app.random_secret(),
    };
    if resource.is_none() {
        let issued = opaque(subject, &scope, &more, now);
        store::access_token::insert(&mut tx, &tenant.id, &random.hash(), &issued).await?;
    }
    tx.commit().await?;
    app.audit().active(&tenant.id, &grant.user_id, now.0);

    // Signing takes longer than everything before: the database need not wait for it.
    let (access_token, expires_in) = match resource {
        Some(resource) => {
            let target = (&target, resource);
            let mut claims = claims_for(tenant, subject, target, &scope, &random, now);
            custom_claims::merge(&mut claims, more);
            let token = sign(tenant, resource.algorithm, TokenType::AccessToken, &claims)?;
            (token, resource.access_token_ttl)
        }
        None => (random.reveal().to_owned(), access_token::OPAQUE_LIFE),
    };
    let id_token = person
        .map(|person| id_token(request, subject, &person, now))
        .transpose()?;
    Ok(Issued::Tokens(TokenResponse {
        access_token,
        token_type: Bearer::Bearer,
        expires_in,
        scope,
        issued_token_type: exchanged.map(|_| exchange::ACCESS_TOKEN),
        id_token,
        refresh_token: refresh_token.map(|token| token.reveal().to_owned()),
    }))
}

/// Makes the refresh token with which a new grant begins, if it has one.
pub(super) async fn first_refresh_token(
    app: &App,
    request: &ClientRequest,
    tx: &mut Tx,
    grant: &Grant,
    now: Time,
) -> Result<Option<Secret>, OidcError> {
    let client = request.client();
    if !refresh::is_due(client, &grant.scope) {
        return Ok(None);
    }
    let token = app.random_secret();
    let issued = IssuedRefreshToken {
        grant_id: grant.id.clone(),
        client_id: grant.client_id.clone(),
        family_started_at: now,
        issued_at: now,
        expires_at: refresh::first_expiry(grant, client, now),
        rotated_at: None,
    };
    store::refresh_token::insert(tx, &request.tenant.id, &token.hash(), &issued).await?;
    Ok(Some(token))
}

fn opaque(
    subject: &Subject,
    scope: &ScopeSet,
    custom: &Map<String, Value>,
    now: Time,
) -> IssuedAccessToken {
    IssuedAccessToken {
        grant_id: subject.grant.id.clone(),
        client_id: subject.grant.client_id.clone(),
        scope: scope.clone(),
        issued_at: now,
        expires_at: now.plus(access_token::OPAQUE_LIFE),
        custom_claims: custom_claims::allowed(custom.clone()),
    }
}

/// The claims of a signed token, without those of scripts.
fn claims_for(
    tenant: &Tenant,
    subject: &Subject,
    (target, resource): (&Target<'_>, &Resource),
    scope: &ScopeSet,
    random: &Secret,
    now: Time,
) -> Map<String, Value> {
    let random = random.reveal().get(..22).unwrap_or_default();
    let mut claims =
        access_token::claims(&tenant.issuer, &subject.grant, resource, scope, random, now);
    if let Some(id) = target.organization_id() {
        access_token::within(&mut claims, id);
    }
    claims
}

fn id_token(
    request: &ClientRequest,
    subject: &Subject,
    person: &Map<String, Value>,
    now: Time,
) -> Result<String, OidcError> {
    let (tenant, client, grant) = (&request.tenant, request.client(), &subject.grant);
    let by_name = grant
        .claims
        .as_ref()
        .map_or(&[][..], |asked| &asked.id_token);
    let place = Place::IdToken {
        extended: &tenant.id_token_claims,
    };
    let person = claims::select(person, &grant.scope, by_name, client, place);
    let claims = id_token::claims(&tenant.issuer, grant, client, subject.amr(), person, now);
    sign(
        tenant,
        client.id_token_algorithm,
        TokenType::IdToken,
        &claims,
    )
}

/// Signs with the tenant's key for `algorithm`, or the one that stands in for it.
pub(super) fn sign(
    tenant: &Tenant,
    algorithm: SigningAlgorithm,
    typ: TokenType,
    claims: &Map<String, Value>,
) -> Result<String, OidcError> {
    let key = tenant.keys.signer(algorithm);
    let key = key.ok_or_else(|| Failure::internal("the tenant has no signing key"))?;
    key.sign(typ, claims)
        .map_err(|error| Failure::internal(error).into())
}
