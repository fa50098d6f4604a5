//! Registering applications (`contract/logto-core.md` §4, `contract/logto-api.md` §2.1).

use protocol::{client::ApplicationType, redirect_uri, secret::Secret, time::Time};
use serde_json::{Map, Value};
use store::{
    Source, Tx, Vault,
    application::{
        self, Application, CustomClientMetadata, OidcClientMetadata,
        access::Rules,
        secret::{self, ApplicationSecret},
    },
};
use url::Url;

use super::{OperationError, Refused};
use crate::random;

/// The name of the secret that an application begins with.
pub const DEFAULT_SECRET: &str = "Default secret";

/// An application that is to be registered.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// What people see it called.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its kind.
    pub kind: ApplicationType,
    /// Whether people are asked for consent.
    pub is_third_party: bool,
    /// Its addresses.
    pub oidc_client_metadata: OidcClientMetadata,
    /// Its settings.
    pub custom_client_metadata: CustomClientMetadata,
    /// What administrators store.
    pub custom_data: Map<String, Value>,
}

/// An application that was registered.
#[derive(Clone, Debug)]
pub struct Registered {
    /// As it is stored.
    pub application: Application,
    /// Its first secret, unless it cannot keep one.
    pub secret: Option<Secret>,
}

/// Registers an application, with a secret when its kind can keep one.
///
/// # Errors
/// When a setting cannot be, or the database fails.
pub async fn create(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    new: NewApplication,
    now: Time,
) -> Result<Registered, OperationError> {
    check(&new)?;
    let application = Application {
        id: random::id(21),
        name: new.name,
        description: new.description,
        kind: new.kind,
        is_third_party: new.is_third_party,
        access_control_enabled: false,
        oidc_client_metadata: new.oidc_client_metadata,
        custom_client_metadata: new.custom_client_metadata,
        custom_data: new.custom_data,
        created_at: now,
    };
    application::insert(tx, tenant, &application).await?;
    let mut secret = None;
    if !application.kind.is_public() {
        let name = DEFAULT_SECRET.to_owned();
        let made = add_secret(tx, vault, tenant, &application, name, None, now).await?;
        secret = Some(made.1);
    }
    Ok(Registered {
        application,
        secret,
    })
}

/// Registers an application whose id is known, without a secret.
///
/// # Errors
/// When a setting cannot be, the id is taken, or the database fails.
pub async fn register(
    tx: &mut Tx,
    tenant: &str,
    application: &Application,
) -> Result<(), OperationError> {
    check(&settings(application))?;
    Ok(application::insert(tx, tenant, application).await?)
}

/// Makes a secret for an application that can keep one.
///
/// # Errors
/// When it cannot, the name is taken, or the database fails.
pub async fn add_secret(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    application: &Application,
    name: String,
    expires_at: Option<Time>,
    now: Time,
) -> Result<(ApplicationSecret, Secret), OperationError> {
    if application.kind.is_public() {
        let message = "An application that runs with people, in a browser or on a device, cannot keep a secret.";
        return Err(Refused::new("entity.db_constraint_violated", message).into());
    }
    let value = random::application_secret();
    let record = ApplicationSecret {
        name,
        hash: value.hash(),
        expires_at,
        created_at: now,
    };
    secret::insert(tx, vault, tenant, &application.id, &record, &value).await?;
    Ok((record, value))
}

/// Writes an application that was changed; `before` are its settings when those were.
///
/// # Errors
/// When a setting cannot be, there is none, or the database fails.
pub async fn update(
    tx: &mut Tx,
    tenant: &str,
    application: &Application,
    before: Option<&CustomClientMetadata>,
) -> Result<(), OperationError> {
    check(&settings(application))?;
    if before.is_some_and(|before| {
        is_on(before, DEVICE_FLOW) != is_on(&application.custom_client_metadata, DEVICE_FLOW)
    }) {
        return Err(Refused::new(
            "application.device_flow_not_changeable",
            "isDeviceFlow is chosen when the application is registered.",
        )
        .into());
    }
    application::update(tx, tenant, application).await?;
    Ok(())
}

