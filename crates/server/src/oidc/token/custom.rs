//! Claims that a tenant's script adds to access tokens (`contract/logto-core.md` §10.1).
//!
//! A script may take seconds, and a transaction must wait for nothing but the database. So a grant with a script is decided twice: the first
//! time it only [asks](Issued::Ask), and everything is taken back; the second time it has the script's word and issues.

use std::sync::Arc;

use protocol::{
    client::Resource,
    error::{ErrorCode, OAuthError},
    scope::ScopeSet,
    secret::Secret,
    token::{custom_claims, response::TokenResponse},
};
use serde_json::{Map, Value, json};
use store::Tx;

use crate::{
    app::App,
    audit::Entry,
    error::OidcError,
    extract::client::ClientRequest,
    oidc::subject::Subject,
    script::{ScriptError, customizer::Customizer},
};

/// What became of a grant.
pub(super) enum Issued {
    /// Tokens.
    Tokens(TokenResponse),
    /// Nothing yet: a script has to be asked first.
    Ask(Box<Question>),
}

/// What a script said of the token that is being made.
pub(super) struct Custom {
    /// Drawn for the token; the script was told a `jti` made of it.
    pub(super) random: Secret,
    /// What it adds.
    pub(super) claims: Map<String, Value>,
}

/// What a script is asked.
pub(super) struct Question {
    customizer: Arc<Customizer>,
    random: Secret,
    token: Map<String, Value>,
    context: Map<String, Value>,
}

impl Question {
    /// Asks the script of the request's tenant about a token for a person.
    pub(super) async fn of_user(
        app: &App,
        request: &ClientRequest,
        tx: &mut Tx,
        customizer: &Arc<Customizer>,
        (subject, resource, scope): (&Subject, Option<&Resource>, &ScopeSet),
    ) -> Result<Box<Self>, OidcError> {
        let (tenant_id, user) = (&request.tenant.id, &subject.user);
        let random = app.random_secret();
        // An opaque token is its random part, which is told nobody but the client.
        let shown = match resource {
            Some(_) => random.reveal().get(..22).unwrap_or_default().to_owned(),
            None => app.random_id(22),
        };
        let token = custom_claims::user_token(
            &subject.grant,
            request.require("grant_type")?,
            resource.map(|resource| resource.indicator.as_str()),
            scope,
            &format!("{}{shown}", subject.grant.id),
        );
        let memberships = store::script_context::memberships(tx, tenant_id, &user.id).await?;
        let mut context = Map::new();
        let person = identity::script_context::user(user, &memberships);
        context.insert("user".to_owned(), Value::Object(person));
        if let Some(application) = application(&mut *tx, request).await? {
            context.insert("application".to_owned(), application);
        }
        if let Some(id) = request.parameters.one("organization_id")?
            && let Some(organization) =
                store::script_context::organization(&mut *tx, tenant_id, &user.id, id).await?
        {
            context.insert("organization".to_owned(), organization);
        }
        Ok(Box::new(Self {
            customizer: Arc::clone(customizer),
            random,
            token,
            context,
        }))
    }

    /// Tells the script one thing more.
    pub(super) fn tell(&mut self, name: &str, value: Value) {
        self.context.insert(name.to_owned(), value);
    }

    /// Waits for the script's word.
    ///
    /// # Errors
    /// `access_denied` when the script denies it, and `invalid_request` when it fails and its operator wants no tokens then.
    pub(super) async fn ask(self, app: &App, request: &ClientRequest) -> Result<Custom, OidcError> {
        let (token, context) = (Value::Object(self.token), Value::Object(self.context));
        let claims = ask(app, request, &self.customizer, token, context).await?;
        Ok(Custom {
            random: self.random,
            claims,
        })
    }
}

/// What the tenant's script adds to a token that an application gets for itself.
pub(super) async fn of_client(
    app: &App,
    request: &ClientRequest,
    token: Map<String, Value>,
) -> Result<Map<String, Value>, OidcError> {
    let Some(customizer) = &request.tenant.customizers.client_credentials else {
        return Ok(Map::new());
    };
    let application = application(app.db(), request).await?;
    let context = json!({ "application": application });
    ask(app, request, customizer, Value::Object(token), context).await
}

async fn ask(
    app: &App,
    request: &ClientRequest,
    customizer: &Customizer,
    token: Value,
    context: Value,
) -> Result<Map<String, Value>, OidcError> {
    let is_client = context.get("user").is_none();
    let asked = customizer.claims(app.scripts(), token, context).await;
    if let Err(error) = &asked {
        let key = if is_client {
            "JwtCustomizer.ClientCredentials"
        } else {
            "JwtCustomizer.AccessToken"
        };
        let entry = Entry::new(app, &request.tenant, key)
            .application(&request.client().id)
            .failed("oidc.custom_claims_script_error", error.to_string());
        app.audit().record(entry).await;
    }
    match asked {
        Ok(claims) => Ok(claims),
        Err(ScriptError::Denied(message)) => {
            let message = message.replace(char::is_control, " ");
            Err(OAuthError::new(ErrorCode::AccessDenied, message).into())
        }
        Err(error) => {
            tracing::warn!(
                tenant = request.tenant.id,
                client = request.client().id,
                ?error,
                "the script for custom claims failed: {error}"
            );
            if customizer.block_issuance_on_error {
                let refused = OAuthError::invalid_request("the script for custom claims failed");
                return Err(refused.into());
            }
            Ok(Map::new())
        }
    }
}

/// `context.application`: the application without its secrets. Built-in ones have nothing stored.
async fn application(
    source: impl store::Source,
    request: &ClientRequest,
) -> Result<Option<Value>, OidcError> {
    let tenant_id = &request.tenant.id;
    let found = store::application::find(source, tenant_id, &request.client().id).await?;
    Ok(found.map(|application| {
        json!({
            "tenantId": tenant_id,
            "id": application.id,
            "name": application.name,
            "description": application.description,
            "type": application.kind,
            "oidcClientMetadata": application.oidc_client_metadata,
            "customClientMetadata": application.custom_client_metadata,
            "customData": application.custom_data,
            "isThirdParty": application.is_third_party,
            "createdAt": application.created_at.as_millis(),
        })
    }))
}
