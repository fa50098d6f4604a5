//! `hufu user import`.

use std::{
    fmt::Write,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::Stdio,
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{Hufu, Ran, ended, on_both};

on_both!(
    refused_lines_stop_nothing,
    every_algorithm_is_taken_over,
    standard_input_is_read,
    memory_stays_flat
);

fn import(hufu: &Hufu, text: &str) -> Ran {
    let path = hufu.file("users.jsonl", text);
    hufu.run(&format!("user import {}", path.display()))
}

fn refused_lines_stop_nothing(hufu: &Hufu) {
    let file = [
        r#"{"id": "keeps-its-id", "username": "ann", "primaryEmail": "ann@example.com", "identities": {"github": {"userId": "42"}}}"#,
        "",
        r#"{"username": "ann"}"#,
        "nonsense",
        r#"{"id": "keeps-its-id"}"#,
        r#"{"username": "bob", "primaryEmail": "ANN@example.com"}"#,
        r#"{"username": "cleo", "identities": {"github": {"userId": "42"}}}"#,
        r#"{"username": "dan", "passwordDigest": "x", "passwordAlgorithm": "ROT13"}"#,
        r#"{"username": "eve", "shoeSize": 43, "tenantId": "default"}"#,
    ]
    .join("\n");
    let ran = import(hufu, &file);
    assert_eq!(ran.code, 1, "{ran:?}");
    for line in [
        "line 3: the user name is taken",
        "line 4: the line is no account",
        "line 5: the id is taken",
        "line 6: the e-mail address is taken",
        "line 7: the social identity belongs to another user",
        "line 8: passwordDigest: ",
    ] {
        assert!(ran.out.contains(line), "{line}: {ran:?}");
    }
    assert!(
        ran.out.ends_with("2 taken, 6 refused\n") && ran.err.contains("not read: shoeSize (1)"),
        "{ran:?}"
    );
    assert_eq!(hufu.json("user show ann")["id"], "keeps-its-id");
    assert_eq!(
        hufu.json("user show ann")["identities"]["github"]["userId"],
        "42"
    );
    hufu.run("user show cleo").failed("there is no user");
    hufu.prints("user show eve");
}

fn every_algorithm_is_taken_over(hufu: &Hufu) {
    let digests = [
        (
            "Argon2i",
            "$argon2i$v=19$m=8192,t=8,p=1$c29tZXNhbHRzb21lc2FsdA$y3bWQ0E7JRLGYp4vnvSkF0kE4nCmEBwUhN7SbFMHy2s",
        ),
        (
            "Argon2id",
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$y3bWQ0E7JRLGYp4vnvSkF0kE4nCmEBwUhN7SbFMHy2s",
        ),
        (
            "Argon2d",
            "$argon2d$v=19$m=8192,t=8,p=1$c29tZXNhbHRzb21lc2FsdA$y3bWQ0E7JRLGYp4vnvSkF0kE4nCmEBwUhN7SbFMHy2s",
        ),
        (
            "Bcrypt",
            "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
        ),
        ("MD5", "5f4dcc3b5aa765d61d8327deb882cf99"),
        ("SHA1", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"),
        (
            "SHA256",
            "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
        ),
        ("Legacy", r#"["sha512",["salt","@"],"0123456789abcdef"]"#),
    ];
    let mut file = String::new();
    for (algorithm, digest) in digests {
        let row = json!({ "username": algorithm, "passwordDigest": digest, "passwordAlgorithm": algorithm });
        let _ = writeln!(file, "{row}");
    }
    let _ = writeln!(
        file,
        "{}",
        json!({ "username": "plain", "password": "correct horse" })
    );
    let ran = import(hufu, &file).succeeded();
    assert_eq!(ran.out, "9 taken, 0 refused\n");
    for (algorithm, _) in digests {
        assert!(
            hufu.prints(&format!("user show {algorithm}"))
                .contains(&format!("password      {algorithm}\n"))
        );
    }
    assert!(
        hufu.prints("user show plain")
            .contains("password      Argon2id\n"),
        "a plain password is hashed"
    );
}

fn standard_input_is_read(hufu: &Hufu) {
    let ran = hufu.run_with_input(
        "user import - --json",
        "{\"username\":\"ann\"}\n{\"username\":\"ann\"}\n",
    );
    assert_eq!(ran.code, 1);
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines[0],
        json!({ "line": 2, "code": "user.username_already_in_use", "message": "the user name is taken" })
    );
    assert_eq!(lines[1], json!({ "taken": 1, "refused": 1, "ignored": {} }));
    assert!(
        ran.err.is_empty(),
        "no progress bar without a terminal: {}",
        ran.err
    );
    hufu.run("user import nowhere.jsonl")
        .failed("nowhere.jsonl cannot be read");
    hufu.run("user import - --tenant nobody")
        .failed("there is no tenant \"nobody\"");
}

/// The most memory, in kilobytes, that an import of so many accounts held at once.
fn peak(hufu: &Hufu, from: usize, to: usize) -> u64 {
    let path = hufu.path().join("many.jsonl");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    for number in from..to {
        let row = json!({
            "id": format!("u{number}"), "username": format!("user{number}"), "primaryEmail": format!("user{number}@example.com"),
            "passwordDigest": "5f4dcc3b5aa765d61d8327deb882cf99", "passwordAlgorithm": "MD5", "name": "Somebody",
            "customData": { "note": "what applications store takes its place as well", "number": number },
        });
        writeln!(file, "{row}").unwrap();
        // Refused lines must not gather in memory either.
        if number % 10 == 0 {
            writeln!(file, r#"{{"username":"user{number}"}}"#).unwrap();
        }
    }
    file.into_inner().unwrap().sync_all().unwrap();
    let out = File::create(hufu.path().join("out.txt")).unwrap();
    let mut command = hufu.command(&format!("user import {}", path.display()));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(held(child.id()));
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(ended(child).code, 1);
    let printed = fs::read_to_string(hufu.path().join("out.txt")).unwrap();
    assert!(
        printed.ends_with(&format!(
            "{} taken, {} refused\n",
            to - from,
            (to - from) / 10
        )),
        "{}",
        printed.lines().last().unwrap()
    );
    peak
}

/// `VmHWM`: the peak of a process's resident memory.
fn held(pid: u32) -> u64 {
    let status = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status"))
        .unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}

fn memory_stays_flat(hufu: &Hufu) {
    hufu.prints("db seed");
    // A row is a round trip on PostgreSQL: a shorter file shows the same in less time.
    let length = if hufu.is_sqlite() { 100_000 } else { 30_000 };
    let few = peak(hufu, 0, 5_000);
    let many = peak(hufu, 5_000, 5_000 + length);
    assert!(
        few > 0 && many < few + 16 * 1024,
        "5,000 accounts held {few} kB, {length} held {many} kB"
    );
}