/// What can be wrong with an application.
fn settings(application: &Application) -> NewApplication {
    NewApplication {
        name: application.name.clone(),
        description: None,
        kind: application.kind,
        is_third_party: application.is_third_party,
        oidc_client_metadata: application.oidc_client_metadata.clone(),
        custom_client_metadata: application.custom_client_metadata.clone(),
        custom_data: Map::new(),
    }
}

const DEVICE_FLOW: &str = "isDeviceFlow";

fn is_on(settings: &CustomClientMetadata, name: &str) -> bool {
    settings.rest.get(name).is_some_and(|value| value == true)
}

/// The application with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<Application, OperationError> {
    application::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_exists("application", id).into())
}

/// The third-party application with this id.
///
/// # Errors
/// When there is none, it is not third-party, or the database fails.
pub async fn find_third_party(
    tx: &mut Tx,
    tenant: &str,
    id: &str,
) -> Result<Application, OperationError> {
    let found = find(&mut *tx, tenant, id).await?;
    if found.is_third_party {
        return Ok(found);
    }
    let message = "Only third-party applications need people's consent.";
    Err(Refused::new("application.third_party_application_only", message).into())
}

/// Access control that nobody passes would lock everybody out.
///
/// # Errors
/// When it is on and there are no rules.
pub fn check_access(is_enabled: bool, rules: &Rules) -> Result<(), Refused> {
    if is_enabled && rules.is_empty() {
        let message =
            "Access control needs at least one rule; write the rules first, or turn it off.";
        return Err(Refused::new("request.invalid_input", message).status(422));
    }
    Ok(())
}

/// Forgets an application, and everything that people allowed it.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn delete(tx: &mut Tx, tenant: &str, id: &str) -> Result<(), OperationError> {
    if application::delete(tx, tenant, id).await? {
        Ok(())
    } else {
        Err(Refused::not_found("application", id).into())
    }
}

/// SAML applications have more to them than this API says.
///
/// # Errors
/// When the application is one.
pub fn not_saml(kind: ApplicationType) -> Result<(), Refused> {
    if kind != ApplicationType::Saml {
        return Ok(());
    }
    let message = "SAML applications have an API of their own: /api/saml-applications.";
    Err(Refused::new("application.saml.use_saml_app_api", message))
}

fn check(new: &NewApplication) -> Result<(), Refused> {
    let custom = &new.custom_client_metadata;
    if new.name.trim().is_empty() || new.name.chars().count() > 256 {
        return Err(invalid("the name must have 1 to 256 characters"));
    }
    not_saml(new.kind)?;
    let may_be_third_party = matches!(
        new.kind,
        ApplicationType::Traditional | ApplicationType::Spa | ApplicationType::Native
    );
    if new.is_third_party && !may_be_third_party {
        return Err(Refused::new(
            "application.invalid_third_party_application_type",
            "an application of this kind cannot be third-party",
        ));
    }
    if new.is_third_party && is_on(custom, "allowTokenExchange") {
        return Err(Refused::new(
            "application.third_party_application_cannot_enable_token_exchange",
            "A third-party application cannot exchange tokens.",
        ));
    }
    if new.kind != ApplicationType::Native && is_on(custom, DEVICE_FLOW) {
        return Err(Refused::new(
            "application.device_flow_native_only",
            "Only native applications have the device flow.",
        ));
    }
    if new.kind == ApplicationType::Protected {
        return Err(Refused::new(
            "application.protected_app_metadata_is_required",
            "Applications behind a protecting proxy need Logto's cloud.",
        ));
    }
    let days = custom.refresh_token_ttl_in_days.unwrap_or(1);
    let seconds = [custom.id_token_ttl, custom.refresh_token_ttl];
    if !(1..=180).contains(&days) || seconds.into_iter().flatten().any(|life| life < 1) {
        return Err(invalid(
            "a refresh token lives 1 to 180 days, an ID token at least a second",
        ));
    }
    check_addresses(&new.oidc_client_metadata)?;
    let is_origin = |origin: &String| {
        Url::parse(origin).is_ok_and(|url| {
            url.origin().is_tuple() && url.origin().ascii_serialization() == *origin
        })
    };
    match custom
        .cors_allowed_origins
        .iter()
        .find(|origin| !is_origin(origin))
    {
        Some(origin) => Err(invalid(format!(
            "{origin:?} is not an origin, for example https://app.example.com"
        ))),
        None => Ok(()),
    }
}

