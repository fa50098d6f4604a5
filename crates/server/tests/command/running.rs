//! What commands do to a server that runs, and what `hufu doctor` sees of it through a proxy.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{Hufu, on_both};

on_both!(a_running_server_follows_the_commands);

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Starts a server on a free port and waits until it answers.
fn start(hufu: &Hufu, variables: &[(&str, String)]) -> (Server, u16) {
    let port = free_port();
    let mut command = hufu.command("serve");
    command
        .env("PORT", port.to_string())
        .env("ADMIN_DISABLE_LOCALHOST", "1")
        .env("HUFU_LISTEN", "127.0.0.1");
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok()
            && request(port, "GET /api/status", "", "").starts_with("HTTP/1.1 204")
        {
            return (server, port);
        }
        assert!(server.0.try_wait().unwrap().is_none(), "the server ended");
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the server does not answer");
}

fn request(port: u16, line: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    write!(stream, "{line} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Asks again until the answer is as it should be: servers follow changes within seconds.
fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..300 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} within 30 seconds");
}

fn a_running_server_follows_the_commands(hufu: &Hufu) {
    let (_server, port) = start(hufu, &[]);
    let made = hufu.json("app create --preset m2m --audience https://api.example.com");
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    let body = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={secret}&audience=https://api.example.com&scope=all"
    );
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    soon("a new application gets a token", || {
        let answer = request(port, "POST /oidc/token", form, &body);
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"scope\":\"all\"")
    });

    let keys = hufu.json("key rotate --type ec");
    let new = keys
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["algorithm"] == "ES384" && key["status"] == "Current")
        .unwrap();
    let kid = new["id"].as_str().unwrap();
    soon("a new key is published", || {
        request(port, "GET /oidc/jwks", "", "").contains(kid)
    });

    hufu.prints("key rotate --type rsa --grace-period 1");
    soon("a staged key takes over", || {
        let keys = hufu.json("key list");
        let rsa: Vec<_> = keys
            .as_array()
            .unwrap()
            .iter()
            .filter(|key| key["algorithm"] == "RS256")
            .map(|key| key["status"].as_str().unwrap())
            .collect();
        rsa.len() == 2 && rsa.contains(&"Current") && rsa.contains(&"Previous")
    });

    hufu.prints(&format!("app delete {id} --yes"));
    soon("a deleted application gets nothing", || {
        request(port, "POST /oidc/token", form, &body).starts_with("HTTP/1.1 401")
    });
}

/// A proxy that passes requests on after `change` has been at the lines of their heads. Ends with the test.
fn proxy(port: u16, to: u16, change: fn(Vec<String>) -> Vec<String>) {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || pass(stream, to, change));
        }
    });
}

fn pass(mut from: TcpStream, to: u16, change: fn(Vec<String>) -> Vec<String>) {
    let mut reader = BufReader::new(from.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    if head.is_empty() {
        return;
    }
    let mut server = TcpStream::connect(("127.0.0.1", to)).unwrap();
    write!(
        server,
        "{}\r\nConnection: close\r\n\r\n",
        change(head).join("\r\n")
    )
    .unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).unwrap();
    let _ = from.write_all(&answer);
}

/// What doctor finds wrong at `address` with the server's own variables.
fn faults(hufu: &Hufu, variables: &[(&str, String)], address: &str) -> Vec<String> {
    let mut command = hufu.command(&format!("doctor --json --url {address}"));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let bad = findings
        .iter()
        .filter(|finding| finding["verdict"] == "broken");
    bad.map(|finding| {
        format!(
            "{}: {} -> {}",
            finding["check"].as_str().unwrap(),
            finding["message"].as_str().unwrap(),
            finding["mend"].as_str().unwrap()
        )
    })
    .collect()
}

#[test]
fn doctor_finds_nothing_wrong_with_a_server_on_this_machine() {
    let hufu = Hufu::new();
    let port = free_port();
    let variables = [("ENDPOINT", format!("http://localhost:{port}"))];
    let (_server, listens) = start(&hufu, &variables);
    proxy(port, listens, |head| head);
    assert_eq!(
        faults(&hufu, &variables, &format!("http://localhost:{port}")),
        Vec::<String>::new()
    );
}

