//! `hufu app`.

use std::{collections::BTreeMap, process::Command};

use serde_json::{Value, json};

use crate::{Hufu, on_both};

on_both!(
    an_application_from_beginning_to_end,
    a_machine_gets_its_api,
    an_api_is_registered_once
);

const PRESETS: [&str; 7] = [
    "librechat",
    "open-webui",
    "lobechat",
    "logto-sdk",
    "spa",
    "native",
    "m2m",
];

fn an_application_from_beginning_to_end(hufu: &Hufu) {
    let made =
        hufu.json("app create --preset librechat --url https://chat.example.com --name Chat");
    let id = made["id"].as_str().unwrap();
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(
        (id.len(), secret.len(), &made["type"], &made["name"]),
        (21, 32, &json!("Traditional"), &json!("Chat"))
    );
    assert_eq!(made["environment"]["OPENID_CLIENT_ID"], id);

    let shown = hufu.json(&format!("app show {id}"));
    assert_eq!(shown["oidcClientMetadata"], made["oidcClientMetadata"]);
    assert_eq!(
        shown["secrets"],
        json!([{ "name": "Default secret", "value": null, "expiresAt": null }])
    );
    assert_eq!(
        hufu.json(&format!("app show {id} --secrets"))["secrets"][0]["value"],
        secret
    );
    assert!(!hufu.prints(&format!("app show {id}")).contains(secret));
    assert!(hufu.prints("app list --search CHAT").contains(id));

    hufu.run(&format!("app delete {id}")).failed("add --yes");
    hufu.prints(&format!("app delete {id} --yes"));
    hufu.run(&format!("app show {id}"))
        .failed("there is no application");
    hufu.run(&format!("app delete {id} --yes"))
        .failed("there is no application");
    assert_eq!(hufu.prints("app list"), "no applications\n");
}

fn a_machine_gets_its_api(hufu: &Hufu) {
    let made = hufu.json("app create --preset m2m --audience https://default.logto.app/api");
    assert_eq!(made["type"], "MachineToMachine");
    assert_eq!(
        made["environment"]["OIDC_AUDIENCE"],
        "https://default.logto.app/api"
    );
    hufu.json("app create --preset m2m --audience https://default.logto.app/api");
}

fn an_api_is_registered_once(hufu: &Hufu) {
    for preset in PRESETS {
        hufu.prints(&format!("app create --preset {preset} --url https://chat.example.com --audience https://api.example.com"));
    }
    hufu.run("app create --preset spa --url https://chat.example.com --audience not-a-uri")
        .failed("not an absolute URI");
    assert_eq!(
        hufu.json("app list").as_array().unwrap().len(),
        PRESETS.len(),
        "what was refused left nothing behind"
    );
}

#[test]
fn what_is_printed_works_when_pasted_into_a_shell() {
    let hufu = Hufu::new().with("ENDPOINT", "https://id.example.com");
    for preset in PRESETS {
        let printed = hufu.prints(&format!("app create --preset {preset} --url https://chat.example.com --audience https://api.example.com"));
        let (mut plain, mut names) = (BTreeMap::new(), Vec::new());
        for line in printed.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line
                .split_once('=')
                .unwrap_or_else(|| panic!("{preset}: {line}"));
            plain.insert(name.to_owned(), value.trim_matches('"').to_owned());
            names.push(name.to_owned());
        }
        assert_eq!(plain.len(), names.len(), "{preset} names a variable twice");
        let path = hufu.file("pasted.env", &printed);
        let script = format!("set -a; . {}; env", path.display());
        let output = Command::new("sh")
            .arg("-c")
            .arg(script)
            .env_clear()
            .output()
            .unwrap();
        let environment = String::from_utf8(output.stdout).unwrap();
        for (name, value) in &plain {
            assert!(
                environment
                    .lines()
                    .any(|line| line == format!("{name}={value}")),
                "{preset} {name}={value}: {environment}"
            );
        }
    }
}

#[test]
fn the_issuer_is_the_one_that_is_configured() {
    let hufu = Hufu::new().with("ENDPOINT", "https://id.example.com/");
    let made = hufu.json("app create --preset open-webui --url https://ow.example.com/");
    assert_eq!(
        made["environment"]["OPENID_PROVIDER_URL"],
        "https://id.example.com/oidc/.well-known/openid-configuration"
    );
    assert_eq!(made["environment"]["WEBUI_URL"], "https://ow.example.com");
}

#[test]
fn public_applications_have_no_secret() {
    let hufu = Hufu::new();
    for preset in ["spa", "native"] {
        let made = hufu.json(&format!(
            "app create --preset {preset} --url https://app.example.com"
        ));
        assert_eq!(made["secret"], Value::Null);
        assert_eq!(
            hufu.json(&format!("app show {}", made["id"].as_str().unwrap()))["secrets"],
            json!([])
        );
    }
}

#[test]
fn what_cannot_be_registered_is_refused() {
    let hufu = Hufu::new();
    hufu.run("app create --preset spa")
        .failed("--url is missing");
    hufu.run("app create --preset spa --url chat.example.com")
        .failed("--url must be the address");
    hufu.run("app create --preset m2m --third-party")
        .failed("cannot be third-party");
    assert_eq!(hufu.run("app create --preset frobnicate").code, 2);
}
