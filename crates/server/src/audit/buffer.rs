//! Where entries wait until they are written.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use store::{StoreError, log::NewLog};
use tokio::{sync::Notify, time::timeout};

use super::{Entry, row::row};
use crate::app::App;

/// The most entries that wait in memory: some ten megabytes.
const MOST: usize = 20_000;
/// Enough to be written at once.
const MANY: usize = 256;
/// Entries written in one transaction.
const BATCH: usize = 512;
/// How long a request waits for room.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many of today's active people are remembered: those beyond are written again, which changes nothing.
const REMEMBERED: usize = 1_000_000;
/// Seconds in a day.
const DAY: i64 = 86_400;

/// Takes what happens, and who is active.
#[derive(Debug, Default)]
pub struct Recorder {
    buffer: Mutex<Buffer>,
    today: Mutex<Today>,
    sequence: AtomicUsize,
    /// There is room again.
    room: Notify,
    /// Much has come together.
    many: Notify,
    /// Held by whoever writes: batches are written one after the other.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Buffer {
    entries: Vec<Entry>,
    active: Vec<Active>,
    /// By tenant: how many entries found no room.
    lost: HashMap<String, u64>,
}

/// Somebody was active on a day.
#[derive(Clone, Debug)]
struct Active {
    tenant_id: String,
    day: i64,
    user_id: String,
}

/// Who was active today already, as hashes.
#[derive(Debug, Default)]
struct Today {
    day: i64,
    seen: HashSet<u64>,
}

impl Recorder {
    /// Takes an entry. It waits for room when more happens than can be written, and gives up after two seconds.
    pub async fn record(&self, entry: Entry) {
        let Some(entry) = self.push(entry) else {
            return;
        };
        let room = self.room.notified();
        let _ = timeout(PATIENCE, room).await;
        if let Some(entry) = self.push(entry) {
            *held(&self.buffer)
                .lost
                .entry(entry.tenant.id.clone())
                .or_default() += 1;
        }
    }

    /// Gives the entry back when there is no room for it.
    fn push(&self, entry: Entry) -> Option<Entry> {
        let mut buffer = held(&self.buffer);
        if buffer.entries.len() >= MOST {
            return Some(entry);
        }
        buffer.entries.push(entry);
        if buffer.entries.len() == MANY {
            self.many.notify_one();
        }
        None
    }

    /// Remembers that somebody is active at `now` (in seconds). The first time on a day it is written down.
    pub fn active(&self, tenant_id: &str, user_id: &str, now: i64) {
        let day = now.div_euclid(DAY);
        let mut hasher = DefaultHasher::new();
        (tenant_id, user_id).hash(&mut hasher);
        let hash = hasher.finish();
        {
            let mut today = held(&self.today);
            if today.day != day || today.seen.len() >= REMEMBERED {
                today.day = day;
                today.seen.clear();
            }
            if !today.seen.insert(hash) {
                return;
            }
        }
        held(&self.buffer).active.push(Active {
            tenant_id: tenant_id.to_owned(),
            day,
            user_id: user_id.to_owned(),
        });
    }

    /// Five letters and digits that follow those before: ids that begin with them keep what happens within a millisecond in order.
    pub(super) fn next(&self) -> String {
        const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let number = self.sequence.fetch_add(1, Ordering::Relaxed);
        let digit = |power: u32| {
            let digit = number / 36_usize.pow(power) % 36;
            DIGITS.get(digit).map_or('0', |digit| char::from(*digit))
        };
        (0..5).rev().map(digit).collect()
    }

    /// How many entries wait.
    pub fn waiting(&self) -> usize {
        held(&self.buffer).entries.len()
    }

    /// Waits until so much has come together that it should be written.
    pub async fn much(&self) {
        self.many.notified().await;
    }

