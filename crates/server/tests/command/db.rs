//! `hufu db seed`, `hufu db alteration` and `hufu db system`.

use std::{thread, time::Duration};

use serde_json::json;

use crate::{Hufu, ended, on_both};

on_both!(
    seeding,
    t59_seeding_at_once,
    t59_what_is_killed_is_finished_by_the_next,
    altering,
    system_settings,
    nothing_is_touched_when_told_not_to
);

fn seeding(hufu: &Hufu) {
    assert_eq!(hufu.prints("db seed"), "the database is seeded\n");
    let keys = hufu.json("key list");
    hufu.run("db seed").failed("already seeded");
    assert!(hufu.prints("db seed --swe").starts_with("skipped"));
    assert!(
        hufu.prints("db seed --skip-when-exists")
            .starts_with("skipped")
    );
    assert_eq!(hufu.json("key list"), keys, "seeding again changes nothing");
    assert_seeded(hufu);
}

/// All that a new installation begins with is there, and nothing twice.
fn assert_seeded(hufu: &Hufu) {
    let keys = hufu.json("key list");
    let mut algorithms: Vec<_> = keys
        .as_array()
        .unwrap()
        .iter()
        .map(|key| (&key["algorithm"], &key["status"]))
        .collect();
    algorithms.sort_by_key(|(algorithm, _)| algorithm.to_string());
    assert_eq!(
        algorithms,
        [
            (&json!("ES384"), &json!("Current")),
            (&json!("RS256"), &json!("Current"))
        ]
    );
    let applications = hufu.json("app list --tenant admin");
    let mut names: Vec<_> = applications
        .as_array()
        .unwrap()
        .iter()
        .map(|application| application["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Admin Console",
            "Cloud Service",
            "Management API access for admin",
            "Management API access for default",
        ]
    );
}

fn t59_seeding_at_once(hufu: &Hufu) {
    let running: Vec<_> = (0..4).map(|_| hufu.start("db seed --swe")).collect();
    let ran: Vec<_> = running
        .into_iter()
        .map(|child| ended(child).succeeded())
        .collect();
    let seeded = ran
        .iter()
        .filter(|ran| ran.out.starts_with("the database is seeded"))
        .count();
    assert_eq!(seeded, 1, "{ran:?}");
    assert_seeded(hufu);
}

/// Each is killed a little later than the one before it, until one is done before that.
fn t59_what_is_killed_is_finished_by_the_next(hufu: &Hufu) {
    let mut patience = Duration::from_millis(8);
    let mut killed = 0;
    loop {
        let mut child = hufu.start("db seed --swe");
        thread::sleep(patience);
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        killed += 1;
        patience = patience * 5 / 4;
    }
    assert!(killed > 0);
    assert_seeded(hufu);
    assert_eq!(
        hufu.prints("db alteration deploy latest"),
        "nothing to do\n"
    );
}

fn altering(hufu: &Hufu) {
    assert!(
        hufu.prints("db alteration list")
            .starts_with("0001_initial.sql\n")
    );
    hufu.run("db alteration deploy").failed("missing target");
    hufu.run("db alteration deploy 99.0.0")
        .failed("there is no alteration \"99.0.0\"");
    assert!(
        hufu.prints("db alt deploy latest")
            .starts_with("deployed 0001_initial.sql\n")
    );
    assert_eq!(hufu.prints("db alter deploy next"), "nothing to do\n");
    let newest = hufu
        .json("db alteration list")
        .as_array()
        .unwrap()
        .last()
        .unwrap()["version"]
        .clone();
    assert_eq!(
        hufu.json("db system get alterationState")["alterationState"]["timestamp"],
        newest
    );
    assert_eq!(
        hufu.prints(&format!("db alteration rollback {newest}")),
        "nothing to do\n"
    );
    assert!(
        hufu.prints("db alteration rollback 1")
            .ends_with("rolled back 0002_management.sql\n")
    );
}

fn system_settings(hufu: &Hufu) {
    hufu.prints("db seed");
    assert_eq!(
        hufu.prints("db system get storageProvider"),
        "storageProvider=undefined\n"
    );
    let value =
        r#"{"provider":"S3Storage","bucket":"b","accessKeyId":"a","accessSecretKey":"swordfish"}"#;
    hufu.run_words(&["db", "system", "set", "storageProvider", value])
        .succeeded();
    assert_eq!(
        hufu.prints("db system get storageProvider"),
        format!("storageProvider={value}\n")
    );
    hufu.run("db system set storageProvider nonsense")
        .failed("must be JSON");
    let other = r#"{"provider":"AzureStorage","connectionString":"c","container":"c"}"#;
    hufu.run_words(&["db", "system", "set", "storageProvider", other])
        .failed("only S3Storage is known");
    hufu.run("db system get frobnicate")
        .failed("there is no system setting \"frobnicate\"");
    hufu.run("db system set alterationState 1")
        .failed("hufu db alteration");
}

fn nothing_is_touched_when_told_not_to(hufu: &Hufu) {
    let careful = |line: &str| {
        let mut command = hufu.command(line);
        let output = command.env("HUFU_AUTO_MIGRATE", "false").output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(careful("user list"), (Some(1), "fatal: the database lacks alteration 1 (initial), alteration 2 (management), alteration 3 (saml_applications), alteration 4 (cimd); deploy with: hufu db alteration deploy latest\n".into()));
    hufu.prints("db alteration deploy latest");
    assert_eq!(
        careful("user list"),
        (
            Some(1),
            "fatal: the database is not seeded; seed it with: hufu db seed\n".into()
        )
    );
    hufu.prints("db seed");
    assert_eq!(careful("user list").0, Some(0));
}

#[test]
fn keys_that_were_brought_along_are_used() {
    let rsa = include_str!("../keys/rsa.pem").replace('\n', "\\n");
    let hufu = Hufu::new()
        .with("OIDC_PRIVATE_KEYS", &rsa)
        .with("OIDC_COOKIE_KEYS", "newest, older");
    let keys = hufu.json("db config get oidc.privateKeys oidc.cookieKeys");
    let private = keys["oidc.privateKeys"].as_array().unwrap();
    assert!(
        private
            .iter()
            .any(|key| key["value"] == include_str!("../keys/rsa.pem")),
        "{private:?}"
    );
    assert_eq!(private.len(), 2, "an elliptic key is made beside it");
    let cookie: Vec<_> = keys["oidc.cookieKeys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["value"].clone())
        .collect();
    assert_eq!(cookie, ["newest", "older"]);
}

#[test]
fn commands_make_the_database_they_need() {
    let hufu = Hufu::new();
    assert_eq!(hufu.prints("user list"), "no users\n");
    assert!(hufu.path().join("data/hufu.db").is_file());
}

#[test]
fn a_database_of_another_key_is_refused() {
    let hufu = Hufu::new();
    hufu.prints("db seed");
    let other = hufu.with(
        "SECRET_VAULT_KEK",
        "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    );
    other
        .run("key list")
        .failed("is not the key this database was written with");
}
