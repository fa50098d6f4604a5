//! What goes out to people: test messages, codes and invitations, to a mail server and to a program on loopback.

use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll, time::Duration};

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{mail_server::MailServer, manager::Manager, receiver::Receiver};

on_both! {
    a_test_message_arrives_with_the_configuration_that_is_tried,
    a_test_that_cannot_be_sent_says_why,
    the_tenants_own_words_go_before_the_connectors,
    a_program_gets_everything_and_sends_by_itself,
    messages_of_tests_are_written_into_a_file,
    an_invitation_brings_its_message,
    an_invitation_without_its_message_is_not_kept,
    an_invitation_is_sent_though_its_client_goes_away,
    t52_a_recipient_gets_ten_messages_in_ten_minutes,
}

const LOOPBACK: (&str, &str) = ("HUFU_OUTBOUND_ALLOW", "127.0.0.1");

async fn start(db: TestDb) -> Manager {
    Manager::start_with(db, &[LOOPBACK]).await
}

fn smtp(server: &MailServer) -> Value {
    let template = |usage: &str| json!({ "usageType": usage, "contentType": "text/plain", "subject": usage, "content": "{{code}}" });
    json!({
        "host": "127.0.0.1",
        "port": server.port,
        "fromEmail": "Acme <noreply@acme.test>",
        "templates": USAGES.map(template),
    })
}

async fn connect(manager: &Manager, factory: &str, config: Value) {
    let body = json!({ "connectorId": factory, "config": config });
    manager.post("/connectors", &body).await.with(200);
}

const USAGES: [&str; 4] = ["SignIn", "Register", "ForgotPassword", "Generic"];
const SMTP: &str = "simple-mail-transfer-protocol";

async fn a_test_message_arrives_with_the_configuration_that_is_tried(db: TestDb) {
    let (manager, mail) = (start(db).await, MailServer::start().await);
    let path = format!("/connectors/{SMTP}/test");
    let body = json!({ "email": "ann@people.test", "config": smtp(&mail) });
    manager.post(&path, &body).await.with(204);
    let arrived = mail.mails().pop().unwrap();
    assert_eq!(arrived.to, ["ann@people.test"]);
    assert_eq!(
        (arrived.header("Subject"), arrived.body().trim()),
        ("Generic", "000000")
    );
    assert!(manager.get("/connectors").await.ids().is_empty());

    let sms = Receiver::start().await;
    let config = json!({ "endpoint": sms.url, "authorization": "Bearer x" });
    let body = json!({ "phone": "4915112345678", "config": config });
    manager
        .post("/connectors/http-sms/test", &body)
        .await
        .with(204);
    let call = sms.calls().pop().unwrap();
    assert_eq!(
        (call.body["to"].as_str(), call.header("authorization")),
        (Some("4915112345678"), "Bearer x")
    );
}

async fn a_test_that_cannot_be_sent_says_why(db: TestDb) {
    let (manager, mail) = (start(db).await, MailServer::start().await);
    let closed = json!({ "endpoint": "http://127.0.0.1:9" });
    let private = json!({ "endpoint": "http://10.0.0.1" });
    let aliases = USAGES.map(|usage| json!({ "usageType": usage, "templateAlias": "x" }));
    for (factory, body, status, code) in [
        (
            SMTP,
            json!({ "config": smtp(&mail) }),
            400,
            "guard.invalid_input",
        ),
        (
            SMTP,
            json!({ "email": "ann", "config": smtp(&mail) }),
            400,
            "guard.invalid_input",
        ),
        (
            SMTP,
            json!({ "email": "ann@people.test" }),
            400,
            "guard.invalid_input",
        ),
        (
            SMTP,
            json!({ "phone": "123456", "config": smtp(&mail) }),
            400,
            "connector.unexpected_type",
        ),
        (
            "nonsense",
            json!({ "email": "a@b.test", "config": {} }),
            400,
            "connector.not_found",
        ),
        (
            "github-universal",
            json!({ "email": "a@b.test", "config": {} }),
            400,
            "connector.unexpected_type",
        ),
        (
            SMTP,
            json!({ "email": "a@b.test", "config": { "host": "x" } }),
            400,
            "connector.invalid_config",
        ),
        (
            SMTP,
            json!({ "email": "full@b.test", "config": smtp(&mail) }),
            400,
            "connector.general",
        ),
        (
            "http-email",
            json!({ "email": "a@b.test", "config": closed }),
            400,
            "connector.general",
        ),
        (
            "http-email",
            json!({ "email": "a@b.test", "config": private }),
            400,
            "connector.general",
        ),
        (
            "postmark-mail",
            json!({ "email": "a@b.test", "config": {
                "serverToken": "t", "fromEmail": "a@b.test",
                "templates": aliases,
            } }),
            501,
            "connector.not_implemented",
        ),
    ] {
        let path = format!("/connectors/{factory}/test");
        manager.post(&path, &body).await.failed(status, code);
    }
    assert!(mail.mails().is_empty());
}