    /// Writes everything that waits.
    ///
    /// # Errors
    /// When the database is out of reach: everything waits on.
    pub async fn flush(&self, app: &App) -> Result<(), StoreError> {
        let _writing = self.writing.lock().await;
        let mut taken = Taken {
            recorder: self,
            buffer: mem::take(&mut *held(&self.buffer)),
        };
        self.room.notify_waiters();
        for (tenant_id, lost) in mem::take(&mut taken.buffer.lost) {
            tracing::error!(tenant = tenant_id, lost, "audit logs found no room");
            if let Some(tenant) = app.tenant(&tenant_id) {
                let entry = Entry::new(app, &tenant, "Unknown").with("lost", lost);
                let entry = entry.failed("log.lost", "audit logs found no room");
                taken.buffer.entries.push(entry);
            }
        }
        write(app, &mut taken.buffer).await
    }
}

/// What is being written. What is not durable goes back, also when whoever waited for it does so no more.
struct Taken<'r> {
    recorder: &'r Recorder,
    buffer: Buffer,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut buffer = held(&self.recorder.buffer);
        self.buffer.entries.append(&mut buffer.entries);
        mem::swap(&mut self.buffer.entries, &mut buffer.entries);
        buffer.active.append(&mut self.buffer.active);
    }
}

/// Writes batch by batch and takes away what is durable.
async fn write(app: &App, taken: &mut Buffer) -> Result<(), StoreError> {
    while !taken.entries.is_empty() {
        let count = taken.entries.len().min(BATCH);
        let rows: Vec<NewLog> = taken.entries.iter().take(count).map(row).collect();
        match write_rows(app, &rows).await {
            Err(error) if error.is_unavailable() => return Err(error),
            Err(_) => one_by_one(app, &rows).await?,
            Ok(()) => {}
        }
        taken.entries.drain(..count);
    }
    while !taken.active.is_empty() {
        let count = taken.active.len().min(BATCH);
        let mut tx = app.db().begin().await?;
        for active in taken.active.iter().take(count) {
            let Active {
                tenant_id,
                day,
                user_id,
            } = active;
            store::daily_active_user::insert(&mut tx, tenant_id, *day, user_id).await?;
        }
        tx.commit().await?;
        taken.active.drain(..count);
    }
    Ok(())
}

async fn write_rows(app: &App, rows: &[NewLog]) -> Result<(), StoreError> {
    let mut tx = app.db().begin().await?;
    store::log::insert(&mut tx, rows).await?;
    tx.commit().await
}

/// One of them cannot be written, and must not hold up the others for ever.
async fn one_by_one(app: &App, rows: &[NewLog]) -> Result<(), StoreError> {
    for row in rows {
        match write_rows(app, std::slice::from_ref(row)).await {
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => tracing::error!(key = row.log.key, "an audit log is lost: {error}"),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// A thread that panicked while it held one of these has left nothing half done.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{DAY, Recorder, held};

    #[test]
    fn what_happens_within_a_millisecond_keeps_its_order() {
        let recorder = Recorder::default();
        let drawn: Vec<_> = (0..50_000).map(|_| recorder.next()).collect();
        assert!(drawn.is_sorted());
        assert_eq!(
            (drawn[0].as_str(), drawn[49_999].as_str()),
            ("00000", "012kv")
        );
    }

    #[test]
    fn who_is_active_is_written_once_a_day() {
        let recorder = Recorder::default();
        for (tenant, user, now) in [
            ("default", "ann", 10 * DAY),
            ("default", "ann", 10 * DAY + 5),
            ("admin", "ann", 10 * DAY + 5),
            ("default", "bob", 10 * DAY + 6),
            ("default", "ann", 11 * DAY),
        ] {
            recorder.active(tenant, user, now);
        }
        let buffer = held(&recorder.buffer);
        let written: Vec<_> = buffer
            .active
            .iter()
            .map(|active| {
                (
                    active.tenant_id.as_str(),
                    active.day,
                    active.user_id.as_str(),
                )
            })
            .collect();
        assert_eq!(
            written,
            [
                ("default", 10, "ann"),
                ("admin", 10, "ann"),
                ("default", 10, "bob"),
                ("default", 11, "ann"),
            ]
        );
    }
}
