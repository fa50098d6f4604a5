use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{CallFailed, Guarded};

/// A server that answers every request with `answer` and may then go on with `more` for ever.
async fn server(answer: &'static str, more: &'static [u8], pause: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                while !more.is_empty() && stream.write_all(more).await.is_ok() {
                    tokio::time::sleep(pause).await;
                }
            });
        }
    });
    address
}

fn strict() -> Guarded {
    Guarded::new(|_, _| false)
}

fn open() -> Guarded {
    Guarded::new(|_, ip| ip.is_loopback())
}

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";

#[tokio::test]
async fn t43_loopback_is_refused_however_it_is_written() {
    let port = server(HELLO, b"", Duration::ZERO).await.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",
    ] {
        let refused = strict().get(&format!("http://{host}:{port}/")).await;
        assert!(
            matches!(refused, Err(CallFailed::Private(_))),
            "{host}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn what_the_operator_listed_is_called() {
    let port = server(HELLO, b"", Duration::ZERO).await.port();
    let by_name = Guarded::new(|host, _| host == "localhost");
    assert_eq!(
        by_name
            .get(&format!("http://localhost:{port}/"))
            .await
            .unwrap()
            .text(),
        "hello"
    );
    assert!(
        by_name
            .get(&format!("http://127.0.0.1:{port}/"))
            .await
            .is_err()
    );
    assert_eq!(
        open()
            .get(&format!("http://127.0.0.1:{port}/"))
            .await
            .unwrap()
            .text(),
        "hello"
    );
}

#[tokio::test]
async fn t43_only_http_addresses_without_user_are_called() {
    for address in [
        "file:///etc/passwd",
        "ftp://example.com/",
        "http://user:pass@127.0.0.1/",
        "gopher://127.0.0.1/",
        "//x",
        "",
    ] {
        let refused = open().get(address).await;
        assert!(
            matches!(refused, Err(CallFailed::Address(_))),
            "{address}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn t43_redirects_are_not_followed() {
    let to_self = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let address = server(to_self, b"", Duration::ZERO).await;
    let answer = open().get(&format!("http://{address}/")).await.unwrap();
    assert_eq!(answer.status, 302);
}

#[tokio::test]
async fn t43_an_endless_body_is_cut() {
    static CHUNK: [u8; 65536] = [b'x'; 65536];
    let endless = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let address = server(endless, &CHUNK, Duration::ZERO).await;
    let refused = open().get(&format!("http://{address}/")).await;
    assert!(
        matches!(refused, Err(CallFailed::TooLong(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn t43_a_slow_body_is_not_waited_for() {
    let slow = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let address = server(slow, b"x", Duration::from_millis(500)).await;
    let refused = open().get(&format!("http://{address}/")).await;
    assert!(
        matches!(refused, Err(CallFailed::NoAnswer { .. })),
        "{refused:?}"
    );
}
