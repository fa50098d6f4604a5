//! `hufu db config`.

use serde_json::{Value, json};

use crate::{Hufu, on_both};

on_both!(
    settings,
    t43_unregistered_clients_need_guarded_calls,
    cookie_keys_rotate,
    signing_keys_rotate,
    signing_keys_are_staged,
    signing_keys_are_replaced
);

fn settings(hufu: &Hufu) {
    hufu.prints("db seed");
    assert_eq!(
        hufu.prints("db config get oidc.session idToken"),
        "oidc.session=undefined\nidToken={\"enabledExtendedClaims\":[\"roles\",\"organizations\",\"organization_roles\"]}\n"
    );
    hufu.run("db config set oidc.session {\"ttl\":60}")
        .succeeded();
    assert_eq!(
        hufu.prints("db configs get oidc.session"),
        "oidc.session={\"ttl\":60}\n"
    );
    assert_eq!(
        hufu.prints("db config get oidc.session --tenantId admin"),
        "oidc.session=undefined\n"
    );
    hufu.run("db config set oidc.session {\"ttl\":0}")
        .failed("the value does not fit oidc.session");
    hufu.run("db config set oidc.session sixty")
        .failed("must be JSON");
    hufu.run("db config get oidc.sesion")
        .failed("there is no setting \"oidc.sesion\"");
    hufu.run("db config get oidc.session --tenantId nobody")
        .failed("there is no tenant \"nobody\"");
}

fn t43_unregistered_clients_need_guarded_calls(hufu: &Hufu) {
    hufu.prints("db seed");
    hufu.run("db config set cimd {\"enabled\":true}")
        .succeeded();
    assert_eq!(
        hufu.prints("db config get cimd"),
        "cimd={\"enabled\":true}\n"
    );
    let mut open = hufu.command("db config set cimd {\"enabled\":true}");
    let ran = open
        .env("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success());
    assert!(told.contains("HUFU_OUTBOUND_ALLOW"), "{told}");
}

fn cookie_keys_rotate(hufu: &Hufu) {
    let keys = || values(&hufu.json("db config get oidc.cookieKeys")["oidc.cookieKeys"]);
    let first = keys();
    // Keys are put in order by the second in which they were made.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    hufu.prints("db config rotate oidc.cookieKeys");
    let rotated = keys();
    assert_eq!(
        (rotated.len(), &rotated[1..]),
        (2, &first[..]),
        "the new key goes first, the old one stays"
    );
    assert_eq!(rotated[0].len(), 32);
    hufu.run("db config rotate oidc.cookieKeys --gracePeriod 5")
        .failed("--gracePeriod");
    hufu.run("db config trim oidc.cookieKeys 2")
        .failed("at least one key must stay");
    hufu.prints("db config trim oidc.cookieKeys");
    assert_eq!(keys(), rotated[..1]);
}

fn signing_keys_rotate(hufu: &Hufu) {
    let before = statuses(hufu);
    assert_eq!(before, ["ES384 Current", "RS256 Current"]);
    hufu.run("db config trim oidc.privateKeys")
        .failed("only previous keys can be removed");
    hufu.prints("db config rotate oidc.privateKeys");
    assert_eq!(
        statuses(hufu),
        ["ES384 Current", "ES384 Previous", "RS256 Current"]
    );
    hufu.prints("db config rotate oidc.privateKeys --type rsa");
    hufu.prints("db config rotate oidc.privateKeys --type EC");
    assert_eq!(
        statuses(hufu),
        [
            "ES384 Current",
            "ES384 Previous",
            "RS256 Current",
            "RS256 Previous"
        ]
    );
    hufu.prints("db config trim oidc.privateKeys 2");
    assert_eq!(statuses(hufu), before);
}

fn signing_keys_are_staged(hufu: &Hufu) {
    hufu.prints("db config rotate oidc.privateKeys --gracePeriod 3600");
    assert_eq!(
        statuses(hufu),
        ["ES384 Current", "ES384 Next", "RS256 Current"]
    );
    let due = hufu.json("db config get signingKeyRotationState")["signingKeyRotationState"]["signingKeyRotationAt"].as_i64().unwrap();
    assert_eq!(due % 1000, 0);
    hufu.run("db config rotate oidc.privateKeys --gracePeriod 0")
        .failed("a next key is waiting");
    hufu.prints("key rotate --type ec --grace-period 60");
    assert_eq!(
        statuses(hufu),
        ["ES384 Current", "ES384 Next", "RS256 Current"],
        "a staged key is replaced"
    );
}

fn signing_keys_are_replaced(hufu: &Hufu) {
    let value = json!([{ "value": include_str!("../keys/p256.pem") }, { "value": include_str!("../keys/rsa.pem"), "status": "Current" }]).to_string();
    hufu.run_words(&["db", "config", "set", "oidc.privateKeys", &value])
        .succeeded();
    assert_eq!(statuses(hufu), ["ES256 Current", "RS256 Current"]);
    hufu.run_words(&["db", "config", "set", "oidc.privateKeys", "[]"])
        .failed("at least one key");
    hufu.run_words(&[
        "db",
        "config",
        "set",
        "oidc.privateKeys",
        r#"[{"value": "nonsense"}]"#,
    ])
    .failed("key 1 cannot be used");
    assert_eq!(
        statuses(hufu),
        ["ES256 Current", "RS256 Current"],
        "nothing changed"
    );
    hufu.prints("db config rotate oidc.privateKeys --type ec");
    assert_eq!(
        statuses(hufu),
        ["ES256 Current", "ES256 Previous", "RS256 Current"],
        "the curve stays"
    );
}

fn values(keys: &Value) -> Vec<String> {
    keys.as_array()
        .unwrap()
        .iter()
        .map(|key| key["value"].as_str().unwrap().to_owned())
        .collect()
}

fn statuses(hufu: &Hufu) -> Vec<String> {
    let keys = hufu.json("key list");
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    let mut statuses: Vec<_> = keys
        .as_array()
        .unwrap()
        .iter()
        .map(|key| format!("{} {}", text(key, "algorithm"), text(key, "status")))
        .collect();
    statuses.sort();
    statuses
}
