//! The server under load as a process of its own, and what the system says it used.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::http::{Answer, Connection, Request};

/// Ticks per second in `/proc/<pid>/stat`, fixed at 100 on Linux.
const TICKS: f64 = 100.0;

/// The indicator of the Management API of the tenant `default`.
pub(crate) const MANAGEMENT_API: &str = "https://default.logto.app/api";

/// A running server with a fresh database.
pub(crate) struct Hufu {
    /// What the report calls its database.
    pub(crate) database: &'static str,
    /// From starting the process to the first answered request.
    pub(crate) milliseconds_to_first_answer: f64,
    child: Child,
    folder: PathBuf,
    url: String,
    port: u16,
}

impl Hufu {
    /// Starts `hufu` on a database of its own and waits for its first answer.
    pub(crate) async fn start(database: &'static str, server: Option<String>) -> Result<Self> {
        let port = free_port()?;
        let folder = std::env::temp_dir().join(format!("hufu-bench-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let url = match server {
            None => format!("sqlite:{}", folder.join("hufu.db").display()),
            Some(server) => own_database(&server, port)?,
        };
        Self::begin(database, folder, url, port).await
    }

    /// Stops the server and starts it again on the same database.
    pub(crate) async fn restart(mut self) -> Result<Self> {
        self.stop();
        let (folder, url) = (
            std::mem::take(&mut self.folder),
            std::mem::take(&mut self.url),
        );
        Self::begin(self.database, folder, url, free_port()?).await
    }

    async fn begin(
        database: &'static str,
        folder: PathBuf,
        url: String,
        port: u16,
    ) -> Result<Self> {
        let started = Instant::now();
        let child = command(&folder, &url, port)
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        wait_until_open(port, Duration::from_secs(20)).await?;
        let answer = Connection::open(port)
            .await?
            .send(&Request::get("/oidc/jwks"))
            .await?;
        ensure!(
            answer.status == 200,
            "the first answer was {}",
            answer.status
        );
        let milliseconds_to_first_answer = started.elapsed().as_secs_f64() * 1000.0;
        Ok(Self {
            database,
            milliseconds_to_first_answer,
            child,
            folder,
            url,
            port,
        })
    }

    /// The memory it holds now.
    pub(crate) fn megabytes(&self) -> Result<f64> {
        self.status_megabytes("VmRSS:")
    }

    /// The most memory it ever held.
    pub(crate) fn peak_megabytes(&self) -> Result<f64> {
        self.status_megabytes("VmHWM:")
    }

    fn status_megabytes(&self, field: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field))
            .context("no such field")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// Sends one request.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        Connection::open(self.port).await?.send(request).await
    }

    /// A kept connection.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        Connection::open(self.port).await
    }

    /// Requests answered per second of the server's processor time.
    pub(crate) async fn rate(
        &self,
        request: &Request,
        connections: usize,
        load: Duration,
    ) -> Result<f64> {
        rate(|| self.cpu_seconds(), self.port, request, connections, load).await
    }

    /// Requests answered per second of processor time of the server and its database together.
    pub(crate) async fn rate_with_database(
        &self,
        request: &Request,
        connections: usize,
        load: Duration,
    ) -> Result<f64> {
        let used = || self.cpu_seconds() + database_cpu_seconds(&self.url);
        rate(used, self.port, request, connections, load).await
    }

    /// Processor time the server has used.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&self.child.id().to_string())
    }

    /// A folder that goes with the server.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of its database.
    pub(crate) fn database_address(&self) -> &str {
        &self.url
    }

    /// Registers an application that acts for itself, at the API with this indicator.
    pub(crate) async fn machine_application(&self, indicator: &str) -> Result<Machine> {
        let application = self.run(&[
            "app",
            "create",
            "--preset",
            "m2m",
            "--name",
            "bench",
            "--audience",
            indicator,
            "--json",
        ])?;
        let text = |name: &str| {
            application
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .with_context(|| format!("no {name} in {application}"))
        };
        self.has_noticed().await;
        Ok(Machine {
            id: text("id")?,
            secret: text("secret")?,
            indicator: indicator.to_owned(),
        })
    }

    /// The `Authorization` of an application that acts for itself.
    pub(crate) async fn bearer(&self, machine: &Machine) -> Result<String> {
        let answer = self.send(&machine.token_request()).await?;
        Ok(format!("Bearer {}", answer.member("access_token")?))
    }

    /// Waits until the running server has read settings that a command changed: it looks every two seconds.
    pub(crate) async fn has_noticed(&self) {
        tokio::time::sleep(Duration::from_millis(2500)).await;
    }

    /// Runs a command of `hufu` on the same database and reads its JSON.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Value> {
        let output = command(&self.folder, &self.url, self.port)
            .args(arguments)
            .output()?;
        ensure!(
            output.status.success(),
            "hufu {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Does for a table what PostgreSQL does by itself within a minute where it is not told to leave that.
    pub(crate) fn settle(&self, table: &str) -> Result<()> {
        if !self.url.starts_with("postgres") {
            return Ok(());
        }
        let sql = format!("VACUUM (ANALYZE) {table}");
        psql(&self.url, &sql)
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Hufu {
    fn drop(&mut self) {
        self.stop();
        if !self.folder.as_os_str().is_empty() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// An application that acts for itself.
pub(crate) struct Machine {
    id: String,
    secret: String,
    indicator: String,
}

impl Machine {
    /// The request for a token.
    pub(crate) fn token_request(&self) -> Request {
        let basic = STANDARD.encode(format!("{}:{}", self.id, self.secret));
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", "all")
            .append_pair("resource", &self.indicator)
            .finish();
        Request::form("/oidc/token", body).with("authorization", format!("Basic {basic}"))
    }
}

/// Requests answered per second of the processor time that `used` counts; every answer must be 200.
pub(crate) async fn rate(
    used: impl Fn() -> f64,
    port: u16,
    request: &Request,
    connections: usize,
    load: Duration,
) -> Result<f64> {
    let answered = Arc::new(AtomicU64::new(0));
    let before = used();
    let end = Instant::now() + load;
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (answered, request) = (answered.clone(), request.clone());
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(port).await?;
            while Instant::now() < end {
                let answer = connection.send(&request).await?;
                ensure!(answer.status == 200, "{}: {}", answer.status, answer.text());
                answered.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let used = used() - before;
    #[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
    Ok(answered.load(Ordering::Relaxed) as f64 / used)
}

/// Waits until something listens on `port`.
pub(crate) async fn wait_until_open(port: u16, patience: Duration) -> Result<()> {
    let end = Instant::now() + patience;
    while Instant::now() < end {
        if tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok()
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    anyhow::bail!("nothing listens on port {port}")
}

/// Processor time of this process.
pub(crate) fn own_cpu_seconds() -> f64 {
    cpu_seconds("self")
}

/// Processor time of a process.
pub(crate) fn cpu_seconds(pid: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    seconds(after_name, 2)
}

/// Processor time of the PostgreSQL server at `url`: of its first process, of those that it started, and of those that have ended.
fn database_cpu_seconds(url: &str) -> f64 {
    let Some(server) = url::Url::parse(url)
        .ok()
        .and_then(|url| url.port())
        .and_then(first_process)
    else {
        return 0.0;
    };
    let used = processes().filter_map(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, after_name) = stat.rsplit_once(')')?;
        let parent = after_name.split_whitespace().nth(1)?;
        if pid == server {
            Some(seconds(after_name, 4))
        } else {
            (parent == server).then(|| seconds(after_name, 2))
        }
    });
    used.sum()
}

/// The PostgreSQL server that was started with `-p` and this port.
fn first_process(port: u16) -> Option<String> {
    let wanted = format!("\0-p\0{port}\0");
    processes().find(|pid| {
        let command = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let program = command.split('\0').next().unwrap_or_default();
        program.ends_with("postgres") && command.contains(&wanted)
    })
}

fn processes() -> impl Iterator<Item = String> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The sum of so many of `utime`, `stime`, `cutime` and `cstime` in what follows the name in `/proc/<pid>/stat`.
fn seconds(after_name: &str, fields: usize) -> f64 {
    let ticks: f64 = after_name
        .split_whitespace()
        .skip(11)
        .take(fields)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / TICKS
}

fn command(folder: &PathBuf, url: &str, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hufu"));
    command
        .current_dir(folder)
        .env("DB_URL", url)
        .env("PORT", port.to_string())
        .env("ADMIN_DISABLE_LOCALHOST", "true")
        .env("HUFU_LISTEN", "127.0.0.1")
        .env("HUFU_LOG", "error")
        // The logs that are measured lie longer in the past than they would be kept.
        .env("HUFU_LOG_RETENTION_DAYS", "0")
        .env("HUFU_KEY_FILE", folder.join("hufu.key"));
    command
}

fn own_database(server: &str, port: u16) -> Result<String> {
    let name = format!("hufu_bench_{port}");
    psql(server, &format!("CREATE DATABASE {name}"))?;
    let (address, _) = server
        .rsplit_once('/')
        .context("TEST_POSTGRES_URL has no database")?;
    Ok(format!("{address}/{name}"))
}

fn psql(url: &str, sql: &str) -> Result<()> {
    let status = Command::new("psql").args([url, "-qc", sql]).status()?;
    ensure!(status.success(), "psql failed: {sql}");
    Ok(())
}

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
