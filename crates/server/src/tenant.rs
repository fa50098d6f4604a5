//! What the server holds in memory for one tenant.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use axum::body::Bytes;
use identity::{connector::Connector, experience::SignInExperience};
use protocol::{
    client::{Client, Resource},
    jose::KeyRing,
    organization,
    scope::ScopeSet,
    time::Time,
};
use serde_json::{Map, Value};
use store::hook::Subscription;

use crate::script::{action::Actions, customizer::Customizers};

/// A tenant with its settings as of the last reload.
#[derive(Debug)]
pub struct Tenant {
    /// `default`, `admin`, ….
    pub id: String,
    /// The public base address, without a trailing slash.
    pub endpoint: String,
    /// The `iss` of its tokens: the endpoint with `/oidc`.
    pub issuer: String,
    /// Applications by `client_id`.
    pub applications: HashMap<String, Arc<Application>>,
    /// API resources by indicator.
    pub resources: HashMap<String, ApiResource>,
    /// What members may be allowed in organizations.
    pub organization_scopes: ScopeSet,
    /// Ways to sign in with another provider.
    pub connectors: Vec<Connector>,
    /// Who is told of what.
    pub hooks: Vec<Subscription>,
    /// How people sign in.
    pub experience: SignInExperience,
    /// The keys that sign tokens.
    pub keys: KeyRing,
    /// Secrets for CSRF tokens, the current one first.
    pub cookie_keys: Vec<Vec<u8>>,
    /// Life of a session in seconds.
    pub session_ttl: i64,
    /// Claims beyond the standard ones that ID tokens carry when their scope is granted.
    pub id_token_claims: Vec<String>,
    /// Scripts that add claims to access tokens.
    pub customizers: Customizers,
    /// Scripts that have a word in sign-ins.
    pub actions: Actions,
    /// The discovery document, once somebody has asked for it: it changes only with the settings.
    pub discovery: OnceLock<Bytes>,
}

impl Tenant {
    /// The application with this `client_id`.
    pub fn application(&self, client_id: &str) -> Option<&Arc<Application>> {
        self.applications.get(client_id)
    }

    /// The API with this indicator.
    pub fn resource(&self, indicator: &str) -> Option<&Resource> {
        self.resources.get(indicator).map(|found| &found.resource)
    }

    /// The scopes of the API with this indicator, or of organizations under the name of all of them.
    pub fn scopes_of(&self, indicator: &str) -> Option<&ScopeSet> {
        if indicator == organization::RESOURCE {
            return Some(&self.organization_scopes);
        }
        self.resources.get(indicator).map(|found| &found.scopes)
    }

    /// What people call a connector.
    pub fn connector_name(&self, connector: &Connector) -> String {
        let language = &self.experience.language_info.fallback_language;
        let factory = || connectors::factory::find(&connector.factory);
        let name = connector.name.in_language(language);
        name.or_else(|| Some(factory()?.name))
            .unwrap_or(&connector.target)
            .to_owned()
    }

    /// The indicator of the resource that is assumed when a request names none.
    pub fn default_resource(&self) -> Option<&str> {
        self.resources
            .iter()
            .find(|(_, resource)| resource.is_default)
            .map(|(indicator, _)| indicator.as_str())
    }
}

/// An application and what it may get for itself.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its registration, as the protocol sees it.
    pub client: Client,
    /// Its secrets, as they are stored.
    pub secrets: Vec<ApplicationSecret>,
    /// By resource indicator: the scopes its roles give it (client credentials).
    pub scopes: HashMap<String, ScopeSet>,
    /// Whether only those may use it whom its rules name.
    pub access_control_enabled: bool,
    /// When it is third-party: what it may ask people for, besides what is about the person.
    pub consentable: Consentable,
    /// What it shows instead of the tenant's sign-in experience.
    pub sign_in_experience: Map<String, Value>,
}

/// What a third-party application may ask people for (`contract/logto-core.md` §3.15).
#[derive(Clone, Debug, Default)]
pub struct Consentable {
    /// Scopes of organizations.
    pub organization: ScopeSet,
    /// By resource indicator: scopes of APIs.
    pub resource: HashMap<String, ScopeSet>,
    /// By resource indicator: scopes of APIs where the person acts in an organization.
    pub organization_resource: HashMap<String, ScopeSet>,
}

/// An application secret.
#[derive(Clone, Debug)]
pub struct ApplicationSecret {
    /// `Secret::hash` of it.
    pub hash: String,
    /// When it stops working.
    pub expires_at: Option<Time>,
}

/// An API resource with its scopes.
#[derive(Clone, Debug)]
pub struct ApiResource {
    /// What the protocol needs.
    pub resource: Resource,
    /// The names of its scopes.
    pub scopes: ScopeSet,
    /// Whether it is assumed when a request names none.
    pub is_default: bool,
}
