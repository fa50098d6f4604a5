use identity::message::{ContentType, Template, TemplateType};
use serde_json::{Map, Value, json};

use super::{compose, config::Config};
use crate::{
    http::Guarded,
    mail_server::MailServer,
    message::{Message, send},
};

pub(super) fn config(server: &MailServer, more: Value) -> Map<String, Value> {
    let mut config = json!({
        "host": "127.0.0.1",
        "port": server.port,
        "fromEmail": "Acme <noreply@acme.test>",
        "templates": [
            { "usageType": "Generic", "contentType": "text/plain", "subject": "Code {{code}}", "content": "Your code: {{code}}\n.\nBye" },
        ],
    });
    let members = config.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    members.clone()
}

pub(super) async fn try_to_send(config: &Map<String, Value>, to: &str) -> Result<(), String> {
    let http = Guarded::new(|_, _| true);
    let payload = json!({ "code": "123456" });
    let message = Message {
        to,
        usage: TemplateType::SignIn,
        payload: payload.as_object().unwrap(),
        ip: None,
        template: None,
    };
    send(
        &http,
        "simple-mail-transfer-protocol",
        config,
        &message,
        None,
    )
    .await
    .map_err(|error| format!("{} {error}", error.code()))
}

#[tokio::test]
async fn a_message_arrives_as_it_is_written() {
    let server = MailServer::start().await;
    let headers =
        json!({ "customHeaders": { "X-Campaign": "codes" }, "replyTo": "help@acme.test" });
    try_to_send(&config(&server, headers), "ann@people.test")
        .await
        .unwrap();
    let mail = server.mails().pop().unwrap();
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("noreply@acme.test", &["ann@people.test".to_owned()][..])
    );
    assert_eq!(mail.login, None);
    assert_eq!(mail.header("Subject"), "Code 123456");
    assert_eq!(mail.header("From"), "Acme <noreply@acme.test>");
    assert_eq!(mail.header("Reply-To"), "help@acme.test");
    assert_eq!(mail.header("X-Campaign"), "codes");
    assert!(mail.header("Message-ID").ends_with("@acme.test>"));
    assert!(mail.header("Content-Type").starts_with("text/plain"));
    assert!(
        mail.body().contains("Your code: 123456\r\n.\r\nBye"),
        "{}",
        mail.data
    );
}

#[tokio::test]
async fn the_password_is_shown_to_a_server_that_asks() {
    let server = MailServer::with_login("mailer", "s3cret").await;
    let auth = |pass: &str| json!({ "auth": { "type": "login", "user": "mailer", "pass": pass } });
    try_to_send(&config(&server, auth("s3cret")), "ann@people.test")
        .await
        .unwrap();
    assert_eq!(
        server.mails().pop().unwrap().login.as_deref(),
        Some("mailer")
    );
    let error = try_to_send(&config(&server, auth("guess")), "ann@people.test")
        .await
        .unwrap_err();
    assert!(
        error.starts_with("connector.general") && error.contains("535"),
        "{error}"
    );
    assert!(!error.contains("guess"));
    let error = try_to_send(&config(&server, json!({})), "ann@people.test")
        .await
        .unwrap_err();
    assert!(error.contains("530"), "{error}");
}

#[tokio::test]
async fn where_encryption_is_required_nothing_is_said_without() {
    let server = MailServer::with_login("mailer", "s3cret").await;
    let more = json!({ "requireTLS": true, "auth": { "user": "mailer", "pass": "s3cret" } });
    let error = try_to_send(&config(&server, more), "ann@people.test")
        .await
        .unwrap_err();
    assert!(error.contains("STARTTLS"), "{error}");
    assert_eq!(server.logins(), 0);
}

#[tokio::test]
async fn a_server_that_refuses_is_quoted() {
    let server = MailServer::start().await;
    let error = try_to_send(&config(&server, json!({})), "full@people.test")
        .await
        .unwrap_err();
    assert!(
        error.starts_with("connector.general") && error.contains("552"),
        "{error}"
    );
}

#[tokio::test]
async fn a_recipient_is_one_address_and_no_header() {
    let server = MailServer::start().await;
    for to in [
        "ann@people.test, bob@people.test",
        "a@b.test\r\nBcc: eve@evil.test",
        "Ann <ann@people.test>",
        "",
    ] {
        assert!(
            try_to_send(&config(&server, json!({})), to).await.is_err(),
            "{to}"
        );
    }
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_private_mail_server_needs_the_operators_word() {
    let server = MailServer::start().await;
    let http = Guarded::new(|_, _| false);
    let payload = Map::new();
    let message = Message {
        to: "ann@people.test",
        usage: TemplateType::Generic,
        payload: &payload,
        ip: None,
        template: None,
    };
    let config = config(&server, json!({}));
    let sent = send(
        &http,
        "simple-mail-transfer-protocol",
        &config,
        &message,
        None,
    )
    .await;
    assert_eq!(sent.unwrap_err().code(), "connector.general");
    assert!(server.mails().is_empty());
}

#[test]
fn the_templates_sender_goes_before_the_configurations() {
    let config = json!({ "host": "x", "port": "25", "fromEmail": "a@acme.test" });
    let config = Config::read(config.as_object().unwrap()).unwrap();
    assert_eq!((config.port, config.hello().as_str()), (25, "acme.test"));
    let template = Template {
        subject: "Grüße".to_owned(),
        content: "<p>ä</p>".to_owned(),
        content_type: Some(ContentType::Html),
        reply_to: Some("answers@acme.test".to_owned()),
        send_from: Some("Other <b@acme.test>".to_owned()),
    };
    let mail = compose(&config, "ann@people.test", &template).unwrap();
    let text = String::from_utf8(mail.formatted()).unwrap();
    assert!(text.contains("From: Other <b@acme.test>"), "{text}");
    assert!(
        text.contains("Content-Type: text/html; charset=utf-8"),
        "{text}"
    );
    assert!(text.is_ascii());
    let nobody = Template {
        send_from: Some("nobody".to_owned()),
        ..template
    };
    assert_eq!(
        compose(&config, "ann@people.test", &nobody)
            .unwrap_err()
            .code(),
        "connector.invalid_config"
    );
}
