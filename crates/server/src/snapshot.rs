//! All settings of all tenants, in memory: replaced as a whole when something changes.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

use identity::experience::SignInExperience;
use protocol::{
    client::{ApplicationType, Resource},
    jose::{KeyRing, SigningAlgorithm},
    scope::ScopeSet,
};
use serde_json::{Map, Value};
use store::{
    Db, StoreError, Vault,
    seed::ADMIN_TENANT,
    snapshot::{RegisteredApplication, RegisteredResource, TenantSnapshot},
};

use crate::{
    api::saml,
    builtin,
    cimd::{self, Ceiling},
    config::Config,
    script::{action::Actions, customizer::Customizers},
    tenant::{ApiResource, Application, ApplicationSecret, Consentable, Tenant},
};

/// Life of a session in seconds, unless `oidc.session` says otherwise.
const SESSION_TTL: i64 = 14 * 86_400;

/// The settings at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// Their number in the database: it grows with every change.
    pub version: i64,
    /// Tenants by id.
    pub tenants: HashMap<String, Arc<Tenant>>,
}

impl Snapshot {
    /// Reads everything. A tenant without an address of its own is left out: nobody could reach it.
    pub async fn load(db: &Db, vault: &Vault, config: &Config) -> Result<Self, StoreError> {
        let stored = store::snapshot::load(db, vault).await?;
        let mut tenants = HashMap::new();
        for (id, settings) in stored.tenants {
            let Some(endpoint) = config.addresses.endpoint(&id) else {
                continue;
            };
            let tenant = tenant(id.clone(), endpoint, settings, config);
            tenants.insert(id, Arc::new(tenant));
        }
        Ok(Self {
            version: stored.version,
            tenants,
        })
    }
}

fn tenant(id: String, endpoint: String, settings: TenantSnapshot, config: &Config) -> Tenant {
    let experience = experience(&id, settings.sign_in_experience.as_ref(), config);
    let registered = settings.applications.into_values();
    let registered = registered.map(|found| application(found, &experience, &endpoint));
    let mut applications: HashMap<_, _> = registered
        .map(|app| (app.client.id.clone(), Arc::new(app)))
        .collect();
    for client in builtin::clients(&id, &endpoint) {
        let builtin = Application {
            display_name: client.name.clone(),
            client,
            secrets: Vec::new(),
            scopes: HashMap::new(),
            access_control_enabled: false,
            consentable: Consentable::default(),
            experience: None,
            document: None,
        };
        applications.insert(builtin.client.id.clone(), Arc::new(builtin));
    }
    if let Some(console) = applications
        .get_mut(builtin::ADMIN_CONSOLE)
        .filter(|_| id == ADMIN_TENANT)
    {
        builtin::complete_admin_console(Arc::make_mut(console), &config.addresses);
    }
    let keys = settings
        .signing_keys
        .into_iter()
        .map(|stored| (stored.status, stored.key))
        .collect();
    Tenant {
        issuer: format!("{endpoint}/oidc"),
        applications,
        cimd: ceiling(settings.configs.get(cimd::SETTING), settings.cimd, config),
        resources: settings
            .resources
            .into_iter()
            .map(|(indicator, found)| (indicator, resource(found)))
            .collect(),
        organization_scopes: settings
            .organization_scopes
            .iter()
            .map(String::as_str)
            .collect(),
        connectors: settings.connectors,
        hooks: settings.hooks,
        experience,
        keys: KeyRing::new(keys),
        cookie_keys: settings
            .cookie_keys
            .iter()
            .map(|key| key.value.to_vec())
            .collect(),
        session_ttl: settings
            .configs
            .get("oidc.session")
            .and_then(|session| session["ttl"].as_i64())
            .unwrap_or(SESSION_TTL),
        actions: Actions::read(|name| settings.configs.get(name)),
        customizers: Customizers::read(|name| settings.configs.get(name)),
        discovery: OnceLock::new(),
        id_token_claims: extended_claims(settings.configs.get("idToken")),
        id,
        endpoint,
    }
}

