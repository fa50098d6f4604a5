//! APIs that access tokens are made for, and who may use them.

use protocol::time::Time;
use store::{
    Source, Tx,
    resource::{self, Resource, Scope},
    role::{self, Role, RoleType},
};
use url::Url;

use super::{OperationError, Refused};
use crate::random;

/// The API with this indicator, which is registered when it is not; `true` when it was.
///
/// # Errors
/// When the indicator is not an absolute URI without a fragment (RFC 8707 §2), or the database fails.
pub async fn find_or_create(
    tx: &mut Tx,
    tenant: &str,
    indicator: &str,
    now: Time,
) -> Result<(Resource, bool), OperationError> {
    let indicator = check(indicator)?;
    if let Some(known) = resource::find_by_indicator(&mut *tx, tenant, indicator).await? {
        return Ok((known, false));
    }
    let new = Resource {
        id: random::id(21),
        name: name(indicator),
        indicator: indicator.to_owned(),
        is_default: false,
        access_token_ttl: 3600,
        signing_algorithm: None,
    };
    resource::insert(tx, tenant, &new).await?;
    let all = Scope {
        id: random::id(21),
        resource_id: new.id.clone(),
        name: "all".to_owned(),
        description: Some("Everything this API offers.".to_owned()),
        created_at: now,
    };
    resource::insert_scope(tx, tenant, &all).await?;
    Ok((new, true))
}

/// Lets an application that acts for itself ask for everything that the API offers, through a role of its own.
///
/// # Errors
/// When the database fails.
pub async fn give_machine(
    tx: &mut Tx,
    tenant: &str,
    application_id: &str,
    application_name: &str,
    resource: &Resource,
) -> Result<Role, OperationError> {
    let id = random::id(21);
    let role = Role {
        name: format!(
            "{application_name} at {} ({})",
            resource.name,
            id.get(..6).unwrap_or_default()
        ),
        id,
        description: format!(
            "Everything that {} offers, for {application_name}.",
            resource.indicator
        ),
        kind: RoleType::MachineToMachine,
        is_default: false,
    };
    role::insert(tx, tenant, &role).await?;
    for scope in resource::scopes(&mut *tx, tenant, &resource.id).await? {
        role::add_scope(tx, tenant, &role.id, &scope.id).await?;
    }
    role::give_application(tx, tenant, application_id, &role.id).await?;
    Ok(role)
}

/// The API with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find(source: impl Source, tenant: &str, id: &str) -> Result<Resource, OperationError> {
    resource::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_exists("API resource", id).into())
}

/// The life of access tokens in seconds, if it is one: a second to a year.
pub fn check_life(seconds: Option<i64>) -> Result<Option<i64>, Refused> {
    match seconds {
        Some(life) if !(1..=31_536_000).contains(&life) => Err(Refused::new(
            "guard.invalid_input",
            "accessTokenTtl must be 1 to 31536000 seconds",
        )),
        seconds => Ok(seconds),
    }
}

/// The indicator, if it is an absolute URI without a fragment (RFC 8707 §2).
pub fn check(indicator: &str) -> Result<&str, Refused> {
    let is_uri = Url::parse(indicator).is_ok_and(|url| url.fragment().is_none());
    if !is_uri
        || indicator.len() > 256
        || indicator.contains(|character: char| character.is_whitespace() || character == ',')
    {
        let message = format!(
            "{indicator:?} is not an absolute URI without a fragment, for example https://api.example.com"
        );
        return Err(Refused::new("guard.invalid_input", message));
    }
    Ok(indicator)
}

fn name(indicator: &str) -> String {
    let host = Url::parse(indicator)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| indicator.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{check, name};

    #[test]
    fn an_indicator_is_an_absolute_uri_without_a_fragment() {
        for indicator in [
            "https://api.example.com",
            "http://10.0.0.1:8080/a?b=c",
            "urn:example:api",
            "api://chat",
        ] {
            assert_eq!(check(indicator), Ok(indicator));
        }
        for indicator in [
            "",
            "api.example.com",
            "/api",
            "https://a/#b",
            "https://a b",
            "https://a,https://b",
        ] {
            assert!(check(indicator).is_err(), "{indicator}");
        }
    }

    #[test]
    fn an_api_is_called_after_its_host() {
        assert_eq!(name("https://api.example.com/v1"), "api.example.com");
        assert_eq!(name("urn:example:api"), "urn:example:api");
    }
}
