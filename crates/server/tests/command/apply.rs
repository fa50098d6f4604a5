//! `hufu apply` and `hufu export`.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::{Hufu, Ran, ended, on_both};

on_both!(
    an_export_gives_the_same_server,
    what_is_applied_twice_changes_nothing_more,
    a_dry_run_shows_the_difference_and_changes_nothing,
    parts_that_are_not_mentioned_stay,
    a_wrong_document_changes_nothing_and_names_the_line
);

/// Something of everything that a document can say.
const DOCUMENT: &str = include_str!("apply.yaml");

/// Each secret of the document and what it is.
const SECRETS: [(&str, &str); 7] = [
    ("CHAT_SECRET", "s3cret-of-the-chat"),
    ("CHAT_OLD_SECRET", "s3cret-that-was"),
    ("CORP_SECRET", "s3cret-at-corp"),
    ("SMTP_PASSWORD", "s3cret-of-smtp"),
    ("MAIL_HEADER", "s3cret-header-of-mail"),
    ("HOOK_KEY", "s3cret-that-signs"),
    ("HOOK_TOKEN", "Bearer s3cret-for-hook"),
];

/// The same by the variables of an export; what was drawn is given.
const EXPORTED: [(&str, &str); 9] = [
    ("APPLICATION_CHAT_MAIN", "s3cret-of-the-chat"),
    ("APPLICATION_CHAT_OLD", "s3cret-that-was"),
    ("APPLICATION_ROBOT_DEFAULT_SECRET", "s3cret-of-the-robot"),
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
];

/// Something right that stands before what is wrong: it must not stay.
const RIGHT: &str = "resources:\n- {indicator: \"https://a.example.com\", name: A}\n";

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

fn an_export_gives_the_same_server(hufu: &Hufu) {
    let source = Hufu::new();
    let made = apply(&source, DOCUMENT, &SECRETS);
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
    assert_eq!(variables, EXPORTED.map(|(name, _)| name), "{}", ran.err);
    assert!(
        !ran.out.contains("s3cret") && !made.contains("s3cret"),
        "{}",
        ran.out
    );

    let applied = apply(hufu, &ran.out, &EXPORTED);
    assert!(!applied.contains("s3cret"), "{applied}");
    assert_eq!(hufu.prints("export"), ran.out);
    assert_eq!(apply(hufu, &ran.out, &EXPORTED), "no differences\n");

    let third = Hufu::new();
    apply(&third, &hufu.prints("export"), &EXPORTED);
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
    apply(hufu, DOCUMENT, &SECRETS);
    let before = hufu.prints("export");
    assert_eq!(apply(hufu, DOCUMENT, &SECRETS), "no differences\n");
    assert_eq!(hufu.prints("export"), before);
    assert_eq!(
        run(hufu, "--json", DOCUMENT, &SECRETS).succeeded().out,
        "[]\n"
    );
}

