//! The processes that run scripts: started when first needed, a few at once, a bounded line before them.

use std::{
    io,
    path::Path,
    process::Stdio,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{
    Job, Outcome, ScriptError, report,
    worker::{self, Answer, Question},
};
use crate::config::scripts::Scripts as Settings;

/// How many may wait for each process.
const LINE_PER_WORKER: usize = 32;

/// A worker ends itself when its script does not end; after this much more it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// Runs scripts, each in a process that can be ended from outside.
#[derive(Debug)]
pub struct Scripts {
    settings: Settings,
    permits: Semaphore,
    idle: Mutex<Vec<Worker>>,
    waiting: AtomicUsize,
}

impl Scripts {
    /// As many processes as `settings` say, none of which is started yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            permits: Semaphore::new(settings.workers),
            idle: Mutex::default(),
            waiting: AtomicUsize::new(0),
            settings,
        }
    }

    /// Runs `job` when its turn comes.
    ///
    /// # Errors
    /// [`ScriptError::Busy`] when too many wait, or for longer than a script may run.
    pub async fn run(&self, job: Job) -> Outcome {
        let question = Question {
            job,
            limits: self.settings.limits,
        };
        let question = worker::frame(&question).map_err(broken)?;
        let _permit = self.turn().await?;
        let idle = self.idle().pop();
        let is_used = idle.is_some();
        match self.ask(idle, &question).await {
            // A process that waited may have died meanwhile: that is no word on this script.
            Err(Fault::Gone(_)) if is_used => self.ask(None, &question).await,
            other => other,
        }
        .unwrap_or_else(|fault| Err(self.explain(fault)))
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, ScriptError> {
        let _place = Place::take(&self.waiting, self.settings.workers * LINE_PER_WORKER)?;
        match timeout(self.settings.limits.time, self.permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(ScriptError::Busy),
        }
    }

    async fn ask(&self, idle: Option<Worker>, question: &[u8]) -> Result<Outcome, Fault> {
        let mut worker = match idle {
            Some(worker) => worker,
            None => Worker::start(&self.settings.program).map_err(Fault::NotStarted)?,
        };
        let patience = self.settings.limits.time + GRACE;
        let answered = timeout(patience, worker.ask(question)).await;
        match answered.map_err(|_| Fault::Stuck)? {
            Ok(outcome) => {
                // One that was stopped in the middle may not have tidied up.
                let is_clean = !matches!(
                    outcome,
                    Err(ScriptError::Timeout(_) | ScriptError::OutOfMemory(_))
                );
                if is_clean {
                    self.idle().push(worker);
                }
                Ok(outcome)
            }
            Err(error) => Err(Fault::of(worker, error).await),
        }
    }

    fn explain(&self, fault: Fault) -> ScriptError {
        match fault {
            Fault::Stuck => report::timeout(&self.settings.limits),
            Fault::Gone(error) | Fault::NotStarted(error) => broken(error),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broken(error: io::Error) -> ScriptError {
    ScriptError::Broken(error.to_string())
}

/// Why a worker did not answer.
enum Fault {
    /// Its script would not stop.
    Stuck,
    /// It ended without an answer.
    Gone(io::Error),
    /// The system does not start processes for us.
    NotStarted(io::Error),
}

impl Fault {
    async fn of(mut worker: Worker, error: io::Error) -> Self {
        match timeout(GRACE, worker.process.wait()).await {
            Ok(Ok(status)) if status.code() == Some(worker::STUCK) => Self::Stuck,
            Ok(Ok(status)) => Self::Gone(io::Error::other(format!("the engine ended: {status}"))),
            Ok(Err(_)) | Err(_) => Self::Gone(error),
        }
    }
}

/// One process. It is killed when this is dropped, as happens when the caller goes away in the middle of a run.
#[derive(Debug)]
struct Worker {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    fn start(program: &Path) -> io::Result<Self> {
        let mut process = Command::new(program)
            .arg("script-worker")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let pipe = || io::Error::other("a pipe is missing");
        Ok(Self {
            input: process.stdin.take().ok_or_else(pipe)?,
            output: process.stdout.take().ok_or_else(pipe)?,
            process,
        })
    }

    async fn ask(&mut self, question: &[u8]) -> io::Result<Outcome> {
        self.input.write_all(question).await?;
        let mut length = [0; 4];
        self.output.read_exact(&mut length).await?;
        let mut answer = vec![0; worker::bounded(length)?];
        self.output.read_exact(&mut answer).await?;
        Ok(serde_json::from_slice::<Answer>(&answer)?.into())
    }
}

/// A place in the line, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, line: usize) -> Result<Self, ScriptError> {
        if waiting.fetch_add(1, Ordering::AcqRel) >= line {
            waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(ScriptError::Busy);
        }
        Ok(Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
