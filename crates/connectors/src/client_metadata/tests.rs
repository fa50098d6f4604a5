use std::time::Duration;

use serde_json::json;

use super::{FetchFailed, fetch};
use crate::{
    document_host::{DocumentHost, Reply},
    http::{CallFailed, Guarded},
};
use protocol::client_metadata::{InvalidMetadata, LARGEST};

const PATH: &str = "/oauth/client.json";

/// A client that trusts the host, and may call it although it is private.
fn trusting(host: &DocumentHost) -> Guarded {
    let open = Guarded::new(|_, ip| ip.is_loopback());
    open.trusting(host.authority.as_bytes()).unwrap()
}

fn document(host: &DocumentHost) -> String {
    json!({"client_id": host.address(PATH), "redirect_uris": ["http://127.0.0.1/cb"]}).to_string()
}

#[tokio::test]
async fn a_document_comes_with_its_lifetime() {
    let host = DocumentHost::start().await;
    let head = "200 OK\r\ncontent-type: application/json\r\ncache-control: max-age=900";
    host.serve(PATH, Reply::new(head, document(&host)));
    let fetched = fetch(&trusting(&host), &host.address(PATH)).await.unwrap();
    assert_eq!(fetched.metadata.client_id, host.address(PATH));
    assert_eq!(fetched.lifetime, 900);
}

#[tokio::test]
async fn t43_a_private_address_is_not_called_unless_it_is_listed() {
    let host = DocumentHost::start().await;
    host.serve(PATH, Reply::json(document(&host)));
    let strict = Guarded::new(|_, _| false);
    let strict = strict.trusting(host.authority.as_bytes()).unwrap();
    for name in [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00::1]",
        "0.0.0.0",
    ] {
        let address = format!("https://{name}:{}{PATH}", host.port);
        let refused = fetch(&strict, &address).await;
        assert!(
            matches!(&refused, Err(FetchFailed::Call(CallFailed::Private(_)))),
            "{name}: {refused:?}"
        );
    }
    assert_eq!(host.asked(PATH), 0);
}

#[tokio::test]
async fn t43_a_certificate_that_nobody_signed_is_not_trusted() {
    let host = DocumentHost::start().await;
    host.serve(PATH, Reply::json(document(&host)));
    let open = Guarded::new(|_, ip| ip.is_loopback());
    let refused = fetch(&open, &host.address(PATH)).await;
    assert!(
        matches!(
            &refused,
            Err(FetchFailed::Call(CallFailed::NoAnswer { .. }))
        ),
        "{refused:?}"
    );
    assert_eq!(host.asked(PATH), 0);
}

#[tokio::test]
async fn t44_redirects_errors_and_other_types_are_no_documents() {
    let host = DocumentHost::start().await;
    let good = document(&host);
    let json = "content-type: application/json";
    host.serve("/other", Reply::json(&good));
    for (head, status) in [
        (format!("302 Found\r\nlocation: /other\r\n{json}"), 302),
        (
            format!(
                "301 Moved Permanently\r\nlocation: {}\r\n{json}",
                host.address("/other")
            ),
            301,
        ),
        (format!("404 Not Found\r\n{json}"), 404),
        (format!("500 Internal Server Error\r\n{json}"), 500),
        (format!("201 Created\r\n{json}"), 201),
    ] {
        host.serve(PATH, Reply::new(&head, &good));
        let refused = fetch(&trusting(&host), &host.address(PATH)).await;
        assert!(
            matches!(&refused, Err(FetchFailed::Status(found)) if *found == status),
            "{head}: {refused:?}"
        );
    }
    assert_eq!(host.asked("/other"), 0);
    for head in ["200 OK", "200 OK\r\ncontent-type: text/html"] {
        host.serve(PATH, Reply::new(head, &good));
        let refused = fetch(&trusting(&host), &host.address(PATH)).await;
        assert!(
            matches!(&refused, Err(FetchFailed::ContentType)),
            "{head}: {refused:?}"
        );
    }
    host.serve(PATH, Reply::json(good.replace("client.json", "other.json")));
    let refused = fetch(&trusting(&host), &host.address(PATH)).await;
    assert!(matches!(
        &refused,
        Err(FetchFailed::Invalid(InvalidMetadata::OtherClientId))
    ));
}

#[tokio::test]
async fn t44_a_document_that_is_too_large_is_not_read() {
    let host = DocumentHost::start().await;
    let padded = |length: usize| {
        let short = document(&host);
        format!("{short}{}", " ".repeat(length - short.len()))
    };
    host.serve(PATH, Reply::json(padded(LARGEST)));
    assert!(fetch(&trusting(&host), &host.address(PATH)).await.is_ok());
    host.serve(PATH, Reply::json(padded(LARGEST + 1)));
    let refused = fetch(&trusting(&host), &host.address(PATH)).await;
    assert!(
        matches!(&refused, Err(FetchFailed::Call(CallFailed::TooLong(_)))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn t43_endless_and_slow_documents_end() {
    let host = DocumentHost::start().await;
    let endless = Reply {
        endless: true,
        ..Reply::json("x".repeat(1000))
    };
    host.serve(PATH, endless.clone());
    let refused = fetch(&trusting(&host), &host.address(PATH)).await;
    assert!(
        matches!(&refused, Err(FetchFailed::Call(CallFailed::TooLong(_)))),
        "{refused:?}"
    );
    let slow = Reply {
        body: " ".to_owned(),
        pause: Duration::from_millis(300),
        ..endless
    };
    host.serve(PATH, slow);
    let refused = fetch(&trusting(&host), &host.address(PATH)).await;
    assert!(
        matches!(
            &refused,
            Err(FetchFailed::Call(CallFailed::NoAnswer { .. }))
        ),
        "{refused:?}"
    );
}

#[test]
fn only_certificates_are_trusted() {
    for pem in [
        "",
        "nothing",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let refused = Guarded::new(|_, _| false).trusting(pem.as_bytes());
        assert!(refused.is_err(), "{pem}");
    }
}
