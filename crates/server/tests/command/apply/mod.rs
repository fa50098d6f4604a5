//! `hufu apply` and `hufu export`.

mod prune;
mod saml_application;
mod secret;
mod table;
mod wrong;

use std::{process::Stdio, sync::LazyLock};

use serde_json::{Value, json};

use crate::{Hufu, Ran, ended, on_both};

on_both!(
    an_export_gives_the_same_server,
    an_id_of_null_is_as_good_as_none,
    what_is_applied_twice_changes_nothing_more,
    a_dry_run_shows_the_difference_and_changes_nothing,
    parts_that_are_not_mentioned_stay
);

/// Something of everything that a document can say.
const DOCUMENT: &str = include_str!("document.yaml");

/// The private key of the certificate in the document, as a variable has it.
fn private_key() -> &'static str {
    static KEY: LazyLock<String> = LazyLock::new(|| {
        let lines = include_str!("../../keys/rsa.pem").lines();
        lines.filter(|line| !line.starts_with("-----")).collect()
    });
    &KEY
}

/// Each variable of the document and what it is.
fn secrets() -> [(&'static str, &'static str); 14] {
    [
        ("CHAT_SECRET", "s3cret-of-the-chat"),
        ("CHAT_OLD_SECRET", "s3cret-that-was"),
        ("CORP_SECRET", "s3cret-at-corp"),
        ("SMTP_PASSWORD", "s3cret-of-smtp"),
        ("MAIL_HEADER", "s3cret-header-of-mail"),
        ("HOOK_KEY", "s3cret-that-signs"),
        ("HOOK_TOKEN", "Bearer s3cret-for-hook"),
        ("CORP_SSO_SECRET", "s3cret-of-sso"),
        ("MILL_KEY", private_key()),
        ("WIKI_SECRET", "s3cret-of-the-wiki"),
        ("WIKI_KEY", private_key()),
        ("GREETING", "bonan tagon"),
        ("CAPTCHA", "s3cret-of-captcha"),
        ("API_KEY", "s3cret-of-script"),
    ]
}

/// The same by the variables of an export; what was drawn is given.
fn exported() -> [(&'static str, &'static str); 16] {
    [
        ("APPLICATION_CHAT_MAIN", "s3cret-of-the-chat"),
        ("APPLICATION_CHAT_OLD", "s3cret-that-was"),
        ("APPLICATION_ROBOT_DEFAULT_SECRET", "s3cret-of-the-robot"),
        ("APPLICATION_WIKI_WIKI_S", "s3cret-of-the-wiki"),
        ("CAPTCHA_SECRET_KEY", "s3cret-of-captcha"),
        ("CONFIG_JWT_ACCESS_TOKEN_API_KEY", "s3cret-of-script"),
        ("CONNECTOR_CORP_CLIENT_SECRET", "s3cret-at-corp"),
        (
            "CONNECTOR_SIMPLE_MAIL_TRANSFER_PROTOCOL_AUTH_PASS",
            "s3cret-of-smtp",
        ),
        (
            "CONNECTOR_SIMPLE_MAIL_TRANSFER_PROTOCOL_CUSTOM_HEADERS_X_TOKEN",
            "s3cret-header-of-mail",
        ),
        ("HOOK_LOBE_CHAT_AUTHORIZATION", "Bearer s3cret-for-hook"),
        ("HOOK_LOBE_CHAT_SIGNING_KEY", "s3cret-that-signs"),
        ("HOOK_OLD_SIGNING_KEY", "s3cret-of-old"),
        ("SAML_WIKI_WIKI_1", private_key()),
        ("SAML_WIKI_WIKI_2", private_key()),
        ("SSO_CORP_CLIENT_SECRET", "s3cret-of-sso"),
        ("SSO_MILL_KEY_1", private_key()),
    ]
}

/// Whether a text shows a secret.
fn leaks(text: &str) -> bool {
    text.contains("s3cret") || text.contains(&private_key()[..20])
}

fn run(hufu: &Hufu, options: &str, text: &str, variables: &[(&str, &str)]) -> Ran {
    hufu.file("hufu.yaml", text);
    let mut command = hufu.command(&format!("apply hufu.yaml {options}"));
    command.envs(variables.iter().copied());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    ended(command.spawn().unwrap())
}

fn apply(hufu: &Hufu, text: &str, variables: &[(&str, &str)]) -> String {
    run(hufu, "", text, variables).succeeded().out
}

fn an_id_of_null_is_as_good_as_none(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let known = hufu.json("app show chat")["id"].clone();
    for (section, name) in [("applications", "Chat"), ("samlApplications", "Wiki")] {
        let text = format!("{section}:\n- id: null\n  name: {name}\n  description: Ours\n");
        let applied = apply(hufu, &text, &[]);
        assert!(applied.contains("description: "), "{applied}");
        assert_eq!(apply(hufu, &text, &[]), "no differences\n");
    }
    assert_eq!(hufu.json("app show chat")["id"], known);
    assert_eq!(hufu.json("app show chat")["description"], "Ours");
}

