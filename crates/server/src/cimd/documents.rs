//! Documents of clients in memory. However many requests name one at once, it is fetched once.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use connectors::{
    client_metadata::{FetchFailed, Fetched, fetch},
    http::{CallFailed, Guarded},
};
use protocol::{
    client_metadata::ClientMetadata,
    error::{ErrorCode, OAuthError},
    time::Time,
};
use tokio::{
    sync::{Mutex as Waiting, Semaphore},
    time::timeout,
};

/// The most documents that are kept.
const MOST: usize = 1000;

/// The most that are fetched at once, whoever asks: nobody makes the server call out without end.
const AT_ONCE: usize = 16;

/// How long a request waits for its turn to fetch.
const PATIENCE: Duration = Duration::from_secs(2);

/// Seconds after a failure in which it is not tried again. The draft (§5.2) forbids to keep errors as if they were documents; this is
/// no longer than a person takes to try again.
const PAUSE: i64 = 10;

/// Seconds for which a document is used beyond its time while its host cannot be reached at all (RFC 9111 §4.2.4).
const GRACE: i64 = 24 * 3600;

/// The documents.
#[derive(Debug)]
pub struct Documents {
    entries: Mutex<HashMap<String, Arc<Entry>>>,
    fetches: Semaphore,
}

#[derive(Debug, Default)]
struct Entry {
    used_at: AtomicI64,
    /// Whoever fetches holds the lock; the others wait for what comes.
    held: Waiting<Held>,
}

#[derive(Debug, Default)]
struct Held {
    document: Option<Document>,
    failure: Option<(Time, OAuthError)>,
}

#[derive(Debug)]
struct Document {
    metadata: Arc<ClientMetadata>,
    fresh_until: Time,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            fetches: Semaphore::new(AT_ONCE),
        }
    }
}

impl Documents {
    /// The document of a client, fetched unless it is held and fresh.
    ///
    /// # Errors
    /// `invalid_client` or `temporarily_unavailable`, with a sentence for the client's developer. It does not say what an address of
    /// this server's network answers; the log does.
    pub async fn find(
        &self,
        http: &Guarded,
        client_id: &str,
        now: Time,
    ) -> Result<Arc<ClientMetadata>, OAuthError> {
        let entry = self.entry(client_id, now).ok_or_else(busy)?;
        let mut held = entry.held.lock().await;
        if let Some(known) = held.answer(now) {
            return known;
        }
        let turn = timeout(PATIENCE, self.fetches.acquire()).await;
        let _turn = turn.ok().and_then(Result::ok).ok_or_else(busy)?;
        let fetched = fetch(http, client_id).await;
        if let Err(why) = &fetched {
            tracing::warn!(
                client_id,
                "the metadata document of a client cannot be used: {}",
                with_causes(why)
            );
        }
        held.learn(fetched, now)
    }

    /// The entry of an address. `None` when all that are kept are being waited for.
    fn entry(&self, client_id: &str, now: Time) -> Option<Arc<Entry>> {
        let mut entries = lock(&self.entries);
        if !entries.contains_key(client_id) && entries.len() >= MOST {
            let last = entries
                .iter()
                .filter(|(_, entry)| Arc::strong_count(entry) == 1)
                .min_by_key(|(_, entry)| (entry.is_good(), entry.used_at.load(Ordering::Relaxed)))
                .map(|(id, _)| id.clone())?;
            entries.remove(&last);
        }
        let entry = entries.entry(client_id.to_owned()).or_default();
        entry.used_at.store(now.0, Ordering::Relaxed);
        Some(Arc::clone(entry))
    }
}

impl Entry {
    /// Whether it holds a document; those that do not make room first.
    fn is_good(&self) -> bool {
        let held = self.held.try_lock();
        held.map_or(true, |held| held.document.is_some())
    }
}

impl Held {
    /// What is known without asking.
    fn answer(&self, now: Time) -> Option<Result<Arc<ClientMetadata>, OAuthError>> {
        let document = self.document.as_ref();
        if let Some(fresh) = document.filter(|document| now < document.fresh_until) {
            return Some(Ok(Arc::clone(&fresh.metadata)));
        }
        let (_, error) = self.failure.as_ref().filter(|(until, _)| now < *until)?;
        Some(document.map_or_else(
            || Err(error.clone()),
            |document| Ok(Arc::clone(&document.metadata)),
        ))
    }

    /// Keeps what came. A document outlives its time only while nobody answers at its address.
    fn learn(
        &mut self,
        fetched: Result<Fetched, FetchFailed>,
        now: Time,
    ) -> Result<Arc<ClientMetadata>, OAuthError> {
        match fetched {
            Ok(fetched) => {
                let metadata = Arc::new(fetched.metadata);
                self.failure = None;
                self.document = Some(Document {
                    metadata: Arc::clone(&metadata),
                    fresh_until: now.plus(fetched.lifetime),
                });
                Ok(metadata)
            }
            Err(why) => {
                let is_silent = matches!(
                    why,
                    FetchFailed::Call(CallFailed::NoAnswer { .. } | CallFailed::Unknown(_))
                );
                let error = told(&why);
                self.failure = Some((now.plus(PAUSE), error.clone()));
                self.document = self
                    .document
                    .take()
                    .filter(|document| is_silent && now < document.fresh_until.plus(GRACE));
                let document = self.document.as_ref();
                document.map_or(Err(error), |document| Ok(Arc::clone(&document.metadata)))
            }
        }
    }
}

/// What the client's developer is told. Whether an address is private, unknown or silent is for the operator only: the answer must not
/// map the server's network.
fn told(why: &FetchFailed) -> OAuthError {
    match why {
        FetchFailed::Call(_) => OAuthError::new(
            ErrorCode::TemporarilyUnavailable,
            "the client metadata document at client_id cannot be fetched; the server's log says why",
        ),
        FetchFailed::Status(_) | FetchFailed::ContentType => OAuthError::invalid_client(format!(
            "there is no client metadata document at client_id: {why}"
        )),
        FetchFailed::Invalid(_) => OAuthError::invalid_client(format!(
            "the client metadata document at client_id is invalid: {why}"
        )),
    }
}

fn busy() -> OAuthError {
    OAuthError::new(
        ErrorCode::TemporarilyUnavailable,
        "too many client metadata documents are being fetched, try again shortly",
    )
}

fn with_causes(why: &FetchFailed) -> String {
    let mut text = why.to_string();
    let mut source = std::error::Error::source(why);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
