//! Which pages of other origins may call the endpoints of a client (`contract/logto-core.md` §3.13).

use crate::{client::Client, redirect_uri};

/// Whether a page of `origin` may call as `client`: a page of the server itself, of an origin that the client listed, or
/// of one of its redirection addresses.
pub fn is_allowed(origin: &str, client: &Client, own_origin: &str) -> bool {
    let listed = |listed: &String| {
        listed.trim_end_matches('/').eq_ignore_ascii_case(origin)
            || redirect_uri::has_origin(listed, origin)
    };
    origin != "null"
        && (origin.eq_ignore_ascii_case(own_origin)
            || client.cors_allowed_origins.iter().any(listed)
            || client
                .redirect_uris
                .iter()
                .any(|registered| redirect_uri::has_origin(registered, origin)))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;
    use crate::{client::ApplicationType::Spa, samples::client};

    #[test]
    fn listed_origins_those_of_redirect_uris_and_our_own_are_allowed() {
        let mut client = client(Spa);
        client
            .redirect_uris
            .push("https://*.preview.example.com/cb".to_owned());
        client.cors_allowed_origins = vec![
            "https://api.example.com/".to_owned(),
            "capacitor://localhost".to_owned(),
            "null".to_owned(),
        ];
        for (origin, allowed) in [
            ("https://id.example.com", true),
            ("https://chat.example.com", true),
            ("https://api.example.com", true),
            ("capacitor://localhost", true),
            ("https://pr-1.preview.example.com", true),
            ("https://a.b.preview.example.com", false),
            ("http://chat.example.com", false),
            ("https://chat.example.com:8443", false),
            ("https://chat.example.com.evil.com", false),
            ("https://evil.com", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(
                is_allowed(origin, &client, "https://id.example.com"),
                allowed,
                "{origin}"
            );
        }
    }
}
