//! The client credentials grant (RFC 6749 §4.4): an application acting for itself.

use crate::{
    client::Resource,
    error::{ErrorCode, OAuthError},
    resource,
    scope::ScopeSet,
};

/// Decides which API the token is for: the one that is asked for, else `default`.
///
/// `known` finds a resource by its indicator. `invalid_target` when there is none, it is unknown, or there are several (RFC 8707 §2).
pub fn target<'r>(
    default: Option<&str>,
    requested: &[String],
    known: impl Fn(&str) -> Option<&'r Resource>,
) -> Result<&'r Resource, OAuthError> {
    if let Some(asked_for) = resource::single(requested)? {
        return known(asked_for).ok_or_else(resource::unknown);
    }
    default
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
    use crate::{error::ErrorCode, samples::resource, scope::ScopeSet};

    #[test]
    fn t22_the_target_is_one_known_resource() {
        let (api, other) = (resource("https://api"), resource("https://other"));
        let known = |indicator: &str| {
            [&api, &other]
                .into_iter()
                .find(|r| r.indicator == indicator)
        };
        let preset = Some("https://other");
        for (default, requested, found) in [
            (None, &["https://api"][..], Some("https://api")),
            (None, &["https://api", "https://api"], Some("https://api")),
            (None, &["https://api", "https://other"], None),
            (None, &["https://nowhere"], None),
            (None, &[], None),
            (preset, &[], Some("https://other")),
            (preset, &["https://api"], Some("https://api")),
            (preset, &["https://nowhere"], None),
            (Some("https://gone"), &[], None),
        ] {
            let requested: Vec<_> = requested.iter().map(ToString::to_string).collect();
            match target(default, &requested, known) {
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
