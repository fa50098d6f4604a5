use proptest::prelude::*;

use super::*;

/// One row: registered, requested, whether they match for a web client.
fn check(rows: &[(&str, &str, bool)]) {
    for (registered, requested, good) in rows {
        assert_eq!(validate(registered), Ok(()), "{registered}");
        assert_eq!(
            matches(registered, requested, false),
            *good,
            "{registered} for {requested}"
        );
    }
}

#[test]
fn addresses_are_compared_as_normalized_urls() {
    check(&[
        (
            "https://app.example.com/cb",
            "https://app.example.com/cb",
            true,
        ),
        (
            "https://app.example.com/cb",
            "HTTPS://APP.example.com:443/cb",
            true,
        ),
        ("https://app.example.com", "https://app.example.com/", true),
        (
            "https://app.example.com/cb",
            "https://app.example.com/cb/",
            false,
        ),
        (
            "https://app.example.com/cb",
            "https://app.example.com/CB",
            false,
        ),
        (
            "https://app.example.com/cb",
            "http://app.example.com/cb",
            false,
        ),
        (
            "https://app.example.com/cb",
            "https://app.example.com:8443/cb",
            false,
        ),
        (
            "https://app.example.com/cb?a=1",
            "https://app.example.com/cb?a=1",
            true,
        ),
        (
            "https://app.example.com/cb?a=1",
            "https://app.example.com/cb?a=1&b=2",
            false,
        ),
        (
            "https://app.example.com/cb",
            "https://app.example.com/cb?foo=bar",
            false,
        ),
        (
            "com.example.app://callback",
            "com.example.app://callback",
            true,
        ),
        (
            "com.example.app:/callback",
            "com.example.app:/callback",
            true,
        ),
        (
            "com.example.app://callback",
            "com.example.other://callback",
            false,
        ),
    ]);
}

#[test]
fn t01_user_information_is_never_part_of_an_address() {
    for uri in [
        "https://good.example.com@evil.com/cb",
        "https://user:pw@good.example.com/cb",
        "https://@good.example.com/cb",
        "https://a@b@good.example.com/cb",
        "https://evil.com\\@good.example.com/cb",
        "https://*@good.example.com/cb",
        "myapp://user@host/cb",
    ] {
        assert!(validate(uri).is_err(), "{uri}");
        for registered in [
            "https://good.example.com/cb",
            "https://*.example.com/cb",
            "https://good.example.com/*",
        ] {
            assert!(!matches(registered, uri, true), "{registered} for {uri}");
        }
    }
}

#[test]
fn t02_dot_segments_backslashes_and_control_characters_never_match() {
    for uri in [
        "https://app.example.com/cb/../evil",
        "https://app.example.com/cb/%2e%2e/evil",
        "https://app.example.com/cb/%2E./evil",
        "https://app.example.com/cb/..;/evil",
        "https://app.example.com/cb/..;a=b/evil",
        "https://app.example.com/cb/%252e%252e/evil",
        "https://app.example.com/cb/..%2fevil",
        "https://app.example.com/cb/..%5cevil",
        "https://app.example.com/cb/./evil",
        "https://app.example.com/cb\\..\\evil",
        "https://app.example.com/cb/\tevil",
        "https://app.example.com/cb/\nevil",
        "https://app.example.com/cb/ evil",
        "https://app.example.com/cb/\u{0}",
    ] {
        assert!(validate(uri).is_err(), "{uri:?}");
        for registered in [
            "https://app.example.com/cb/*",
            "https://app.example.com/evil",
            "https://app.example.com/cb/evil",
        ] {
            assert!(!matches(registered, uri, true), "{registered} for {uri:?}");
        }
    }
}

#[test]
fn t03_a_wildcard_never_crosses_a_dot_or_the_host_boundary() {
    check(&[
        (
            "https://*.example.com/cb",
            "https://pr-1.example.com/cb",
            true,
        ),
        (
            "https://*.example.com/cb",
            "https://PR-1.example.com/cb",
            true,
        ),
        (
            "https://*.example.com/cb",
            "https://a.b.example.com/cb",
            false,
        ),
        ("https://*.example.com/cb", "https://example.com/cb", false),
        ("https://*.example.com/cb", "https://.example.com/cb", false),
        (
            "https://*.example.com/cb",
            "https://evil.com/x.example.com/cb",
            false,
        ),
        (
            "https://*.example.com/cb",
            "https://evil.com?.example.com/cb",
            false,
        ),
        (
            "https://*.example.com/cb",
            "https://x.example.com.evil.com/cb",
            false,
        ),
        (
            "https://*.example.com/cb",
            "https://x.example.com:8443/cb",
            false,
        ),
        (
            "https://*.example.com:8443/cb",
            "https://x.example.com:8443/cb",
            true,
        ),
        (
            "https://pr-*-app.example.com/cb",
            "https://pr-7-app.example.com/cb",
            true,
        ),
        (
            "https://pr-*-app.example.com/cb",
            "https://pr--app.example.com/cb",
            false,
        ),
        (
            "https://pr*.example.com/cb",
            "https://pr.example.com/cb",
            false,
        ),
        (
            "https://*.example.com/cb",
            "https://*.example.com/cb",
            false,
        ),
        (
            "https://app.example.com/*/cb",
            "https://app.example.com/a/b/cb",
            true,
        ),
        (
            "https://app.example.com/*/cb",
            "https://app.example.com/a/b/cd",
            false,
        ),
        (
            "https://app.example.com/*",
            "https://app.example.com/",
            true,
        ),
        (
            "https://app.example.com/*",
            "https://app.example.com.evil.com/",
            false,
        ),
        (
            "https://app.example.com/*",
            "https://app.example.com/a?b=c",
            false,
        ),
        (
            "https://app.example.com/*?b=c",
            "https://app.example.com/a?b=c",
            true,
        ),
    ]);
}

