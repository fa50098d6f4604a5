//! `make bench`: speed as ratios against raw limits of the same machine in the same run.
//!
//! Every figure is work per second of processor time that the server itself used, so that the load program beside it does
//! not count. Results are printed and written to `bench/RESULTS.md`; `make bench PARTS="tokens discovery"` runs some parts
//! (`start`, `tokens`, `discovery`, `people`, `memory`, `users`, `logs`) and only prints.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program that measures needs the clock, and may stop with a sentence"
)]

mod bare;
mod browser;
mod figures;
mod growth;
mod http;
mod logs;
mod process;
mod raw;
mod users;

use std::time::Duration;

use anyhow::{Context, Result};
use figures::Report;
use process::Hufu;

/// How long each load runs.
const LOAD: Duration = Duration::from_secs(4);
/// Connections kept open by each load.
const CONNECTIONS: usize = 16;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    if arguments.first().is_some_and(|first| first == "bare-axum") {
        let port = arguments
            .get(1)
            .context("bare-axum needs a port")?
            .parse()?;
        return runtime.block_on(bare::serve(port));
    }
    let mut report = Report::default();
    runtime.block_on(measure(&mut report, &Parts(arguments.clone())))?;
    report.print();
    if arguments.is_empty() {
        report.save()?;
    }
    Ok(())
}

/// Which parts were asked for; without any, all.
struct Parts(Vec<String>);

impl Parts {
    fn have(&self, part: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|wanted| wanted == part)
    }
}

async fn measure(report: &mut Report, parts: &Parts) -> Result<()> {
    if parts.have("start") {
        start_up(report).await?;
    }
    let sqlite = Hufu::start("SQLite", None).await?;
    if parts.have("memory") {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let idle = sqlite.megabytes()?;
        report.goal_at_most("resident memory idle, MB", idle, 40.0);
    }
    if parts.have("tokens") {
        client_credentials(report, &sqlite).await?;
    }
    if parts.have("discovery") {
        discovery(report, &sqlite).await?;
    }
    if parts.have("people") {
        people(report, &sqlite).await?;
    }
    if parts.have("memory") {
        let peak = sqlite.peak_megabytes()?;
        let what = "resident memory after the load (peak), MB";
        report.goal_at_most(what, peak, 120.0);
    }
    managing(report, parts, &sqlite).await?;
    drop(sqlite);
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        let postgres = Hufu::start("PostgreSQL", Some(url)).await?;
        if parts.have("people") {
            people(report, &postgres).await?;
        }
        managing(report, parts, &postgres).await?;
        if parts.have("users") {
            users::against_express(report, &postgres).await?;
        }
    }
    Ok(())
}

/// The Management API over few rows and many.
async fn managing(report: &mut Report, parts: &Parts, hufu: &Hufu) -> Result<()> {
    if parts.have("users") {
        users::growth(report, hufu).await?;
    }
    if parts.have("logs") {
        logs::growth(report, hufu).await?;
    }
    Ok(())
}

async fn start_up(report: &mut Report) -> Result<()> {
    let mut fresh = Vec::new();
    let mut again = Vec::new();
    for _ in 0..7 {
        let hufu = Hufu::start("SQLite", None).await?;
        fresh.push(hufu.milliseconds_to_first_answer);
        let hufu = hufu.restart().await?;
        again.push(hufu.milliseconds_to_first_answer);
    }
    report.goal_at_most(
        "first start to first answer, with migrations and new keys, ms (median of 7)",
        figures::median(&mut fresh),
        300.0,
    );
    report.goal_at_most(
        "later start to first answer, ms (median of 7)",
        figures::median(&mut again),
        300.0,
    );
    Ok(())
}

async fn client_credentials(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let machine = hufu.machine_application("https://api.example.com").await?;
    let request = machine.token_request();
    // In turn, so that a change of the machine's mood hits both.
    let (mut signatures, mut tokens, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let signing = raw::es384_signatures_per_cpu_second();
        let rate = hufu.rate(&request, CONNECTIONS, LOAD / 2).await?;
        signatures.push(signing);
        tokens.push(rate);
        ratios.push(rate / signing);
    }
    report.line(
        "raw ES384 signatures per CPU-second (median of 3)",
        figures::median(&mut signatures),
    );
    report.line(
        "client-credentials tokens per CPU-second (median of 3)",
        figures::median(&mut tokens),
    );
    report.goal_at_least(
        "client-credentials tokens against raw ES384 signatures (median of 3)",
        figures::median(&mut ratios),
        0.8,
    );
    Ok(())
}

async fn discovery(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let request = http::Request::get("/oidc/.well-known/openid-configuration");
    let body = hufu.send(&request).await?.body;
    let bare = bare::Bare::start(&body).await?;
    // In turn, so that a change of the machine's mood hits both.
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let ours = hufu.rate(&request, CONNECTIONS, LOAD / 2).await?;
        let theirs = bare
            .rate(&http::Request::get("/"), CONNECTIONS, LOAD / 2)
            .await?;
        ratios.push(ours / theirs);
    }
    report.goal_at_least(
        "discovery requests against a bare axum route with the same body (median of 3)",
        figures::median(&mut ratios),
        0.8,
    );
    Ok(())
}

async fn people(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let browsers = browser::signed_in(hufu, CONNECTIONS).await?;
    let codes = browser::code_flows(hufu, &browsers, LOAD).await?;
    report.line(
        &format!(
            "code flows (authorization, token, ID token) per CPU-second on {}",
            hufu.database
        ),
        codes.per_cpu_second,
    );
    report.line(
        &format!("code flows per second on {}", hufu.database),
        codes.per_second,
    );
    let refreshes = browser::refreshes(hufu, &browsers, LOAD).await?;
    report.line(
        &format!(
            "refreshes (rotating, with ID token) per CPU-second on {}",
            hufu.database
        ),
        refreshes.per_cpu_second,
    );
    report.line(
        &format!("refreshes per second on {}", hufu.database),
        refreshes.per_second,
    );
    Ok(())
}
