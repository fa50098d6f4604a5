//! `hufu doctor` without a server.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::Value;

use crate::{Hufu, on_both};

on_both!(the_inside_is_looked_at);

/// Check, verdict and remedy of what is not good, in a place where no server listens.
fn faults(hufu: &Hufu) -> Vec<(String, String, String)> {
    let ran = hufu.run("doctor --json --url http://127.0.0.1:1");
    assert_eq!(ran.code, 1, "{ran:?}");
    let findings: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let bad = findings
        .iter()
        .filter(|finding| finding["verdict"] != "good");
    bad.map(|finding| {
        (
            text(finding, "check"),
            text(finding, "verdict"),
            text(finding, "mend"),
        )
    })
    .collect()
}

fn checks(hufu: &Hufu) -> Vec<String> {
    faults(hufu)
        .into_iter()
        .map(|(check, _, _)| check)
        .collect()
}

fn the_inside_is_looked_at(hufu: &Hufu) {
    assert_eq!(checks(hufu), ["database", "reachable"]);
    hufu.prints("db alteration deploy latest");
    let (check, verdict, mend) = faults(hufu).remove(0);
    assert_eq!((check.as_str(), verdict.as_str()), ("database", "broken"));
    assert!(mend.contains("hufu db seed"), "{mend}");

    hufu.prints("db seed");
    let rest: Vec<_> = checks(hufu)
        .into_iter()
        .filter(|check| check != "key file")
        .collect();
    assert_eq!(rest, ["reachable"]);
    fs::set_permissions(
        hufu.path().join("hufu.key"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    assert!(
        faults(hufu)
            .iter()
            .any(|(check, verdict, mend)| check == "key file"
                && verdict == "doubtful"
                && mend.starts_with("chmod 600"))
    );

    fs::rename(hufu.path().join("hufu.key"), hufu.path().join("lost")).unwrap();
    assert!(
        faults(hufu)
            .iter()
            .any(|(check, verdict, _)| check == "vault key" && verdict == "broken")
    );
    assert!(
        !hufu.path().join("hufu.key").exists(),
        "doctor makes no key file"
    );
}

#[test]
fn a_missing_database_file_is_not_made() {
    let hufu = Hufu::new();
    assert_eq!(checks(&hufu), ["database", "reachable"]);
    assert!(!hufu.path().join("data").exists());
}

#[test]
fn every_fault_of_the_printed_report_says_how_to_mend_it() {
    let ran = Hufu::new()
        .with("HTTPS_CERT_PATH", "/nowhere")
        .run("doctor --url http://127.0.0.1:1");
    assert_eq!(ran.code, 1);
    let lines: Vec<_> = ran.out.lines().collect();
    for (line, next) in lines.iter().zip(&lines[1..]) {
        assert!(
            !(line.starts_with("BROKEN") || line.starts_with("doubt"))
                || next.trim_start().starts_with("-> "),
            "{}",
            ran.out
        );
    }
    assert!(
        ran.out.contains("HTTPS_CERT_PATH and HTTPS_KEY_PATH"),
        "{}",
        ran.out
    );
}
