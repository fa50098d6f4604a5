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
    growth::{self, Question},
    http::Request,
    process::{Hufu, MANAGEMENT_API, cpu_seconds, free_port, rate, wait_until_open},
};

const FEW: u32 = 10_000;
const MANY: u32 = 1_000_000;
const LOAD: Duration = Duration::from_secs(3);

/// Measures over few users, adds the rest, and measures again.
pub(crate) async fn growth(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let machine = hufu.machine_application(MANAGEMENT_API).await?;
    let bearer = hufu.bearer(&machine).await?;
    hufu.import_users(0, FEW)?;
    let few = growth::measure(hufu, &bearer, questions(hufu, &bearer).await?, LOAD).await?;
    hufu.import_users(FEW, MANY)?;
    let many = growth::measure(hufu, &bearer, questions(hufu, &bearer).await?, LOAD).await?;
    let (few, many) = ((FEW.into(), few), (MANY.into(), many));
    growth::compare(report, hufu.database, "users", few, many);
    Ok(())
}

async fn questions(hufu: &Hufu, bearer: &str) -> Result<Vec<Question>> {
    let by_email = |number: u32| {
        Request::get(format!(
            "/api/users?search.primaryEmail=bench{number}%40example.com&mode.primaryEmail=exact"
        ))
    };
    let found = hufu
        .send(&by_email(5).with("authorization", bearer))
        .await?;
    ensure!(found.status == 200, "{}", found.text());
    let users: serde_json::Value = serde_json::from_slice(&found.body)?;
    let id = users.pointer("/0/id").and_then(serde_json::Value::as_str);
    let id = id.context("bench5 is not there")?;
    let question = |what, request, has_goal| Question {
        what,
        request,
        has_goal,
    };
    Ok(vec![
        question(
            "reading a user",
            Request::get(format!("/api/users/{id}")),
            true,
        ),
        question("finding a user by e-mail", by_email(77), true),
        question(
            "searching users by a part of any field",
            Request::get("/api/users?search=%25bench77%25"),
            false,
        ),
        question(
            "listing the newest 20 users, with how many there are",
            Request::get("/api/users"),
            false,
        ),
    ])
}

/// Reading a user by the API against node with Express on the same PostgreSQL, which runs one query and nothing else.
pub(crate) async fn against_express(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let machine = hufu.machine_application(MANAGEMENT_API).await?;
    let bearer = hufu.bearer(&machine).await?;
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
        || cpu_seconds(&express.child.id().to_string()),
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
