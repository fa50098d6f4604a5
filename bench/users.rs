//! The Management API over few and many users: what growth costs, and what the same query costs node with Express.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use crate::{
    figures::Report,
    http::Request,
    process::{Hufu, Machine, free_port, rate, wait_until_open},
};

const MANAGEMENT_API: &str = "https://default.logto.app/api";
const FEW: u32 = 10_000;
const MANY: u32 = 1_000_000;
const LOAD: Duration = Duration::from_secs(3);
/// What a path that an index serves may cost more over [`MANY`] users than over [`FEW`].
const GROWTH: f64 = 1.5;

/// What an operator's program asks for.
struct Question {
    what: &'static str,
    path: String,
    has_goal: bool,
}

/// Measures over few users, adds the rest, and measures again.
pub(crate) async fn growth(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let machine = hufu.machine_application(MANAGEMENT_API).await?;
    hufu.import_users(0, FEW)?;
    let few = measure(hufu, &machine).await?;
    hufu.import_users(FEW, MANY)?;
    let many = measure(hufu, &machine).await?;
    for ((question, few), (_, many)) in few.into_iter().zip(many) {
        let what = format!("{} on {}", question.what, hufu.database);
        report.line(
            &format!("{what}: requests per CPU-second over {FEW} users"),
            few,
        );
        let ratio = few / many;
        let what = format!("{what}: cost over {MANY} users against {FEW}");
        if question.has_goal {
            report.goal_at_most(&what, ratio, GROWTH);
        } else {
            report.line(&what, ratio);
        }
    }
    Ok(())
}

async fn measure(hufu: &Hufu, machine: &Machine) -> Result<Vec<(Question, f64)>> {
    let bearer = bearer(hufu, machine).await?;
    let ask = |path: &str| Request::get(path).with("authorization", bearer.clone());
    let first = hufu
        .send(&ask(
            "/api/users?search.primaryEmail=bench5%40example.com&mode.primaryEmail=exact",
        ))
        .await?;
    ensure!(first.status == 200, "{}", first.text());
    let users: serde_json::Value = serde_json::from_slice(&first.body)?;
    let id = users.pointer("/0/id").and_then(serde_json::Value::as_str);
    let id = id.context("bench5 is not there")?;
    let question = |what, path: String, has_goal| Question {
        what,
        path,
        has_goal,
    };
    let mut figures = Vec::new();
    for question in [
        question("reading a user", format!("/api/users/{id}"), true),
        question(
            "finding a user by e-mail",
            "/api/users?search.primaryEmail=bench77%40example.com&mode.primaryEmail=exact"
                .to_owned(),
            true,
        ),
        question(
            "listing the newest 20 users, with how many there are",
            "/api/users".to_owned(),
            false,
        ),
    ] {
        let figure = hufu.rate(&ask(&question.path), 8, LOAD).await?;
        figures.push((question, figure));
    }
    Ok(figures)
}

async fn bearer(hufu: &Hufu, machine: &Machine) -> Result<String> {
    let answer = hufu.send(&machine.token_request()).await?;
    Ok(format!("Bearer {}", answer.member("access_token")?))
}

/// Reading a user by the API against node with Express on the same PostgreSQL, which runs one query and nothing else.
pub(crate) async fn against_express(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let machine = hufu.machine_application(MANAGEMENT_API).await?;
    let bearer = bearer(hufu, &machine).await?;
    let listed = hufu
        .send(&Request::get("/api/users").with("authorization", bearer.clone()))
        .await?;
    let users: serde_json::Value = serde_json::from_slice(&listed.body)?;
    let id = users
        .pointer("/0/id")
        .and_then(serde_json::Value::as_str)
        .context("no user")?;
    let ours = Request::get(format!("/api/users/{id}")).with("authorization", bearer);
    let ours = hufu.rate(&ours, 8, LOAD).await?;
    let express = Express::start(hufu.database_address()).await?;
    let theirs = rate(
        express.child.id(),
        express.port,
        &Request::get(format!("/users/{id}")),
        8,
        LOAD,
    )
    .await?;
    report.line(
        "reading a user from Express on the same PostgreSQL: requests per CPU-second",
        theirs,
    );
    report.line(
        "reading a user from Hufu, token checked, against Express without any check",
        ours / theirs,
    );
    Ok(())
}

/// `bench/express.mjs` as a process of its own.
struct Express {
    child: Child,
    port: u16,
}

impl Express {
    async fn start(database: &str) -> Result<Self> {
        let port = free_port()?;
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../e2e"));
        let child = Command::new("node")
            .arg("../bench/express.mjs")
            .current_dir(root)
            .env("NODE_ENV", "production")
            .env("PORT", port.to_string())
            .env("DB_URL", database)
            .stdout(Stdio::null())
            .spawn()?;
        let express = Self { child, port };
        wait_until_open(port, Duration::from_secs(20)).await?;
        Ok(express)
    }
}

impl Drop for Express {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Hufu {
    /// Imports users `bench<from>` up to `bench<to>` through `hufu user import`.
    fn import_users(&self, from: u32, to: u32) -> Result<()> {
        let file = self.folder().join("users.jsonl");
        let mut lines = String::new();
        for number in from..to {
            writeln!(
                lines,
                r#"{{"username":"bench{number}","primaryEmail":"bench{number}@example.com","name":"Bench Person {number}"}}"#
            )?;
        }
        fs::write(&file, lines)?;
        self.run(&["user", "import", &file.display().to_string(), "--json"])?;
        Ok(())
    }
}
