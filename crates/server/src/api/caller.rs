//! Who calls the Management API (`contract/logto-api.md` §1.2).

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts, MatchedPath, OriginalUri, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use protocol::{
    jose::{Expect, TokenType},
    time::Time,
    token::access_token,
};
use serde_json::{Map, Value, json};
use store::{StoreError, Tx, seed::ADMIN_TENANT};

use crate::{
    app::App,
    arriving::Arriving,
    error::ApiError,
    extract::tenant::tenant_of,
    oidc::subject,
    operation::{self, Refused},
    tenant::Tenant,
};

/// Somebody who may manage the tenant that the request was sent to.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The tenant that is managed.
    pub tenant: Arc<Tenant>,
    /// Who manages it.
    pub actor: Actor,
    /// The sender's address.
    pub ip: IpAddr,
    /// What the sender calls its program.
    pub user_agent: Option<String>,
    /// The route that was called.
    pub route: Route,
}

/// The route of a request, as webhooks tell it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The path with its parameters' names: `/roles/:roleId`.
    pub pattern: String,
    /// The parameters.
    pub parameters: Map<String, Value>,
}

impl Route {
    fn of(parts: &Parts) -> Self {
        let original = parts.extensions.get::<OriginalUri>();
        let path = original.map_or(parts.uri.path(), |original| original.0.path());
        let pattern = parts.extensions.get::<MatchedPath>();
        let pattern = pattern.map_or("", MatchedPath::as_str);
        let pattern = pattern.strip_prefix("/api").unwrap_or(pattern);
        let given = path.strip_prefix("/api").unwrap_or(path);
        let parameters = pattern
            .split('/')
            .zip(given.split('/'))
            .filter_map(|(name, value)| {
                let name = name.strip_prefix('{')?.strip_suffix('}')?;
                Some((name.to_owned(), value.into()))
            });
        Self {
            method: parts.method.to_string(),
            parameters: parameters.collect(),
            pattern: pattern.replace('{', ":").replace('}', ""),
            path: path.to_owned(),
        }
    }
}

/// What is changed apart from the settings, thing by thing: people, organizations and what concerns one of them. Settings
/// are few, are all in the snapshot, and refer to each other.
const THINGS: [&str; 6] = [
    "one-time-tokens",
    "organization-invitations",
    "organizations",
    "secrets",
    "subject-tokens",
    "users",
];

/// Kinds of which nothing is changed that anybody else could be changing.
const FREE: [&str; 3] = ["sentinel-activities", "user-assets", "verification-codes"];

/// The name under which a path's change is made alone; `None` for what is new, or decided by one statement.
fn changed(tenant_id: &str, path: &str, actor_id: &str) -> Option<String> {
    let mut parts = path.strip_prefix("/api").unwrap_or(path).split('/').skip(1);
    match parts.next()? {
        "me" => Some(format!("users/{tenant_id}/{actor_id}")),
        kind if FREE.contains(&kind) => None,
        kind if THINGS.contains(&kind) => {
            let id = parts.next().filter(|id| !matches!(*id, "" | "verify"))?;
            Some(format!("{kind}/{tenant_id}/{id}"))
        }
        _ => Some(operation::setting::lock_name(tenant_id)),
    }
}

impl Caller {
    /// Begins a transaction that changes what the request's path names. Others who change the same wait: of two
    /// administrators who change one thing the later one sees what the earlier one did.
    pub async fn begin(&self, app: &App) -> Result<Tx, StoreError> {
        match changed(&self.tenant.id, &self.route.path, self.actor.id()) {
            Some(name) => app.db().begin_alone(&name).await,
            None => app.db().begin().await,
        }
    }

    /// Who sent this request.
    pub fn of(parts: &Parts, ip: IpAddr, tenant: Arc<Tenant>, actor: Actor) -> Self {
        let user_agent = parts.headers.get(header::USER_AGENT);
        Self {
            actor,
            ip,
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            route: Route::of(parts),
            tenant,
        }
    }
}

/// The bearer of the access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An application that acts for itself.
    Application(String),
    /// A person.
    User(String),
}

impl Actor {
    /// The token's `sub`.
    pub fn id(&self) -> &str {
        match self {
            Self::Application(id) | Self::User(id) => id,
        }
    }
}

/// Lets a request pass whose access token is for this tenant's Management API and carries `all`.
pub async fn authenticate(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match identify(&app, &parts).await {
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(refused) => refused.into_response(),
    }
}