fn an_export_gives_the_same_server(hufu: &Hufu) {
    let source = Hufu::new();
    let made = apply(&source, DOCUMENT, &secrets());
    assert!(made.contains("\n+ application Chat\n"), "{made}");
    let ran = source.run("export").succeeded();
    let mut variables: Vec<_> = ran
        .err
        .trim_end()
        .split(": ")
        .last()
        .unwrap()
        .split(", ")
        .collect();
    variables.sort_unstable();
    assert_eq!(variables, exported().map(|(name, _)| name), "{}", ran.err);
    assert!(
        !leaks(&ran.out) && !leaks(&ran.err) && !leaks(&made),
        "{}",
        ran.out
    );

    let applied = apply(hufu, &ran.out, &exported());
    assert!(!leaks(&applied), "{applied}");
    assert_eq!(hufu.prints("export"), ran.out);
    assert_eq!(apply(hufu, &ran.out, &exported()), "no differences\n");

    let third = Hufu::new();
    apply(&third, &hufu.prints("export"), &exported());
    assert_eq!(third.prints("export"), ran.out);
    let shown = |hufu: &Hufu| hufu.json("app show chat --secrets");
    assert_eq!(
        shown(&third)["oidcClientMetadata"],
        shown(&source)["oidcClientMetadata"]
    );
    for hufu in [hufu, &source, &third] {
        let secrets = &shown(hufu)["secrets"];
        let value = |name: &str| {
            let mut secrets = secrets.as_array().unwrap().iter();
            secrets.find(|secret| secret["name"] == name).unwrap()["value"].clone()
        };
        assert_eq!(value("Main"), "s3cret-of-the-chat");
        assert_eq!(value("Old"), "s3cret-that-was");
    }
}

fn what_is_applied_twice_changes_nothing_more(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let before = hufu.prints("export");
    assert_eq!(apply(hufu, DOCUMENT, &secrets()), "no differences\n");
    assert_eq!(hufu.prints("export"), before);
    assert_eq!(
        run(hufu, "--json", DOCUMENT, &secrets()).succeeded().out,
        "[]\n"
    );
}

fn a_dry_run_shows_the_difference_and_changes_nothing(hufu: &Hufu) {
    let before = hufu.prints("export");
    let shown = run(hufu, "--dry-run", DOCUMENT, &secrets()).succeeded().out;
    assert!(
        shown.contains("+ API https://api.example.com\n    accessTokenTtl: 600\n"),
        "{shown}"
    );
    assert!(shown.contains("to be made"), "{shown}");
    assert!(shown.contains("~ sign-in experience default\n"), "{shown}");
    assert!(!leaks(&shown), "{shown}");
    assert_eq!(hufu.prints("export"), before);

    apply(hufu, DOCUMENT, &secrets());
    let before = hufu.prints("export");
    let mut changed = secrets();
    changed[0].1 = "s3cret-that-is-new";
    let text = DOCUMENT.replace("Edits what is there", "Edits all");
    let shown = run(hufu, "--dry-run --json", &text, &changed)
        .succeeded()
        .out;
    assert!(!leaks(&shown), "{shown}");
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        shown[0],
        json!({ "action": "change", "kind": "role", "name": "Editor", "fields": [
            { "path": "description", "before": "Edits what is there", "after": "Edits all" },
        ] })
    );
    assert_eq!(shown[1]["name"], "Chat");
    assert_eq!(shown[1]["fields"][0]["path"], "secrets");
    assert_eq!(shown.as_array().unwrap().len(), 2, "{shown}");
    assert_eq!(hufu.prints("export"), before);
}

fn parts_that_are_not_mentioned_stay(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let before = hufu.prints("export");
    let applied = apply(
        hufu,
        "resources:\n- indicator: https://api.example.com\n  scopes:\n  - name: share\n\
         applications:\n- name: Chat\n  customClientMetadata:\n    refreshTokenTtlInDays: 31\n    allowTokenExchange: null\n\
         roles: null\n",
        &[],
    );
    assert_eq!(
        applied,
        "~ API https://api.example.com\n    scopes: [{\"name\":\"read\",\"description\":\"Read for ${PRICE}\"},{\"name\":\"write\"}] \
         -> [{\"name\":\"read\",\"description\":\"Read for ${PRICE}\"},{\"name\":\"share\"},{\"name\":\"write\"}]\n\
         ~ application Chat\n    customClientMetadata.refreshTokenTtlInDays: 30 -> 31\n    \
         customClientMetadata.allowTokenExchange: true -> nothing\n0 made, 2 changed\n"
    );
    let expected = before
        .replace("refreshTokenTtlInDays: 30", "refreshTokenTtlInDays: 31")
        .replace("    allowTokenExchange: true\n", "")
        .replace("  - name: write\n", "  - name: share\n  - name: write\n");
    assert_eq!(hufu.prints("export"), expected);
}

#[test]
fn a_document_comes_from_standard_input_or_a_dot_env_file_helps() {
    let hufu = Hufu::new();
    hufu.file(".env", "NAME=Ann's\n");
    let text = "organizations:\n- name: ${NAME}\n";
    let ran = hufu.run_with_input("apply -", text).succeeded();
    assert!(
        ran.out.starts_with("+ organization ${NAME}\n    id: "),
        "{ran:?}"
    );
    assert!(hufu.prints("export").contains("name: Ann's\n"));
    // Two of one name can be told apart by their ids only.
    hufu.run_with_input(
        "apply -",
        "organizations:\n- {id: other, name: \"${NAME}\"}\n",
    )
    .succeeded();
    hufu.run_with_input("apply -", text)
        .failed("-:2: there is more than one organization");
}
