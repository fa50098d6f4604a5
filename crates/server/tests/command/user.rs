//! `hufu user` but for import.

use serde_json::json;

use crate::{Hufu, on_both};

on_both!(an_account_from_beginning_to_end, refusals, lists);

fn an_account_from_beginning_to_end(hufu: &Hufu) {
    let line = "user create --username ann --email Ann@Example.com --phone +4930123456 --name Ann --password-stdin --json";
    let made = hufu.run_with_input(line, "correct horse\n").succeeded();
    assert!(
        !made.out.contains("argon2") && !made.out.contains("correct horse"),
        "{}",
        made.out
    );
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        (id.len(), &made["hasPassword"], &made["primaryPhone"]),
        (12, &json!(true), &json!("4930123456"))
    );

    for named in [id, "ann", "ANN@example.com", "+4930123456"] {
        assert_eq!(hufu.json(&format!("user show {named}")), made, "{named}");
    }
    hufu.run_with_input("user set-password ann --password-stdin", "battery staple")
        .succeeded();
    hufu.run("user set-password ann --password swordfish")
        .succeeded();
    hufu.prints("user suspend ann");
    assert_eq!(hufu.json("user show ann")["isSuspended"], true);
    hufu.prints("user suspend ann --undo");
    assert_eq!(hufu.json("user show ann")["isSuspended"], false);
    hufu.run("user delete ann").failed("add --yes");
    hufu.prints("user delete ann --yes");
    hufu.run("user show ann").failed("there is no user \"ann\"");
}

fn refusals(hufu: &Hufu) {
    hufu.prints("user create --username ann --email ann@example.com --no-password");
    hufu.run("user create --username ann --no-password")
        .failed("the user name is taken");
    hufu.run("user create --email ANN@EXAMPLE.COM --no-password")
        .failed("the e-mail address is taken");
    hufu.run("user create --username 1ann --no-password")
        .failed("username must be");
    hufu.run("user create --no-password")
        .failed("--username, --email or --phone");
    hufu.run("user create --username bob")
        .failed("--password-stdin");
    hufu.run("user create --username bob --password-stdin")
        .failed("the password is empty");
    hufu.run("user create --username bob --no-password --tenant nobody")
        .failed("such as the tenant");
    assert_eq!(hufu.json("user list").as_array().unwrap().len(), 1);
    hufu.prints("user create --username ann --no-password --tenant admin");
}

fn lists(hufu: &Hufu) {
    for name in ["ann", "bob", "cleo"] {
        hufu.prints(&format!(
            "user create --username {name} --email {name}@example.com --no-password"
        ));
    }
    assert!(
        hufu.prints("user list --search bob")
            .contains("bob@example.com")
    );
    assert_eq!(
        hufu.json("user list --search EXAMPLE.com")
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(hufu.json("user list --search nobody"), json!([]));
    assert_eq!(hufu.prints("user list --search nobody"), "no users\n");
    assert_eq!(
        hufu.json("user list --limit 2").as_array().unwrap().len(),
        2
    );
    let ran = hufu.run("user list --limit 2 --offset 1").succeeded();
    assert!(ran.err.contains("2 of 3"), "{ran:?}");
}

#[test]
fn case_does_not_matter_where_the_operator_says_so() {
    let hufu = Hufu::new().with("CASE_SENSITIVE_USERNAME", "false");
    hufu.prints("user create --username ann --no-password");
    hufu.run("user create --username Ann --no-password")
        .failed("the user name is taken");
    assert_eq!(hufu.json("user show ANN")["username"], "ann");
}