#[test]
fn wildcards_stand_in_host_and_path_only_and_the_last_two_labels_are_literal() {
    for uri in [
        "https://*/cb",
        "https://*.com/cb",
        "https://example.*/cb",
        "https://a.*.com/cb",
        "https://*.example.com:*/cb",
        "https://app.example.com/cb?a=*",
        "http*://app.example.com/cb",
        "com.example.app://*",
        "http://[::*]/cb",
    ] {
        assert!(validate(uri).is_err(), "{uri}");
        assert!(!matches(uri, "https://app.example.com/cb", true), "{uri}");
    }
    assert_eq!(
        validate("https://*.com/cb"),
        Err(InvalidRedirectUri::Wildcard)
    );
}

#[test]
fn t04_only_native_clients_choose_the_port_and_only_of_the_same_loopback_address() {
    let rows = [
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true),
        ("http://127.0.0.1:8080/cb", "http://127.0.0.1/cb", true),
        ("http://localhost/cb", "http://localhost:51004/cb", true),
        ("http://[::1]/cb", "http://[::1]:51004/cb", true),
        ("http://localhost/cb", "http://127.0.0.1:51004/cb", false),
        ("http://127.0.0.1/cb", "http://[::1]:51004/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", false),
        (
            "http://127.0.0.1/cb",
            "http://127.0.0.1:51004/cb?a=b",
            false,
        ),
        ("https://localhost/cb", "https://localhost:51004/cb", false),
        (
            "http://localhost.evil.com/cb",
            "http://localhost.evil.com:51004/cb",
            false,
        ),
        ("http://127.0.0.2/cb", "http://127.0.0.2:51004/cb", false),
        ("http://10.0.0.1/cb", "http://10.0.0.1:51004/cb", false),
    ];
    for (registered, requested, native) in rows {
        assert_eq!(
            matches(registered, requested, true),
            native,
            "{registered} for {requested}"
        );
        assert!(
            !matches(registered, requested, false),
            "{registered} for {requested}"
        );
    }
}

#[test]
fn t05_schemes_that_run_script_and_fragments_are_refused() {
    for uri in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.com/1",
        "view-source:https://example.com",
    ] {
        assert_eq!(validate(uri), Err(InvalidRedirectUri::Scheme), "{uri}");
        assert!(!matches(uri, uri, true), "{uri}");
    }
    for uri in [
        "https://app.example.com/cb#a",
        "https://app.example.com/cb#",
        "https://*.example.com/#x",
    ] {
        assert_eq!(validate(uri), Err(InvalidRedirectUri::Fragment), "{uri}");
    }
}

#[test]
fn relative_and_half_addresses_are_refused() {
    for uri in [
        "",
        "/cb",
        "//app.example.com/cb",
        "app.example.com",
        "https:app.example.com/cb",
        "https:///app.example.com/cb",
        "https://",
    ] {
        assert!(validate(uri).is_err(), "{uri}");
    }
}

#[test]
fn origins_are_those_of_registered_addresses() {
    let rows = [
        (
            "https://app.example.com/cb",
            "https://app.example.com",
            true,
        ),
        (
            "https://app.example.com/cb",
            "https://app.example.com:443",
            true,
        ),
        (
            "https://app.example.com/cb",
            "http://app.example.com",
            false,
        ),
        ("https://app.example.com/cb", "https://evil.com", false),
        ("https://app.example.com/cb", "null", false),
        ("https://*.example.com/cb", "https://pr-1.example.com", true),
        ("https://*.example.com/cb", "https://a.b.example.com", false),
        ("http://localhost:3000/cb", "http://localhost:3000", true),
        ("http://localhost:3000/cb", "http://localhost:3001", false),
        (
            "com.example.app://callback",
            "com.example.app://callback",
            false,
        ),
    ];
    for (registered, origin, good) in rows {
        assert_eq!(
            has_origin(registered, origin),
            good,
            "{registered} for {origin}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_that_is_typed_makes_the_comparison_fail(registered in "\\PC*", requested in "\\PC*") {
        let _ = validate(&registered);
        let _ = matches(&registered, &requested, true);
    }

    #[test]
    fn a_valid_address_without_wildcards_matches_itself(uri in "https://[a-z]{1,8}\\.example(:[1-9][0-9]{0,3})?(/[a-z0-9;.%]{0,6}){0,3}(\\?[a-z=&]{0,8})?") {
        prop_assert_eq!(validate(&uri).is_ok(), matches(&uri, &uri, false));
    }

    #[test]
    fn t03_what_a_wildcard_accepts_stays_at_its_host(requested in "https://[a-z.@/\\\\?#:;%]{0,12}(\\.example\\.com)?[a-z.@/\\\\?#:;%]{0,12}") {
        if matches("https://*.example.com/*", &requested, false) {
            let host = Url::parse(&requested).unwrap().host_str().unwrap().to_owned();
            prop_assert!(host.ends_with(".example.com") && host.split('.').count() == 3, "{}", host);
        }
    }
}
