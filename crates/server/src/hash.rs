//! The queue in which passwords are hashed: as many at once as there are workers, a bounded line, and a clear "busy" beyond it.
//!
//! One Argon2id hash takes 19 MiB and a good part of a processor for some 20 ms. Without a bound, a flood of sign-ins would
//! take all memory and every thread; with it, other requests go on.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use thiserror::Error;
use tokio::sync::Semaphore;

/// How many may wait for each worker: about a second of work.
const LINE_PER_WORKER: usize = 32;

/// Seconds after which a refused caller may try again (`Retry-After`).
pub const RETRY_AFTER: u32 = 2;

/// Too many passwords wait to be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("too many passwords wait to be hashed")]
pub struct Busy;

/// A bounded queue for work that keeps a processor busy.
#[derive(Clone, Debug)]
pub struct HashQueue {
    workers: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    line: usize,
}

impl HashQueue {
    /// A queue that works on `workers` hashes at once.
    pub fn new(workers: usize) -> Self {
        let workers = workers.max(1);
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            waiting: Arc::default(),
            line: workers * (LINE_PER_WORKER + 1),
        }
    }

    /// Runs `work` on a thread of its own when its turn comes.
    ///
    /// # Errors
    /// At once, when the line is full.
    pub async fn run<T, W>(&self, work: W) -> Result<T, Busy>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let _place = Place::take(self)?;
        let permit = self
            .workers
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held to the end even when the caller goes away: the work goes on all the same.
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| Busy)
    }
}

/// A place in the line, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(queue: &'a HashQueue) -> Result<Self, Busy> {
        if queue.waiting.fetch_add(1, Ordering::AcqRel) >= queue.line {
            queue.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Busy);
        }
        Ok(Self(&queue.waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc, Barrier,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use super::{Busy, HashQueue, LINE_PER_WORKER};

    #[tokio::test]
    async fn t53_what_does_not_fit_in_the_line_is_refused_at_once_and_the_rest_is_done() {
        let queue = HashQueue::new(1);
        let gate = Arc::new(Barrier::new(2));
        let mut tasks = Vec::new();
        for _ in 0..=LINE_PER_WORKER {
            let (queue, gate) = (queue.clone(), gate.clone());
            let first = tasks.is_empty();
            tasks.push(tokio::spawn(async move {
                queue
                    .run(move || first.then(|| gate.wait()).is_some())
                    .await
            }));
            tokio::task::yield_now().await;
        }
        while queue.waiting.load(Ordering::Acquire) <= LINE_PER_WORKER {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(queue.run(|| ()).await, Err(Busy));
        gate.wait();
        for task in tasks {
            assert!(task.await.unwrap().is_ok());
        }
        assert_eq!(queue.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn no_more_than_the_workers_run_at_once() {
        let queue = HashQueue::new(2);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (queue, running, most) = (queue.clone(), running.clone(), most.clone());
                tokio::spawn(async move {
                    queue
                        .run(move || {
                            most.fetch_max(
                                running.fetch_add(1, Ordering::SeqCst) + 1,
                                Ordering::SeqCst,
                            );
                            std::thread::sleep(Duration::from_millis(2));
                            running.fetch_sub(1, Ordering::SeqCst);
                        })
                        .await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_panic_in_one_piece_of_work_leaves_the_queue_working() {
        let queue = HashQueue::new(1);
        assert_eq!(
            queue.run(|| -> u8 { panic!("bad digest") }).await,
            Err(Busy)
        );
        assert_eq!(queue.run(|| 1).await, Ok(1));
    }
}