#[test]
fn doctor_sees_a_port_that_a_proxy_loses() {
    let hufu = Hufu::new();
    let port = free_port();
    let variables = [("ENDPOINT", format!("http://localhost:{port}"))];
    let (_server, listens) = start(&hufu, &variables);
    proxy(port, listens, |head| {
        head.into_iter()
            .map(|line| {
                if line.to_ascii_lowercase().starts_with("host:") {
                    "Host: localhost".to_owned()
                } else {
                    line
                }
            })
            .collect()
    });
    let faults = faults(&hufu, &variables, &format!("http://localhost:{port}"));
    assert!(
        faults.len() == 1
            && faults[0].contains("the port is lost")
            && faults[0].contains("$http_host"),
        "{faults:?}"
    );
}

#[test]
fn doctor_sees_headers_that_are_sent_but_not_believed() {
    let hufu = Hufu::new();
    let port = free_port();
    let variables = [("ENDPOINT", format!("http://localhost:{port}"))];
    let (_server, listens) = start(&hufu, &variables);
    proxy(port, listens, |head| {
        let mut lines: Vec<_> = head
            .into_iter()
            .filter(|line| !line.to_ascii_lowercase().starts_with("host:"))
            .collect();
        lines.extend([
            "Host: hufu".to_owned(),
            "X-Forwarded-Host: localhost".to_owned(),
        ]);
        lines
    });
    let faults = faults(&hufu, &variables, &format!("http://localhost:{port}"));
    assert!(
        faults.len() == 1
            && faults[0].contains("arrived for hufu")
            && faults[0].contains("set TRUST_PROXY_HEADER=1"),
        "{faults:?}"
    );
}

#[test]
fn doctor_sees_cookies_that_no_browser_would_send_back() {
    let hufu = Hufu::new();
    let port = free_port();
    let variables = [
        ("ENDPOINT", format!("http://localhost:{port}")),
        ("TRUST_PROXY_HEADER", "1".to_owned()),
    ];
    let (_server, listens) = start(&hufu, &variables);
    proxy(port, listens, |mut head| {
        head.push("X-Forwarded-Proto: https".to_owned());
        head
    });
    let faults = faults(&hufu, &variables, &format!("http://localhost:{port}"));
    assert!(
        faults
            .iter()
            .any(|fault| fault.starts_with("cookies: ") && fault.contains("is Secure")),
        "{faults:?}"
    );
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("sent over http but arrived as https")),
        "{faults:?}"
    );
}

#[test]
fn doctor_compares_the_issuer_with_the_address_people_use() {
    let hufu = Hufu::new();
    let (_server, listens) = start(&hufu, &[]);
    let variables = [("PORT", listens.to_string())];
    let faults = faults(&hufu, &variables, &format!("http://127.0.0.1:{listens}"));
    assert!(
        faults.len() == 1
            && faults[0].contains(&format!("set ENDPOINT=http://127.0.0.1:{listens}")),
        "{faults:?}"
    );
}

#[test]
fn a_server_waits_for_a_database_that_starts_with_it() {
    let hufu = Hufu::on(&format!(
        "postgresql://hufu@127.0.0.1:{}/hufu?sslmode=disable",
        free_port()
    ))
    .with("DATABASE_CONNECTION_TIMEOUT", "100");
    let mut command = hufu.command("serve");
    command
        .env("PORT", free_port().to_string())
        .env("ADMIN_DISABLE_LOCALHOST", "1")
        .env("HUFU_LISTEN", "127.0.0.1");
    let output = command.output().unwrap();
    let log =
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert_eq!(
        log.matches("the database cannot be reached yet").count(),
        5,
        "{log}"
    );
    assert!(
        log.contains("fatal: the database cannot be opened") && log.contains("Connection refused"),
        "{log}"
    );
}
