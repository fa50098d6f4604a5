//! What the server holds in memory for one tenant.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, OnceLock},
};

use axum::body::Bytes;
use identity::{connector::Connector, experience::SignInExperience};
use protocol::{
    client::{Client, Resource},
    client_metadata::{self, ClientMetadata},
    jose::KeyRing,
    organization,
    scope::ScopeSet,
    time::Time,
};
use store::hook::Subscription;

use crate::{
    cimd::Ceiling,
    script::{action::Actions, customizer::Customizers},
};

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
    /// What clients may ask for that nobody registered; `None` where there are none.
    pub cimd: Option<Ceiling>,
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

    /// Whether this `client_id` can only mean the document at its address: nobody registered it.
    pub fn is_document(&self, client_id: &str) -> bool {
        client_metadata::is_address(client_id) && self.application(client_id).is_none()
    }

    /// What people see an application called; an unregistered one by its host. Empty when there is none.
    pub fn application_name(&self, client_id: &str) -> String {
        let registered = self.application(client_id);
        registered
            .map(|application| application.display_name.clone())
            .or_else(|| {
                client_metadata::host(client_id).filter(|_| client_metadata::is_address(client_id))
            })
            .unwrap_or_default()
    }

    /// The sign-in experience on the way to an application; the tenant's own where the application has none, or does not exist.
    pub fn experience_of(&self, client_id: &str) -> &SignInExperience {
        let own = self.application(client_id);
        own.and_then(|application| application.experience.as_ref())
            .unwrap_or(&self.experience)
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

    /// The same as far as an application may ask people for them.
    pub fn scopes_for<'a>(
        &'a self,
        application: &'a Application,
        indicator: &str,
    ) -> Option<&'a ScopeSet> {
        let scopes = self.scopes_of(indicator)?;
        if application.client.is_third_party {
            return Some(application.consentable.of(indicator));
        }
        Some(scopes)
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
    /// What people see it called.
    pub display_name: String,
    /// The tenant's sign-in experience with the application's own in it, if it has one.
    pub experience: Option<SignInExperience>,
    /// What it says of itself, when nobody registered it.
    pub document: Option<Arc<ClientMetadata>>,
}

/// What a third-party application may ask people for (`contract/logto-core.md` §3.15).
#[derive(Clone, Debug, Default)]
pub struct Consentable {
    organization: ScopeSet,
    resource: HashMap<String, ScopeSet>,
    organization_resource: HashMap<String, ScopeSet>,
    all: HashMap<String, ScopeSet>,
}

impl Consentable {
    /// Scopes of organizations, and those of APIs by their indicators: for all that the person may do there, and for what they
    /// may do in an organization.
    pub fn new(
        organization: ScopeSet,
        resource: HashMap<String, ScopeSet>,
        organization_resource: HashMap<String, ScopeSet>,
    ) -> Self {
        let mut all = resource.clone();
        for (indicator, scopes) in &organization_resource {
            let entry = all.entry(indicator.clone()).or_default();
            for scope in scopes.iter() {
                entry.insert(scope);
            }
        }
        all.insert(organization::RESOURCE.to_owned(), organization.clone());
        Self {
            organization,
            resource,
            organization_resource,
            all,
        }
    }

    /// What may be asked for at the authorization endpoint.
    fn of(&self, indicator: &str) -> &ScopeSet {
        self.all.get(indicator).unwrap_or(&NOTHING)
    }

    /// What an organization token may carry.
    pub const fn of_organization(&self) -> &ScopeSet {
        &self.organization
    }

    /// What a token for an API may carry, perhaps for what the person may do in one organization only.
    pub fn of_api(&self, indicator: &str, in_organization: bool) -> &ScopeSet {
        let scopes = if in_organization {
            &self.organization_resource
        } else {
            &self.resource
        };
        scopes.get(indicator).unwrap_or(&NOTHING)
    }
}

static NOTHING: LazyLock<ScopeSet> = LazyLock::new(ScopeSet::default);

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