async fn the_tenants_own_words_go_before_the_connectors(db: TestDb) {
    let (manager, mail) = (start(db).await, MailServer::start().await);
    let own = |language: &str, subject: &str| {
        json!({ "languageTag": language, "templateType": "Generic", "details": {
            "subject": subject, "content": "<b>{{code}}</b>", "sendFrom": "Tenant <{{locale}}@acme.test>",
        } })
    };
    let templates = json!({ "templates": [own("en", "Hello"), own("de", "Hallo")] });
    manager.put("/email-templates", &templates).await.with(200);
    let path = format!("/connectors/{SMTP}/test");
    for (locale, subject) in [
        (json!("de"), "Hallo"),
        (json!("fr"), "Hello"),
        (Value::Null, "Hello"),
    ] {
        let body = json!({ "email": "ann@people.test", "config": smtp(&mail), "locale": locale });
        manager.post(&path, &body).await.with(204);
        let arrived = mail.mails().pop().unwrap();
        assert_eq!(arrived.header("Subject"), subject);
        assert!(arrived.header("Content-Type").starts_with("text/html"));
        assert!(arrived.body().contains("<b>000000</b>"));
        assert!(arrived.header("From").starts_with("Tenant <"));
    }
}

async fn a_program_gets_everything_and_sends_by_itself(db: TestDb) {
    let (manager, program) = (start(db).await, Receiver::start().await);
    let config = json!({ "endpoint": program.url, "authorization": "secret" });
    connect(&manager, "http-email", config).await;
    let ann = json!({ "email": "ann@people.test" });
    manager.post("/verification-codes", &ann).await.with(204);
    let call = program.calls().pop().unwrap();
    assert_eq!(call.header("authorization"), "secret");
    assert_eq!(
        (&call.body["to"], &call.body["type"]),
        (&json!("ann@people.test"), &json!("Generic"))
    );
    assert_eq!(call.body["payload"]["locale"], "en");
    let code = call.body["payload"]["code"].as_str().unwrap();
    assert_eq!(code.len(), 6);
    program.answer(&[500]);
    let refused = manager
        .post("/verification-codes", &ann)
        .await
        .failed(400, "connector.general");
    assert!(
        refused["message"].as_str().unwrap().contains("500"),
        "{refused}"
    );
}

async fn messages_of_tests_are_written_into_a_file(db: TestDb) {
    let directory = tempfile::tempdir().unwrap();
    let variable = (
        "MOCK_CONNECTOR_MESSAGE_DIR",
        directory.path().to_str().unwrap(),
    );
    let manager = Manager::start_with(db, &[variable]).await;
    let template = |usage: &str| json!({ "usageType": usage, "content": "{{code}}" });
    let templates = USAGES.map(template);
    let mail = json!({ "apiKey": "k", "fromEmail": "a@b.test", "templates": templates });
    connect(&manager, "mock-email-service", mail).await;
    let sms = json!({ "accountSID": "a", "authToken": "t", "fromMessagingServiceSID": "f", "templates": templates });
    connect(&manager, "mock-short-message-service", sms).await;
    for recipient in [
        json!({ "email": "ann@people.test" }),
        json!({ "email": "bob@people.test" }),
        json!({ "phone": "123456" }),
    ] {
        manager
            .post("/verification-codes", &recipient)
            .await
            .with(204);
    }
    let records = |file: &str| {
        let text = std::fs::read_to_string(directory.path().join(file)).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect::<Vec<Value>>()
    };
    let mails = records("logto_mock_email_record.txt");
    assert_eq!(
        (mails.len(), &mails[1]["address"]),
        (2, &json!("bob@people.test"))
    );
    assert_eq!(mails[1]["template"]["content"], mails[1]["code"]);
    let messages = records("logto_mock_sms_record.txt");
    assert_eq!(
        (&messages[0]["phone"], &messages[0]["type"]),
        (&json!("123456"), &json!("Generic"))
    );
}

async fn invite(manager: &Manager, invitee: &str, payload: Value) -> crate::support::Answer {
    let organization = json!({ "name": "Acme & <b>Sons</b>" });
    let organization = manager
        .post("/organizations", &organization)
        .await
        .with(201);
    let body = json!({
        "inviterId": crate::support::ANN,
        "invitee": invitee,
        "organizationId": organization["id"],
        "expiresAt": (manager.server.now().0 + 3600) * 1000,
        "messagePayload": payload,
    });
    manager.post("/organization-invitations", &body).await
}