async fn identify(app: &App, parts: &Parts) -> Result<Caller, ApiError> {
    let arriving = parts.extensions.get::<Arriving>();
    let (arriving, tenant) = arriving
        .and_then(|arriving| Some((arriving, tenant_of(app, arriving)?)))
        .ok_or_else(|| Refused::new("auth.unauthorized", "no tenant answers at this address"))?;
    let token = bearer(&parts.headers)?;
    let audience = format!("https://{}.logto.app/api", tenant.id);
    let actor = actor(app, &tenant, &audience, token, app.now()).await?;
    Ok(Caller::of(parts, arriving.ip, tenant, actor))
}

/// The token of the `Authorization` header.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(|| {
        Refused::new(
            "auth.authorization_header_missing",
            "The Authorization header is missing.",
        )
    })?;
    value
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::trim)
        .ok_or_else(|| {
            Refused::new(
                "auth.authorization_token_type_not_supported",
                "Only the type Bearer is supported.",
            )
            .with(json!({ "supportedTypes": ["Bearer"] }))
        })
}

/// Who bears this access token for `audience`. Tokens of the admin tenant count at every tenant: the console has them.
pub async fn actor(
    app: &App,
    tenant: &Tenant,
    audience: &str,
    token: &str,
    now: Time,
) -> Result<Actor, ApiError> {
    let admin = app.tenant(ADMIN_TENANT);
    let issuers = [Some(tenant), admin.as_deref()].into_iter().flatten();
    for issuer in issuers {
        let expect = Expect {
            typ: TokenType::AccessToken,
            issuer: &issuer.issuer,
            audience: Some(audience),
            allow_expired: false,
            leeway: 0,
        };
        if let Ok(claims) = issuer.keys.verify(token, &expect, now) {
            return bearer_of(app, issuer, &claims, now).await;
        }
    }
    Err(unauthorized().into())
}

async fn bearer_of(
    app: &App,
    issuer: &Tenant,
    claims: &Map<String, Value>,
    now: Time,
) -> Result<Actor, ApiError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let sub = text("sub")
        .ok_or_else(|| Refused::new("auth.jwt_sub_missing", "The access token has no sub."))?;
    if !access_token::scope(claims).contains("all") {
        return Err(Refused::new("auth.forbidden", "The access token lacks the scope all.").into());
    }
    if text("client_id") == Some(sub) {
        // Deleting the application ends its tokens at once, not when they expire.
        return match issuer.application(sub) {
            Some(_) => Ok(Actor::Application(sub.to_owned())),
            None => Err(unauthorized().into()),
        };
    }
    // So does signing out, and suspending the person.
    let grant_id = access_token::grant_id(claims).ok_or_else(unauthorized)?;
    match subject::find(&mut app.db(), &issuer.id, grant_id, now).await? {
        Some(_) => Ok(Actor::User(sub.to_owned())),
        None => Err(unauthorized().into()),
    }
}

fn unauthorized() -> Refused {
    Refused::new(
        "auth.unauthorized",
        "The access token is wrong, has expired, or is for something else.",
    )
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| unauthorized().into())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::{bearer, changed};

    #[test]
    fn only_bearer_tokens_are_read() {
        let code = |value: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers)
                .map(str::to_owned)
                .map_err(|refused| refused.code)
        };
        assert_eq!(code(None), Err("auth.authorization_header_missing"));
        for other in ["Basic YTpi", "bearer-token", "Bearer"] {
            let refused = Err("auth.authorization_token_type_not_supported");
            assert_eq!(code(Some(other)), refused, "{other}");
        }
        assert_eq!(code(Some("Bearer a.b.c")), Ok("a.b.c".to_owned()));
    }

    #[test]
    fn a_change_is_made_alone_with_what_its_path_names() {
        for (path, expected) in [
            ("/api/users/ann", Some("users/t/ann")),
            ("/api/users/ann/roles/x", Some("users/t/ann")),
            (
                "/api/organizations/acme/users/ann",
                Some("organizations/t/acme"),
            ),
            ("/api/users", None),
            ("/api/one-time-tokens/verify", None),
            ("/api/verification-codes/verify", None),
            ("/api/applications/web/secrets", Some("settings/t")),
            ("/api/sign-in-exp", Some("settings/t")),
            ("/api/roles/r/users", Some("settings/t")),
            ("/me/custom-data", Some("users/t/bob")),
        ] {
            let name = changed("t", path, "bob");
            assert_eq!(name.as_deref(), expected, "{path}");
        }
    }
}
