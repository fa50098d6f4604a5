//! `hufu key`.

use crate::{Hufu, on_both};

on_both!(rotating);

fn rotating(hufu: &Hufu) {
    let table = hufu.prints("key list");
    assert!(
        table.contains("RS256") && table.contains("ES384") && table.contains("Current"),
        "{table}"
    );
    let after = hufu.json("key rotate");
    let rsa: Vec<_> = after
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["algorithm"] == "RS256")
        .map(|key| key["status"].as_str().unwrap())
        .collect();
    assert_eq!(rsa.len(), 2);
    assert!(rsa.contains(&"Current") && rsa.contains(&"Previous"));
    assert!(
        after[0]["publicKey"]["kid"].is_string() && after[0].get("value").is_none(),
        "no private key is shown: {after}"
    );
    hufu.run("key rotate --tenant nobody")
        .failed("there is no tenant \"nobody\"");
}

#[test]
fn the_grace_period_can_be_set_once_for_all() {
    let hufu = Hufu::new().with("PRIVATE_KEY_ROTATION_GRACE_PERIOD", "3600");
    assert!(hufu.prints("key rotate --type ec").contains("Next"));
}