fn check_addresses(oidc: &OidcClientMetadata) -> Result<(), Refused> {
    for uri in oidc
        .redirect_uris
        .iter()
        .chain(&oidc.post_logout_redirect_uris)
    {
        redirect_uri::validate(uri)
            .map_err(|fault| invalid(format!("{uri:?} cannot be registered: {fault}")))?;
    }
    for uri in oidc.backchannel_logout_uri.iter().chain(&oidc.logo_uri) {
        if !Url::parse(uri).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.fragment().is_none()
        }) {
            return Err(invalid(format!("{uri:?} is not an http or https address")));
        }
    }
    Ok(())
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::new("guard.invalid_input", message)
}

#[cfg(test)]
mod tests {
    use protocol::client::ApplicationType;

    use serde_json::Map;
    use store::application::{CustomClientMetadata, OidcClientMetadata};

    use super::{NewApplication, check};

    fn application() -> NewApplication {
        NewApplication {
            name: "Chat".into(),
            description: None,
            kind: ApplicationType::Traditional,
            is_third_party: false,
            oidc_client_metadata: OidcClientMetadata::default(),
            custom_client_metadata: CustomClientMetadata::default(),
            custom_data: Map::default(),
        }
    }

    #[test]
    fn an_ordinary_application_is_registered() {
        let mut new = application();
        new.is_third_party = true;
        new.oidc_client_metadata.redirect_uris = vec![
            "https://chat.example.com/callback".into(),
            "com.example.chat:/callback".into(),
        ];
        new.custom_client_metadata.cors_allowed_origins = vec![
            "https://chat.example.com".into(),
            "http://localhost:3000".into(),
        ];
        assert_eq!(check(&new), Ok(()));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        type Case = (fn(&mut NewApplication), &'static str);
        let cases: &[Case] = &[
            (|new| new.name = " ".into(), "name"),
            (|new| new.name = "x".repeat(257), "name"),
            (|new| new.kind = ApplicationType::Saml, "SAML"),
            (
                |new| {
                    new.kind = ApplicationType::MachineToMachine;
                    new.is_third_party = true;
                },
                "third-party",
            ),
            (
                |new| new.oidc_client_metadata.redirect_uris = vec!["javascript:alert(1)".into()],
                "cannot be registered",
            ),
            (
                |new| {
                    new.oidc_client_metadata.post_logout_redirect_uris =
                        vec!["https://a/#b".into()];
                },
                "cannot be registered",
            ),
            (
                |new| new.oidc_client_metadata.backchannel_logout_uri = Some("ftp://a".into()),
                "http or https",
            ),
            (
                |new| new.oidc_client_metadata.logo_uri = Some("data:image/png,x".into()),
                "http or https",
            ),
            (
                |new| new.custom_client_metadata.refresh_token_ttl_in_days = Some(181),
                "180 days",
            ),
            (
                |new| new.custom_client_metadata.id_token_ttl = Some(0),
                "a second",
            ),
            (
                |new| new.custom_client_metadata.cors_allowed_origins = vec!["https://a/b".into()],
                "not an origin",
            ),
        ];
        for (change, message) in cases {
            let mut new = application();
            change(&mut new);
            let refused = check(&new).unwrap_err();
            assert!(refused.message.contains(message), "{refused}");
        }
    }
}
