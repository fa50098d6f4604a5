use clap::ValueEnum;
use protocol::{redirect_uri, secret::Secret};

use super::{BadUrl, Facts, Preset, base};

fn printed(preset: Preset, url: &str, audience: Option<&str>) -> String {
    printed_at("https://id.example.com", preset, url, audience)
}

fn printed_at(endpoint: &str, preset: Preset, url: &str, audience: Option<&str>) -> String {
    let secret = Secret::new("the-client-secret");
    let is_public = preset.recipe().kind.is_public();
    let facts = Facts {
        url,
        endpoint,
        issuer: &format!("{endpoint}/oidc"),
        client_id: "the-client-id",
        client_secret: (!is_public).then_some(&secret),
        audience,
        session_secret: &Secret::new("the-session-secret"),
    };
    preset.block(&facts).to_string()
}

fn registered(preset: Preset, url: Option<&str>) -> String {
    let registration = preset
        .registration(url, Some("https://api.example.com"))
        .unwrap();
    let text = |value: serde_json::Value| serde_json::to_string_pretty(&value).unwrap();
    format!(
        "{:?}\n{}\n{}",
        registration.kind,
        text(serde_json::to_value(registration.oidc).unwrap()),
        text(serde_json::to_value(registration.custom).unwrap())
    )
}

#[test]
fn librechat() {
    insta::assert_snapshot!(printed(
        Preset::LibreChat,
        "https://chat.example.com",
        Some("https://api.example.com")
    ));
    insta::assert_snapshot!(registered(
        Preset::LibreChat,
        Some("https://chat.example.com/")
    ));
}

#[test]
fn librechat_is_warned_of_an_issuer_that_it_refuses() {
    let block = printed_at(
        "http://localhost:3001",
        Preset::LibreChat,
        "http://localhost:3080",
        None,
    );
    assert!(
        block.contains("# WARNING: LibreChat refuses an issuer without https."),
        "{block}"
    );
    assert!(!block.contains("OPENID_AUDIENCE"), "{block}");
}

#[test]
fn open_webui() {
    insta::assert_snapshot!(printed(
        Preset::OpenWebUi,
        "https://ow.example.com",
        Some("https://api.example.com")
    ));
    insta::assert_snapshot!(registered(
        Preset::OpenWebUi,
        Some("https://ow.example.com")
    ));
}

#[test]
fn lobechat() {
    insta::assert_snapshot!(printed(
        Preset::LobeChat,
        "https://lobe.example.com",
        Some("https://api.example.com")
    ));
    insta::assert_snapshot!(registered(
        Preset::LobeChat,
        Some("https://lobe.example.com")
    ));
}

#[test]
fn logto_sdk() {
    insta::assert_snapshot!(printed(
        Preset::LogtoSdk,
        "https://app.example.com",
        Some("https://api.example.com")
    ));
    insta::assert_snapshot!(registered(
        Preset::LogtoSdk,
        Some("https://app.example.com")
    ));
}

#[test]
fn spa() {
    insta::assert_snapshot!(printed(
        Preset::Spa,
        "https://app.example.com/shop",
        Some("https://api.example.com")
    ));
    insta::assert_snapshot!(registered(
        Preset::Spa,
        Some("https://app.example.com/shop/")
    ));
}

#[test]
fn native() {
    insta::assert_snapshot!(printed(Preset::Native, "com.example.app:/callback", None));
    insta::assert_snapshot!(registered(
        Preset::Native,
        Some("com.example.app:/callback")
    ));
    assert!(
        printed(Preset::Native, "", None).contains("OIDC_REDIRECT_URI=http://127.0.0.1/callback")
    );
}

#[test]
fn machine_to_machine() {
    insta::assert_snapshot!(printed(
        Preset::MachineToMachine,
        "",
        Some("https://api.example.com")
    ));
    insta::assert_snapshot!(registered(Preset::MachineToMachine, None));
    assert!(printed(Preset::MachineToMachine, "", None).contains("--audience"));
}

#[test]
fn every_address_that_is_registered_may_be() {
    for preset in Preset::value_variants() {
        for url in [
            "https://chat.example.com",
            "http://localhost:3080/",
            "https://example.com/a/b/",
        ] {
            let oidc = preset.registration(Some(url), None).unwrap().oidc;
            for uri in oidc
                .redirect_uris
                .iter()
                .chain(&oidc.post_logout_redirect_uris)
                .chain(&oidc.backchannel_logout_uri)
            {
                assert_eq!(redirect_uri::validate(uri), Ok(()), "{preset:?} {uri}");
            }
        }
    }
}

#[test]
fn what_the_block_names_is_registered() {
    for (preset, names) in [
        (
            Preset::OpenWebUi,
            ["OPENID_REDIRECT_URI", "WEBUI_AUTH_SIGNOUT_REDIRECT_URL"],
        ),
        (
            Preset::Spa,
            ["OIDC_REDIRECT_URI", "OIDC_POST_LOGOUT_REDIRECT_URI"],
        ),
    ] {
        let oidc = preset
            .registration(Some("https://app.example.com"), None)
            .unwrap()
            .oidc;
        let block = printed(preset, "https://app.example.com", None);
        for (name, known) in names
            .iter()
            .zip([&oidc.redirect_uris, &oidc.post_logout_redirect_uris])
        {
            let value = block
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{name}=")))
                .unwrap();
            assert!(
                known.iter().any(|uri| uri == value),
                "{name}={value}: {known:?}"
            );
        }
    }
}

#[test]
fn an_address_that_no_browser_opens_is_refused() {
    for url in [
        "chat.example.com",
        "ftp://chat.example.com",
        "https://chat.example.com/?a",
        "https://chat.example.com/#a",
        "https://a:b@chat.example.com",
    ] {
        assert_eq!(base(url), Err(BadUrl::NotWeb), "{url}");
    }
    assert_eq!(Preset::Spa.registration(None, None), Err(BadUrl::Missing));
    assert_eq!(
        Preset::Native.registration(Some("javascript:alert(1)"), None),
        Err(BadUrl::NotWeb)
    );
    assert_eq!(
        base("HTTPS://Chat.example.com:443/").as_deref(),
        Ok("https://chat.example.com")
    );
}
