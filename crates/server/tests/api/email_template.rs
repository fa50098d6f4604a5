//! `/email-templates` (`contract/logto-api.md` §4.4).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both! {
    a_template_is_written_read_changed_and_forgotten,
    a_template_takes_the_place_of_the_one_before,
    templates_are_forgotten_by_language_or_occasion,
    a_template_that_is_none_is_refused,
}

fn template(language: &str, kind: &str, subject: &str) -> Value {
    json!({
        "languageTag": language,
        "templateType": kind,
        "details": { "subject": subject, "content": "<p>{{code}}</p>" },
    })
}

async fn write(manager: &Manager, templates: Value) -> Value {
    let body = json!({ "templates": templates });
    manager.put("/email-templates", &body).await.with(200)
}

async fn a_template_is_written_read_changed_and_forgotten(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = write(&manager, json!([template("en", "SignIn", "Hello")])).await;
    let made = &made[0];
    assert_eq!(
        made["details"],
        json!({ "subject": "Hello", "content": "<p>{{code}}</p>" })
    );
    assert_eq!(
        (&made["tenantId"], &made["languageTag"]),
        (&json!("default"), &json!("en"))
    );
    let path = format!("/email-templates/{}", made["id"].as_str().unwrap());
    assert_eq!(&manager.get(&path).await.with(200), made);
    let change =
        json!({ "content": "{{code}}", "contentType": "text/plain", "replyTo": "help@acme.test" });
    let details = format!("{path}/details");
    let changed = manager.patch(&details, &change).await.with(200);
    assert_eq!(
        changed["details"],
        json!({ "subject": "Hello", "content": "{{code}}", "contentType": "text/plain", "replyTo": "help@acme.test" })
    );
    assert_eq!(manager.get(&path).await.with(200), changed);
    manager.delete(&path).await.with(204);
    manager.delete(&path).await.failed(404, "entity.not_found");
    manager
        .get(&path)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&details, &change)
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn a_template_takes_the_place_of_the_one_before(db: TestDb) {
    let manager = Manager::start(db).await;
    let first = write(
        &manager,
        json!([template("en", "SignIn", "1"), template("de", "SignIn", "2")]),
    )
    .await;
    manager.server.advance(10);
    let second = write(
        &manager,
        json!([
            template("en", "SignIn", "3"),
            template("de", "Generic", "4")
        ]),
    )
    .await;
    assert_eq!(
        (&second[0]["id"], &second[0]["createdAt"]),
        (&first[0]["id"], &first[0]["createdAt"])
    );
    let all = manager.get("/email-templates").await.with(200);
    let shown: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["details"]["subject"])
        .collect();
    assert_eq!(shown, ["4", "2", "3"]);
    let german = manager
        .get("/email-templates?languageTag=de&templateType=SignIn")
        .await
        .ids();
    assert_eq!(german, [first[1]["id"].as_str().unwrap()]);
}

async fn templates_are_forgotten_by_language_or_occasion(db: TestDb) {
    let manager = Manager::start(db).await;
    let some = json!([
        template("en", "SignIn", "1"),
        template("de", "SignIn", "2"),
        template("de", "Generic", "3"),
        template("fr", "Generic", "4"),
    ]);
    write(&manager, some).await;
    manager
        .delete("/email-templates")
        .await
        .failed(422, "connector.email_connector.bulk_deletion_no_filter");
    for (query, expected) in [
        ("languageTag=it", 0),
        ("languageTag=de&templateType=SignIn", 1),
        ("languageTag=de", 1),
        ("templateType=Generic", 1),
        ("templateType=SignIn", 1),
    ] {
        let gone = manager
            .delete(&format!("/email-templates?{query}"))
            .await
            .with(200);
        assert_eq!(gone, json!({ "rowCount": expected }), "{query}");
    }
}

async fn a_template_that_is_none_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let with = |field: &str, value: Value| {
        let mut template = template("en", "SignIn", "s");
        template[field] = value;
        json!({ "templates": [template] })
    };
    for body in [
        json!({}),
        json!({ "templates": [] }),
        json!({ "templates": {} }),
        with("languageTag", json!("english")),
        with("languageTag", json!(1)),
        with("templateType", json!("Signin")),
        with("details", json!({ "subject": "x" })),
        with("details", json!({ "subject": "", "content": "x" })),
        with(
            "details",
            json!({ "subject": "x", "content": "x", "contentType": "text/css" }),
        ),
        with(
            "details",
            json!({ "subject": "x".repeat(901), "content": "x" }),
        ),
        with("details", json!({ "subject": "\u{0}", "content": "x" })),
    ] {
        manager
            .put("/email-templates", &body)
            .await
            .failed(400, "guard.invalid_input");
    }
    let path = "/email-templates?templateType=Other";
    manager.get(path).await.failed(400, "guard.invalid_input");
    assert_eq!(manager.get("/email-templates").await.with(200), json!([]));
}
