//! The `resource` parameter (RFC 8707) and its Auth0 twin `audience`: which API an access token is for.

use crate::{
    client::{Client, Resource},
    error::{ErrorCode, OAuthError},
    record::Grant,
};

/// Reads every `resource` and `audience` of a request: each may be repeated, and lists by comma or space are taken apart.
///
/// Each indicator stands once. The address of the userinfo endpoint is left out: Auth0's clients name it, and every
/// token with `openid` works there anyway.
pub fn indicators<'a>(parameters: impl IntoIterator<Item = &'a str>, issuer: &str) -> Vec<String> {
    let mut indicators: Vec<String> = Vec::new();
    let values = parameters
        .into_iter()
        .flat_map(|value| value.split([',', ' ']));
    for value in values {
        let is_userinfo = value.strip_prefix(issuer) == Some("/me");
        if !value.is_empty() && !is_userinfo && !indicators.iter().any(|known| known == value) {
            indicators.push(value.to_owned());
        }
    }
    indicators
}

/// Decides which API the access token of a grant is for; `None` means an opaque token for this server itself.
///
/// The request may name one known resource (third-party clients: one that the grant names). Otherwise it is the
/// resource that the authorization request named, if it named just one that is still known. `invalid_target` else.
pub fn choose<'r>(
    requested: &[String],
    grant: &Grant,
    client: &Client,
    known: impl Fn(&str) -> Option<&'r Resource>,
) -> Result<Option<&'r Resource>, OAuthError> {
    match single(requested)? {
        Some(indicator) => {
            let consented = grant.resources.iter().any(|granted| granted == indicator);
            if client.is_third_party && !consented {
                return Err(OAuthError::new(
                    ErrorCode::InvalidTarget,
                    "the resource was not granted",
                ));
            }
            known(indicator).map(Some).ok_or_else(unknown)
        }
        None => Ok(match &*grant.resources {
            [only] => known(only),
            _ => None,
        }),
    }
}

/// The only indicator of a token request; several are `invalid_target`, since a token has one audience.
pub(crate) fn single(requested: &[String]) -> Result<Option<&String>, OAuthError> {
    match requested {
        [] => Ok(None),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => Ok(Some(first)),
        _ => Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "only one resource may be named in a token request",
        )),
    }
}

/// What a request is told that names a resource nobody registered.
pub fn unknown() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidTarget, "the resource is unknown")
}

/// Whether an API is one of the server's own, by Logto's fixed names (`contract/logto-core.md` §3.17).
pub fn is_management(indicator: &str) -> bool {
    indicator
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once(".logto.app/"))
        .is_some_and(|(tenant, path)| !tenant.contains('/') && matches!(path, "api" | "me"))
}

#[cfg(test)]
mod tests {
    use super::{choose, indicators};
    use crate::{
        client::ApplicationType::Traditional,
        error::ErrorCode,
        samples::{client, grant, resource},
    };

    const ISSUER: &str = "https://id.example.com/oidc";

    #[test]
    fn audience_lists_and_repetitions_are_taken_apart() {
        for (parameters, read) in [
            (&[][..], &[][..]),
            (&["https://a"], &["https://a"]),
            (&["https://a", "https://b"], &["https://a", "https://b"]),
            (&["https://a,https://b"], &["https://a", "https://b"]),
            (
                &["https://a https://b", "https://a"],
                &["https://a", "https://b"],
            ),
            (&["", " , "], &[]),
            (
                &["https://a", "https://id.example.com/oidc/me"],
                &["https://a"],
            ),
            (
                &["https://id.example.com/oidc/menu"],
                &["https://id.example.com/oidc/menu"],
            ),
        ] {
            let parameters = parameters.iter().copied();
            assert_eq!(indicators(parameters, ISSUER), read);
        }
    }

    #[test]
    fn t22_the_token_is_for_the_resource_asked_for_or_remembered() {
        let (api, other) = (resource("https://api"), resource("https://other"));
        let known = |indicator: &str| {
            [&api, &other]
                .into_iter()
                .find(|r| r.indicator == indicator)
        };
        let first_party = client(Traditional);
        let mut third_party = first_party.clone();
        third_party.is_third_party = true;
        let refused = Err(ErrorCode::InvalidTarget);
        for (client, remembered, requested, expected) in [
            (&first_party, &[][..], &[][..], Ok(None)),
            (&first_party, &["https://api"], &[], Ok(Some("https://api"))),
            (
                &first_party,
                &["https://api", "https://other"],
                &[],
                Ok(None),
            ),
            (&first_party, &["https://gone"], &[], Ok(None)),
            (
                &first_party,
                &["https://api"],
                &["https://other"],
                Ok(Some("https://other")),
            ),
            (
                &first_party,
                &["https://api"],
                &["https://nowhere"],
                refused,
            ),
            (&first_party, &["https://gone"], &["https://gone"], refused),
            (
                &first_party,
                &[],
                &["https://api", "https://other"],
                refused,
            ),
            (
                &first_party,
                &[],
                &["https://api", "https://api"],
                Ok(Some("https://api")),
            ),
            (&third_party, &["https://api"], &[], Ok(Some("https://api"))),
            (
                &third_party,
                &["https://api"],
                &["https://api"],
                Ok(Some("https://api")),
            ),
            (&third_party, &["https://api"], &["https://other"], refused),
        ] {
            let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
            let mut grant = grant("openid");
            grant.resources = owned(remembered);
            let chosen = choose(&owned(requested), &grant, client, known)
                .map(|resource| resource.map(|resource| &*resource.indicator))
                .map_err(|refused| refused.code);
            assert_eq!(chosen, expected, "{remembered:?} {requested:?}");
        }
    }
}