fn application(
    registered: RegisteredApplication,
    experience: &SignInExperience,
    endpoint: &str,
) -> Application {
    let own = registered.sign_in_experience.unwrap_or_default();
    let secret = |secret: store::application::secret::ApplicationSecret| ApplicationSecret {
        hash: secret.hash,
        expires_at: secret.expires_at,
    };
    let consentable = registered.consentable;
    let user_scopes = set(&consentable.user_scopes);
    let mut client = registered.application.client();
    client.user_scopes = user_scopes;
    if client.kind == ApplicationType::Saml {
        client.redirect_uris = vec![saml::callback_address(endpoint, &client.id)];
    }
    Application {
        client,
        secrets: registered.secrets.into_iter().map(secret).collect(),
        scopes: sets(registered.scopes),
        access_control_enabled: registered.application.access_control_enabled,
        consentable: consentables(consentable),
        display_name: own
            .get("displayName")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
            .map_or(registered.application.name, str::to_owned),
        experience: (!own.is_empty()).then(|| own_experience(experience, &own)),
        document: None,
    }
}

fn consentables(stored: store::application::consentable::Consentable) -> Consentable {
    Consentable::new(
        set(&stored.organization_scopes),
        sets(stored.resource_scopes),
        sets(stored.organization_resource_scopes),
    )
}

/// What unregistered clients may ask for. Where every private address may be called there are none: anybody could have them called.
fn ceiling(
    setting: Option<&Value>,
    stored: store::application::consentable::Consentable,
    config: &Config,
) -> Option<Ceiling> {
    (cimd::is_enabled(setting) && !config.outbound.everything).then(|| Ceiling {
        user_scopes: set(&stored.user_scopes),
        consentable: consentables(stored),
    })
}

/// What an application shows: of colours and pictures it says some, and what it leaves empty stays the tenant's.
fn own_experience(tenants: &SignInExperience, own: &Map<String, Value>) -> SignInExperience {
    let Ok(Value::Object(before)) = serde_json::to_value(tenants) else {
        return tenants.clone();
    };
    let mut document = Map::new();
    for (name, value) in own {
        let whole = match (before.get(name), value) {
            (Some(Value::Object(whole)), Value::Object(part)) => {
                let mut whole = whole.clone();
                whole.extend(part.clone());
                Value::Object(whole)
            }
            (_, Value::Null) => continue,
            (_, Value::String(text)) if text.is_empty() => continue,
            _ => value.clone(),
        };
        document.insert(name.clone(), whole);
    }
    tenants.clone().overlaid(&document)
}

fn set(names: &[String]) -> ScopeSet {
    names.iter().map(String::as_str).collect()
}

fn sets(by_indicator: BTreeMap<String, Vec<String>>) -> HashMap<String, ScopeSet> {
    let pairs = by_indicator.into_iter();
    pairs
        .map(|(indicator, names)| (indicator, set(&names)))
        .collect()
}

fn resource(registered: RegisteredResource) -> ApiResource {
    let stored = registered.resource;
    ApiResource {
        resource: Resource {
            indicator: stored.indicator,
            access_token_ttl: stored.access_token_ttl,
            algorithm: stored.signing_algorithm.unwrap_or(SigningAlgorithm::ES384),
        },
        scopes: registered
            .scopes
            .iter()
            .map(|scope| scope.name.as_str())
            .collect(),
        is_default: stored.is_default,
    }
}

/// What does not read in the stored document is as the tenant's seed has it.
fn experience(tenant_id: &str, stored: Option<&Value>, config: &Config) -> SignInExperience {
    let seed = if tenant_id == ADMIN_TENANT {
        SignInExperience::admin()
    } else {
        SignInExperience::default()
    };
    let mut experience = match stored {
        Some(Value::Object(document)) => seed.overlaid(document),
        _ => seed,
    };
    experience.username_policy.case_sensitive &= config.case_sensitive_username;
    experience
}

fn extended_claims(setting: Option<&Value>) -> Vec<String> {
    let listed = setting.and_then(|setting| setting["enabledExtendedClaims"].as_array());
    listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
