//! The commands, run as processes on both databases.
#![cfg(test)]

mod app;
mod apply;
mod config;
mod db;
mod doctor;
mod help;
mod import;
mod key;
mod running;
mod user;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use store::testing::TestDb;
use tempfile::TempDir;

/// An installation of a test's own.
pub(crate) struct Hufu {
    pub(crate) directory: TempDir,
    address: String,
    variables: Vec<(String, String)>,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Hufu {
    pub(crate) fn on(address: &str) -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            address: address.to_owned(),
            variables: Vec::new(),
        }
    }

    /// On an SQLite file that is not there yet.
    pub(crate) fn new() -> Self {
        let mut hufu = Self::on("");
        hufu.address = format!(
            "sqlite:{}",
            hufu.directory.path().join("data/hufu.db").display()
        );
        hufu
    }

    /// The same installation with one more variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hufu"));
        command
            .args(line.split(' ').filter(|word| !word.is_empty()))
            .current_dir(self.directory.path())
            .env_clear();
        command
            .env("DB_URL", &self.address)
            .env("HUFU_KEY_FILE", self.directory.path().join("hufu.key"));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn start(&self, line: &str) -> Child {
        self.command(line)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs a command without a terminal; words are parted by blanks.
    pub(crate) fn run(&self, line: &str) -> Ran {
        ended(self.start(line))
    }

    /// Runs a command with words of any form.
    pub(crate) fn run_words(&self, words: &[&str]) -> Ran {
        let mut command = self.command("");
        command
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        ended(command.spawn().unwrap())
    }

    pub(crate) fn run_with_input(&self, line: &str, input: &str) -> Ran {
        let mut command = self.command(line);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        ended(child)
    }

    /// What a command printed; it must have succeeded.
    pub(crate) fn prints(&self, line: &str) -> String {
        self.run(line).succeeded().out
    }

    /// The JSON that a command printed; it must have succeeded.
    pub(crate) fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json")).succeeded();
        serde_json::from_str(&ran.out)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", ran.out))
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.address.starts_with("sqlite:")
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// It failed with exit code 1, and said so in one line.
    #[track_caller]
    pub(crate) fn failed(self, why: &str) {
        assert_eq!(self.code, 1, "{self:?}");
        assert!(
            self.err.starts_with("fatal: ") && self.err.contains(why),
            "{self:?}"
        );
        assert_eq!(self.err.trim_end().lines().count(), 1, "{self:?}");
    }
}

pub(crate) fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `test` with an empty PostgreSQL database.
pub(crate) fn on_postgres(test: fn(&Hufu)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let database = runtime.block_on(TestDb::empty_postgres());
    test(&Hufu::on(database.address()));
    runtime.block_on(database.remove());
}

/// Runs each named `fn(&Hufu)` on an empty SQLite database and on an empty PostgreSQL database.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            #[test]
            fn sqlite() {
                super::$test(&crate::Hufu::new());
            }

            #[test]
            fn postgres() {
                crate::on_postgres(super::$test);
            }
        })+
    };
}
pub(crate) use on_both;
