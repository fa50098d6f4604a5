use proptest::prelude::*;
use serde_json::json;

use super::{InvalidMetadata::*, *};
use crate::grant::GrantType;

const ID: &str = "https://mcp.example.com/oauth/client.json";

/// A good document with these members instead of, or beside, its own; `null` takes one out.
fn document(changes: &Value) -> Vec<u8> {
    let mut members = json!({
        "client_id": ID,
        "client_name": "Example Desktop",
        "redirect_uris": ["http://127.0.0.1:33418/", "https://mcp.example.com/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.as_object_mut().unwrap().remove(name);
        } else {
            members[name] = value.clone();
        }
    }
    members.to_string().into_bytes()
}

fn read(changes: &Value) -> Result<ClientMetadata, InvalidMetadata> {
    ClientMetadata::read(ID, &document(changes))
}

#[test]
fn a_client_id_is_an_https_address_with_a_path() {
    for id in [
        ID,
        "https://claude.ai/oauth/mcp-oauth-client-metadata",
        "https://claude.ai/oauth/claude-code-client-metadata",
        "https://vscode.dev/oauth/client-metadata.json",
        "https://opencode.ai/oauth/opencode/client.json",
        "https://example.com/",
        "https://example.com:8443/client",
        "https://example.com/client?v=2",
        "https://xn--bcher-kva.example/client",
        "https://example.com/a..b/...c",
    ] {
        assert_eq!(check_client_id(id), Ok(()), "{id}");
    }
}

#[test]
fn t44_other_client_ids_name_no_document() {
    use InvalidClientId::*;
    use InvalidRedirectUri::{DotSegment, Fragment, Malformed, UserInfo};
    for (id, why) in [
        ("http://example.com/client", Scheme),
        ("HTTPS://example.com/client", Scheme),
        ("chat", Scheme),
        ("", Scheme),
        ("https://example.com", Spelling),
        ("https://EXAMPLE.com/client", Spelling),
        ("https://example.com:443/client", Spelling),
        ("https://bücher.example/client", Spelling),
        ("https://example.com/cliënt", Spelling),
        ("https://2130706433/client", Spelling),
        ("https://example.com/client#", Address(Fragment)),
        ("https://example.com/client#top", Address(Fragment)),
        ("https://ann@example.com/client", Address(UserInfo)),
        ("https://@example.com/client", Address(UserInfo)),
        ("https://ann:x@example.com/client", Address(UserInfo)),
        ("https://example.com/a/../client", Address(DotSegment)),
        ("https://example.com/./client", Address(DotSegment)),
        ("https://example.com/a/%2e%2E/client", Address(DotSegment)),
        ("https://example.com/a/..;/client", Address(DotSegment)),
        ("https:///example.com/client", Address(Malformed)),
        ("https://example.com/cl ient", Address(Malformed)),
        ("https://example.com/cl\nient", Address(Malformed)),
        ("https://example.com\\client", Address(Malformed)),
        ("https://", Address(Malformed)),
    ] {
        assert_eq!(check_client_id(id), Err(why), "{id:?}");
    }
    let long = format!("https://example.com/{}", "a".repeat(LONGEST_CLIENT_ID));
    assert_eq!(check_client_id(&long), Err(TooLong));
    let longest = &long[..LONGEST_CLIENT_ID];
    assert_eq!(check_client_id(longest), Ok(()));
}

#[test]
fn a_document_says_where_people_go_back_to_and_what_the_client_calls_itself() {
    let metadata = read(&json!({})).unwrap();
    assert_eq!(metadata.client_id, ID);
    assert_eq!(metadata.name.as_deref(), Some("Example Desktop"));
    assert_eq!(metadata.redirect_uris.len(), 2);
    let least = json!({
        "client_name": null, "grant_types": null, "response_types": null, "token_endpoint_auth_method": null,
    });
    assert_eq!(read(&least).unwrap().name, None);
}

#[test]
fn t44_unknown_members_are_passed_over() {
    let changes = json!({
        "software_statement": {"deep": [1, 2]}, "logo_uri": 7, "jwks": [], "scope": "all", "application_type": "web",
        "tos_uri": "https://example.com/tos", "mcp_version": "2026-07-28",
    });
    assert_eq!(read(&changes), read(&json!({})));
}

#[test]
fn t44_a_document_that_speaks_for_another_or_cannot_be_served_is_refused() {
    for (changes, why) in [
        (json!({"client_id": null}), OtherClientId),
        (json!({"client_id": format!("{ID}/")}), OtherClientId),
        (
            json!({"client_id": "https://MCP.example.com/oauth/client.json"}),
            OtherClientId,
        ),
        (json!({"client_id": [ID]}), OtherClientId),
        (json!({"client_secret": "s"}), Secret("client_secret")),
        (
            json!({"client_secret_expires_at": 0}),
            Secret("client_secret_expires_at"),
        ),
        (
            json!({"token_endpoint_auth_method": "client_secret_basic"}),
            AuthMethod,
        ),
        (
            json!({"token_endpoint_auth_method": "client_secret_post"}),
            AuthMethod,
        ),
        (
            json!({"token_endpoint_auth_method": "client_secret_jwt"}),
            AuthMethod,
        ),
        (
            json!({"token_endpoint_auth_method": "private_key_jwt"}),
            AuthMethod,
        ),
        (json!({"token_endpoint_auth_method": ["none"]}), AuthMethod),
        (
            json!({"grant_types": ["implicit"]}),
            Lacks("grant_types", "authorization_code"),
        ),
        (
            json!({"grant_types": "authorization_code"}),
            Member("grant_types"),
        ),
        (
            json!({"response_types": ["token"]}),
            Lacks("response_types", "code"),
        ),
        (json!({"client_name": {"en": "x"}}), Member("client_name")),
        (json!({"redirect_uris": null}), Member("redirect_uris")),
        (json!({"redirect_uris": []}), Member("redirect_uris")),
        (
            json!({"redirect_uris": "https://mcp.example.com/"}),
            Member("redirect_uris"),
        ),
        (json!({"redirect_uris": [1]}), Member("redirect_uris")),
        (
            json!({"alwaysIssueRefreshToken": true}),
            Setting("alwaysIssueRefreshToken"),
        ),
        (
            json!({"allowTokenExchange": true}),
            Setting("allowTokenExchange"),
        ),
    ] {
        assert_eq!(read(&changes), Err(why), "{changes}");
    }
    for body in ["", "null", "[]", "<html>", "{\"client_id\":", "\u{feff}{}"] {
        assert_eq!(
            ClientMetadata::read(ID, body.as_bytes()),
            Err(NotAnObject),
            "{body}"
        );
    }
    let deep = "[".repeat(LARGEST);
    assert_eq!(ClientMetadata::read(ID, deep.as_bytes()), Err(NotAnObject));
}

#[test]
fn t05_redirect_uris_are_exact_and_safe() {
    for good in [
        "https://claude.ai/api/mcp/auth_callback",
        "http://127.0.0.1:33418/",
        "http://127.0.0.1/callback",
        "http://localhost:3118/callback",
        "http://[::1]/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "com.example.app:/callback",
    ] {
        assert!(read(&json!({"redirect_uris": [good]})).is_ok(), "{good}");
    }
    for bad in [
        "http://mcp.example.com/callback",
        "http://127.0.0.1.example.com/callback",
        "https://*.example.com/callback",
        "https://mcp.example.com/*",
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "https://mcp.example.com/callback#x",
        "https://a@mcp.example.com/callback",
        "https://mcp.example.com/../callback",
        "callback",
        "",
    ] {
        let good = "https://mcp.example.com/callback";
        let refused = read(&json!({"redirect_uris": [good, bad]}));
        assert!(
            matches!(refused, Err(RedirectUri(..) | InsecureRedirectUri(_))),
            "{bad}: {refused:?}"
        );
    }
}

#[test]
fn t45_a_name_cannot_reorder_hide_or_fill_the_page() {
    let named = |name: &str| read(&json!({"client_name": name})).unwrap().name;
    assert_eq!(named("  Claude\n\tCode ").as_deref(), Some("Claude Code"));
    assert_eq!(
        named("Bank\u{202e}moc.live").as_deref(),
        Some("Bankmoc.live")
    );
    assert_eq!(
        named("a\u{200b}\u{2066}\u{0}\u{1b}b").as_deref(),
        Some("ab")
    );
    assert_eq!(named("虎符 🐯").as_deref(), Some("虎符 🐯"));
    assert_eq!(named("\u{200b} \u{feff}"), None);
    assert_eq!(
        named(&"長".repeat(500)).unwrap().chars().count(),
        LONGEST_NAME
    );
}

#[test]
fn it_is_a_public_third_party_client_whatever_the_document_says() {
    let metadata = read(&json!({"grant_types": [
        "authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:device_code",
    ]}));
    let client = metadata.unwrap().client(ScopeSet::parse("email"));
    assert_eq!((&*client.id, &*client.name), (ID, "mcp.example.com"));
    assert!(client.is_third_party && !client.is_confidential());
    for (scope, may) in [
        ("openid", true),
        ("offline_access", true),
        ("email", true),
        ("phone", false),
    ] {
        assert_eq!(client.may_ask_for(scope), may, "{scope}");
    }
    for grant_type in GrantType::ALL {
        let may = matches!(
            grant_type,
            GrantType::AuthorizationCode | GrantType::RefreshToken
        );
        assert_eq!(grant_type.check(&client).is_ok(), may, "{grant_type:?}");
    }
}

#[test]
fn t04_its_loopback_addresses_have_any_port_and_nothing_else_is_loose() {
    let uris = json!([
        "http://127.0.0.1:33418/",
        "https://mcp.example.com/callback"
    ]);
    let client = read(&json!({ "redirect_uris": uris })).unwrap();
    let client = client.client(ScopeSet::default());
    for (uri, registered) in [
        ("http://127.0.0.1:33418/", true),
        ("http://127.0.0.1:50000/", true),
        ("http://127.0.0.1/", true),
        ("http://localhost:33418/", false),
        ("http://[::1]:33418/", false),
        ("http://127.0.0.1:33418/other", false),
        ("https://127.0.0.1:33418/", false),
        ("https://mcp.example.com/callback", true),
        ("https://mcp.example.com:8443/callback", false),
        ("https://mcp.example.com/callback/", false),
        ("https://evil.example.com/callback", false),
    ] {
        assert_eq!(
            redirect_uri::is_registered(&client, uri),
            registered,
            "{uri}"
        );
    }
}

#[test]
fn people_are_shown_host_and_unusual_port() {
    for (address, shown) in [
        (ID, Some("mcp.example.com")),
        ("https://example.com:8443/x", Some("example.com:8443")),
        ("http://127.0.0.1:33418/", Some("127.0.0.1:33418")),
        (
            "https://xn--bcher-kva.example/x",
            Some("xn--bcher-kva.example"),
        ),
        ("com.example.app:/callback", None),
        ("nothing", None),
    ] {
        assert_eq!(host(address).as_deref(), shown, "{address}");
    }
}

#[test]
fn json_has_two_names() {
    for (content_type, good) in [
        ("application/json", true),
        ("Application/JSON; charset=utf-8", true),
        ("application/client+json", true),
        ("application/+json", false),
        ("application/jsonp", false),
        ("text/json", false),
        ("text/html", false),
        ("", false),
    ] {
        assert_eq!(is_json(content_type), good, "{content_type}");
    }
}

proptest! {
    /// What passes is an address that a URL library takes for the very same.
    #[test]
    fn t44_an_accepted_client_id_has_one_reading(id in "https://[a-zA-Z0-9.:@\\[\\]-]{1,20}[/#?%a-zA-Z0-9.;\\\\ ]{0,30}") {
        if check_client_id(&id).is_ok() {
            let url = Url::parse(&id).unwrap();
            prop_assert_eq!(url.as_str(), &*id);
            prop_assert_eq!(url.scheme(), "https");
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert!(url.fragment().is_none() && !id.contains('#') && !id.contains('@'));
            prop_assert!(url.path_segments().unwrap().all(|segment| segment != "." && segment != ".."));
        }
    }

    #[test]
    fn no_text_makes_the_rules_fail_badly(id in "\\PC*", body in "\\PC*") {
        let _ = check_client_id(&id);
        let _ = ClientMetadata::read(&id, body.as_bytes());
        let _ = host(&id);
    }

    /// Whatever a document holds beside its address, its client stays what it is.
    #[test]
    fn t44_no_member_makes_more_of_a_client(name in "[a-zA-Z_]{1,20}", value in "\\PC{0,20}") {
        if let Ok(metadata) = read(&json!({ name: value })) {
            let client = metadata.client(ScopeSet::default());
            prop_assert!(client.is_third_party && !client.is_confidential());
            prop_assert!(!client.allow_token_exchange && !client.is_device_flow && !client.always_issue_refresh_token);
            prop_assert!(client.cors_allowed_origins.is_empty() && client.backchannel_logout_uri.is_none());
        }
    }
}