fn a_dry_run_shows_the_difference_and_changes_nothing(hufu: &Hufu) {
    let before = hufu.prints("export");
    let shown = run(hufu, "--dry-run", DOCUMENT, &SECRETS).succeeded().out;
    assert!(
        shown.contains("+ API https://api.example.com\n    accessTokenTtl: 600\n"),
        "{shown}"
    );
    assert!(shown.contains("to be made"), "{shown}");
    assert!(shown.contains("~ sign-in experience default\n"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    assert_eq!(hufu.prints("export"), before);

    apply(hufu, DOCUMENT, &SECRETS);
    let before = hufu.prints("export");
    let mut secrets = SECRETS;
    secrets[0].1 = "s3cret-that-is-new";
    let text = DOCUMENT.replace("Edits what is there", "Edits all");
    let shown = run(hufu, "--dry-run --json", &text, &secrets)
        .succeeded()
        .out;
    assert!(!shown.contains("s3cret"), "{shown}");
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        shown[0],
        json!({ "isNew": false, "kind": "role", "name": "Editor", "fields": [
            { "path": "description", "before": "Edits what is there", "after": "Edits all" },
        ] })
    );
    assert_eq!(shown[1]["name"], "Chat");
    assert_eq!(shown[1]["fields"][0]["path"], "secrets");
    assert_eq!(shown.as_array().unwrap().len(), 2, "{shown}");
    assert_eq!(hufu.prints("export"), before);
}

fn parts_that_are_not_mentioned_stay(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &SECRETS);
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

fn a_wrong_document_changes_nothing_and_names_the_line(hufu: &Hufu) {
    let before = hufu.prints("export");
    let cases = [
        ("roles: [\n", 3, "unclosed"),
        ("role:\n- name: A\n", 3, "there is no \"role\""),
        ("roles: A\n", 3, "roles must be a list"),
        ("roles:\n- A\n", 4, "must be a map"),
        ("roles:\n- description: A\n", 4, "name is missing"),
        (
            "roles:\n- name: A\n  descriptoin: B\n",
            5,
            "unknown field `descriptoin`",
        ),
        ("roles:\n- name: A\n", 4, "missing field `description`"),
        (
            "roles:\n- name: A\n  description: [1]\n",
            5,
            "description: ",
        ),
        (
            "roles:\n- name: A\n  description: B\n  type: Robot\n",
            6,
            "Robot",
        ),
        (
            "roles:\n- name: A\n  description: B\n  scopes:\n    https://b.example.com: [x]\n",
            7,
            "there is no API resource",
        ),
        (
            "roles:\n- name: A\n  description: B\n  scopes:\n    https://a.example.com:\n    - x\n",
            8,
            "\"x\"",
        ),
        (
            "roles:\n- {name: A, description: B}\n- {name: A, description: C}\n",
            5,
            "stands here twice",
        ),
        (
            "roles:\n- name: \"#internal:a\"\n  description: B\n",
            4,
            "own roles",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  oidcClientMetadata:\n    redirectUris:\n    - https://a\n    - javascript:alert(1)\n",
            9,
            "cannot be registered",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  oidcClientMetadata:\n    redirectUri: https://a\n",
            7,
            "no member \"redirectUri\"",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  secrets:\n  - {name: a, value: b}\n",
            6,
            "no `secrets`",
        ),
        (
            "applications:\n- name: A\n  type: Traditional\n  secrets:\n  - name: a\n    value: ${NOT_THERE}\n",
            8,
            "the variable NOT_THERE is not set",
        ),
        (
            "organizations:\n- name: A\n  jit:\n    roles: [Nobody]\n",
            6,
            "there is no organization role \"Nobody\"",
        ),
        (
            "organizations:\n- name: A\n  color: {primaryColour: \"#fff\"}\n",
            5,
            "no member \"primaryColour\"",
        ),
        (
            "connectors:\n- connectorId: nothing\n",
            4,
            "no kind of connector \"nothing\"",
        ),
        (
            "hooks:\n- name: A\n  events: [User.Created, User.Eaten]\n  config: {url: \"https://a\"}\n",
            5,
            "there is no event \"User.Eaten\"",
        ),
        (
            "hooks:\n- name: A\n  config: {url: \"https://a\"}\n",
            4,
            "needs `events`",
        ),
        (
            "signInExperience:\n  color:\n    primaryColor: red\n",
            5,
            "primaryColor",
        ),
        (
            "signInExperience:\n  colour: {}\n",
            4,
            "has no member \"colour\"",
        ),
        ("resources:\n", 3, "duplicate"),
    ];
    for (text, line, message) in cases {
        let ran = run(hufu, "", &format!("{RIGHT}{text}"), &[]);
        assert!(
            ran.err.contains(&format!("fatal: hufu.yaml:{line}: ")),
            "{text}\n{ran:?}"
        );
        ran.failed(message);
    }
    run(hufu, "--tenant nobody", RIGHT, &[]).failed("there is no tenant \"nobody\"");
    hufu.run("apply missing.yaml").failed("missing.yaml");
    assert_eq!(hufu.prints("export"), before);
}

#[test]
fn a_document_comes_from_standard_input_or_a_dot_env_file_helps() {
    let hufu = Hufu::new();
    hufu.file(".env", "NAME=Ann's\n");
    let text = "organizations:\n- name: ${NAME}\n";
    let ran = hufu.run_with_input("apply -", text).succeeded();
    assert!(ran.out.starts_with("+ organization Ann's\n"), "{ran:?}");
    // Two of one name can be told apart by their ids only.
    hufu.run_with_input(
        "apply -",
        "organizations:\n- {id: other, name: \"${NAME}\"}\n",
    )
    .succeeded();
    hufu.run_with_input("apply -", text)
        .failed("-:2: there is more than one organization");
}