async fn an_invitation_brings_its_message(db: TestDb) {
    let (manager, mail) = (start(db).await, MailServer::start().await);
    connect(&manager, SMTP, smtp(&mail)).await;
    let template = json!({ "templates": [{ "languageTag": "en", "templateType": "OrganizationInvitation", "details": {
        "subject": "Join {{organization.name}}",
        "content": "<p>{{inviter.id}} {{organization.name}}</p><a href=\"{{link}}\">",
    } }] });
    manager.put("/email-templates", &template).await.with(200);
    invite(&manager, "zoe@people.test", json!(false))
        .await
        .with(201);
    assert!(mail.mails().is_empty());
    let payload = json!({ "link": "https://app.test/join?a=1&b=2" });
    let made = invite(&manager, "bob@people.test", payload.clone())
        .await
        .with(201);
    let arrived = mail.mails().pop().unwrap();
    assert_eq!(arrived.to, ["bob@people.test"]);
    assert_eq!(arrived.header("Subject"), "Join Acme & <b>Sons</b>");
    let expected = "<p>ann123456789 Acme &amp; &lt;b&gt;Sons&lt;/b&gt;</p><a href=\"https://app.test/join?a=1&amp;b=2\">";
    assert!(arrived.body().contains(expected), "{}", arrived.body());

    let path = format!(
        "/organization-invitations/{}/message",
        made["id"].as_str().unwrap()
    );
    manager.post(&path, &payload).await.with(204);
    assert_eq!(mail.mails().len(), 1);
    manager
        .post(&path, &json!([]))
        .await
        .failed(400, "guard.invalid_input");
    manager
        .post("/organization-invitations/nobody/message", &payload)
        .await
        .failed(404, "entity.not_found");
}

async fn an_invitation_without_its_message_is_not_kept(db: TestDb) {
    let (manager, mail) = (start(db).await, MailServer::start().await);
    let payload = json!({ "link": "https://app.test" });
    invite(&manager, "bob@people.test", payload.clone())
        .await
        .failed(501, "connector.not_found");
    connect(&manager, SMTP, smtp(&mail)).await;
    invite(&manager, "full@people.test", payload)
        .await
        .failed(400, "connector.general");
    invite(&manager, "bob@people.test", json!(true))
        .await
        .failed(400, "guard.invalid_input");
    assert_eq!(
        manager.get("/organization-invitations").await.with(200),
        json!([])
    );
}

async fn an_invitation_is_sent_though_its_client_goes_away(db: TestDb) {
    let (manager, mail) = (start(db).await, MailServer::start().await);
    connect(&manager, SMTP, smtp(&mail)).await;
    let payload = json!({ "link": "https://app.test" });
    let (mut left, mut told) = (BTreeSet::new(), BTreeSet::new());
    // How often a request waits differs from time to time: until one was left between the two.
    for number in 0..500 {
        let to = format!("p{number}@people.test");
        let asking = invite(&manager, &to, payload.clone());
        if !polled(asking, 1 + number % 25).await {
            left.insert(to);
        }
        if number % 25 < 24 {
            continue;
        }
        let kept = sent(&manager, &mail, &mut told).await;
        if !kept.is_disjoint(&left) {
            return;
        }
    }
    panic!("no client went away at the right moment");
}

/// Polls so often, and tells whether that was enough.
async fn polled<T>(work: impl Future<Output = T>, mut times: usize) -> bool {
    let mut work = pin!(work);
    poll_fn(|context| {
        if times == 0 {
            return Poll::Ready(false);
        }
        times -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// Those whose invitations are kept, once each of them was told.
async fn sent(
    manager: &Manager,
    mail: &MailServer,
    told: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    for _ in 0..1000 {
        told.extend(mail.mails().into_iter().flat_map(|mail| mail.to));
        let listed = manager.get("/organization-invitations").await.with(200);
        let listed = listed.as_array().unwrap().iter();
        let kept: BTreeSet<_> = listed
            .map(|invitation| invitation["invitee"].as_str().unwrap().to_owned())
            .collect();
        if kept == *told {
            return kept;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not all who are invited are told");
}

async fn t52_a_recipient_gets_ten_messages_in_ten_minutes(db: TestDb) {
    let mut manager = start(db).await;
    let (program, hooks) = (Receiver::start().await, Receiver::start().await);
    connect(&manager, "http-email", json!({ "endpoint": program.url })).await;
    let hook = json!({ "name": "limits", "events": ["Message.RateLimited"], "config": { "url": hooks.url } });
    manager.post("/hooks", &hook).await.with(201);
    for spelling in 0..10 {
        let ann = json!({ "email": format!("Ann+{spelling}@people.test") });
        manager.post("/verification-codes", &ann).await.with(204);
    }
    let ann = json!({ "email": "ann@people.test" });
    for _ in 0..3 {
        manager
            .post("/verification-codes", &ann)
            .await
            .failed(429, "request.message_rate_limited");
    }
    assert_eq!(program.calls().len(), 10);
    let bob = json!({ "email": "bob@people.test" });
    manager.post("/verification-codes", &bob).await.with(204);
    server::job::hook::once(&manager.server.app).await.unwrap();
    assert_eq!(hooks.events(), ["Message.RateLimited"]);
    manager.server.advance(601);
    manager.renew().await;
    manager.post("/verification-codes", &ann).await.with(204);
}
