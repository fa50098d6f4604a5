//! The walls between the crates, and the map of them, checked against what is really there.

#![expect(
    clippy::expect_used,
    reason = "helpers of tests fail as tests do: with a sentence"
)]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use serde_json::Value;

/// Who may use whom (`ARCHITECTURE.md`). A crate that is not listed as allowed is forbidden.
const ARROWS: [(&str, &[&str]); 5] = [
    ("protocol", &[]),
    ("identity", &["protocol"]),
    ("store", &["identity", "protocol"]),
    ("connectors", &["identity", "protocol"]),
    ("server", &["connectors", "identity", "protocol", "store"]),
];

/// Crates that do input, output or waiting: nothing pure may lead to them.
const IMPURE: [&str; 9] = [
    "axum", "futures", "hyper", "mio", "rand", "reqwest", "socket2", "sqlx", "tokio",
];

#[test]
fn the_arrows_between_our_crates_are_the_allowed_ones() {
    let metadata = metadata();
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let packages: BTreeSet<String> = workspace_packages(&metadata);
    assert_eq!(
        packages,
        ours.iter().map(ToString::to_string).collect(),
        "five crates, no more"
    );
    for (name, allowed) in ARROWS {
        for dependency in direct_dependencies(&metadata, name) {
            assert!(
                !ours.contains(dependency.as_str()) || allowed.contains(&dependency.as_str()),
                "{name} may not use {dependency}"
            );
        }
    }
}

#[test]
fn the_rules_reach_nothing_that_reads_writes_or_waits() {
    for name in ["protocol", "identity"] {
        let tree = cargo(&[
            "tree",
            "--package",
            name,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]);
        let reached: BTreeSet<&str> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        assert!(reached.contains("serde"), "the tree was read");
        for impure in IMPURE {
            assert!(!reached.contains(impure), "{name} reaches {impure}");
        }
    }
}

#[test]
fn only_one_file_draws_lots() {
    // No lint can forbid `rand::rng`: the name is a module as well.
    let sources = root().join("crates");
    let mut found = Vec::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && fs::read_to_string(&path).is_ok_and(|text| text.contains("rand::rng()"))
            {
                found.push(
                    path.file_name()
                        .map(|name| name.to_string_lossy().into_owned()),
                );
            }
        }
    }
    assert_eq!(found, [Some("random.rs".to_owned())]);
}

#[test]
fn every_folder_the_map_names_is_there_and_every_crate_is_on_the_map() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let named: BTreeSet<&str> = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.ends_with('/'))
        .collect();
    assert!(named.len() > 8, "the map names folders");
    for folder in &named {
        assert!(
            root().join(folder).is_dir(),
            "ARCHITECTURE.md names {folder}, which is not there"
        );
    }
    for (name, _) in ARROWS {
        let folder = format!("crates/{name}/");
        assert!(
            named.contains(folder.as_str()),
            "ARCHITECTURE.md does not name {folder}"
        );
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

fn metadata() -> Value {
    serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps"]))
        .expect("cargo metadata is JSON")
}

fn packages(metadata: &Value) -> &Vec<Value> {
    metadata["packages"]
        .as_array()
        .expect("metadata lists packages")
}

fn workspace_packages(metadata: &Value) -> BTreeSet<String> {
    packages(metadata)
        .iter()
        .filter_map(|package| package["name"].as_str())
        .map(str::to_owned)
        .collect()
}

fn direct_dependencies(metadata: &Value, name: &str) -> Vec<String> {
    let package = packages(metadata)
        .iter()
        .find(|package| package["name"] == name)
        .expect("the crate exists");
    let dependencies = package["dependencies"]
        .as_array()
        .expect("a package lists dependencies");
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
        .map(str::to_owned)
        .collect()
}
