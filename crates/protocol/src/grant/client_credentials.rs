//! The client credentials grant (RFC 6749 §4.4): an application acting for itself.

use crate::{
    client::{Client, Resource},
    error::{ErrorCode, OAuthError},
    resource,
    scope::ScopeSet,
};

/// Decides which API the token is for: the one that is asked for, else the client's default.
///
/// `known` finds a resource by its indicator. `invalid_target` when there is none, it is unknown, or there are several (RFC 8707 §2).
pub fn target<'r>(
    client: &Client,
    requested: &[String],
    known: impl Fn(&str) -> Option<&'r Resource>,
) -> Result<&'r Resource, OAuthError> {
    if let Some(asked_for) = resource::single(requested)? {
        return known(asked_for).ok_or_else(resource::unknown);
    }
    client
        .default_resource
        .as_deref()
        .and_then(known)
        .ok_or_else(|| OAuthError::new(ErrorCode::InvalidTarget, "resource is missing"))
}

/// The scope of the token: what the application's roles give for the API, narrowed to what the request names.
/// Without `scope` it is everything they give.
pub fn scope(held: &ScopeSet, requested: Option<&str>) -> ScopeSet {
    super::refresh::narrow(held, requested)
}

#[cfg(test)]
mod tests {
    use super::{scope, target};
    use crate::{
        client::ApplicationType::MachineToMachine,
        error::ErrorCode,
        samples::{client, resource},
        scope::ScopeSet,
    };

    #[test]
    fn t22_the_target_is_one_known_resource() {
        let (api, other) = (resource("https://api"), resource("https://other"));
        let known = |indicator: &str| {
            [&api, &other]
                .into_iter()
                .find(|r| r.indicator == indicator)
        };
        let plain = client(MachineToMachine);
        let mut preset = plain.clone();
        preset.default_resource = Some("https://other".to_owned());
        for (client, requested, found) in [
            (&plain, &["https://api"][..], Some("https://api")),
            (&plain, &["https://api", "https://api"], Some("https://api")),
            (&plain, &["https://api", "https://other"], None),
            (&plain, &["https://nowhere"], None),
            (&plain, &[], None),
            (&preset, &[], Some("https://other")),
            (&preset, &["https://api"], Some("https://api")),
            (&preset, &["https://nowhere"], None),
        ] {
            let requested: Vec<_> = requested.iter().map(ToString::to_string).collect();
            match target(client, &requested, known) {
                Ok(resource) => assert_eq!(Some(&*resource.indicator), found),
                Err(refused) => {
                    assert_eq!(refused.code, ErrorCode::InvalidTarget);
                    assert_eq!(found, None, "{requested:?}");
                }
            }
        }
    }

    #[test]
    fn scope_is_what_the_roles_give_narrowed_by_the_request() {
        let held = ScopeSet::parse("read write");
        assert_eq!(scope(&held, None).to_string(), "read write");
        assert_eq!(scope(&held, Some("write admin")).to_string(), "write");
    }
}
