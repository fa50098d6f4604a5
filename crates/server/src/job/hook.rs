//! Tells hooks what waits in `hook_deliveries`.
//!
//! Every hook has its own slots, and one that does not take what it is told has a single one until it does: a receiver that
//! hangs holds up nobody else.

use std::{collections::HashMap, sync::Arc, time::Duration};

use store::{
    StoreError,
    hook_delivery::{self, HookDelivery, Waiting},
};
use tokio::{task::JoinSet, time::timeout};

use super::{Stop, told};
use crate::{app::App, hook::attempt::attempt};

/// How often the queue is looked at when nothing else happens.
const PERIOD: Duration = Duration::from_millis(500);
/// Seconds for which what was taken belongs to this node: longer than a call and writing down how it went.
const LEASE: i64 = 60;
/// Calls at once to one hook.
const SLOTS: usize = 10;
/// Calls at once in all.
const ALL_SLOTS: usize = 100;
/// Calls at once to all hooks that fail: the others always have some left.
const FAILING_SLOTS: usize = 50;
/// How long calls under way may take when the server stops; what is not told then is told later.
const DRAIN: Duration = Duration::from_secs(5);

/// Looks twice a second, and at once when a call has ended.
pub async fn run(app: App, mut stop: Stop) {
    let mut calls = Calls::default();
    loop {
        if let Err(error) = calls.start(&app).await {
            tracing::warn!("what hooks wait for could not be read: {error}");
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = calls.ended() => {}
            () = told(&mut stop) => break,
        }
    }
    let _ = timeout(DRAIN, calls.all()).await;
}

/// Tells hooks everything that is due, and waits until that is done; how many calls were made.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<usize, StoreError> {
    let mut calls = Calls::default();
    let mut made = 0;
    loop {
        let started = calls.start(app).await?;
        if started == 0 && calls.running.is_empty() {
            return Ok(made);
        }
        made += started;
        calls.ended().await;
    }
}

/// The calls under way.
#[derive(Default)]
struct Calls {
    running: JoinSet<(Waiting, Option<bool>)>,
    lanes: HashMap<Waiting, Lane>,
}

/// What is known of a hook.
#[derive(Clone, Copy, Default)]
struct Lane {
    running: usize,
    is_failing: bool,
}

impl Calls {
    /// Takes what is due for hooks with free slots, and calls them; how many calls began.
    async fn start(&mut self, app: &App) -> Result<usize, StoreError> {
        let waiting = hook_delivery::waiting(app.db(), app.now()).await?;
        let mut free: Vec<(Waiting, usize)> = Vec::new();
        for hook in waiting {
            let slots = self.free(&hook, free.iter().map(|(_, slots)| slots).sum());
            if slots > 0 {
                free.push((hook, slots));
            }
        }
        if free.is_empty() {
            return Ok(0);
        }
        let now = app.now();
        let mut tx = app.db().begin().await?;
        let mut taken = Vec::new();
        for (waiting, slots) in free {
            let limit = i64::try_from(slots).unwrap_or(1);
            let due = hook_delivery::claim(&mut tx, &waiting, limit, LEASE, now).await?;
            if !due.is_empty() {
                let (tenant, id) = (&waiting.tenant_id, &waiting.hook_id);
                let hook = store::hook::find(&mut tx, app.vault(), tenant, id).await?;
                taken.push((waiting, hook, due));
            }
        }
        tx.commit().await?;
        let mut started = 0;
        for (waiting, hook, due) in taken {
            let Some(hook) = hook.map(Arc::new) else {
                continue; // deleted at this moment, and what waited for it with it
            };
            started += due.len();
            for delivery in due {
                self.spawn(app, waiting.clone(), Arc::clone(&hook), delivery);
            }
        }
        Ok(started)
    }

    /// How many calls to this hook may begin when `promised` are about to.
    fn free(&self, hook: &Waiting, promised: usize) -> usize {
        let lane = self.lanes.get(hook).copied().unwrap_or_default();
        let left = ALL_SLOTS.saturating_sub(self.running.len() + promised);
        if !lane.is_failing {
            return SLOTS.saturating_sub(lane.running).min(left);
        }
        let failing = self.lanes.values().filter(|lane| lane.is_failing);
        let failing: usize = failing.map(|lane| lane.running).sum();
        let own = usize::from(lane.running == 0 && failing < FAILING_SLOTS);
        own.min(left)
    }

    fn spawn(
        &mut self,
        app: &App,
        waiting: Waiting,
        hook: Arc<store::hook::Hook>,
        delivery: HookDelivery,
    ) {
        self.lanes.entry(waiting.clone()).or_default().running += 1;
        let app = app.clone();
        self.running.spawn(async move {
            let attempted = attempt(&app, &waiting.tenant_id, &hook, &delivery).await;
            let outcome = attempted.inspect_err(|error| {
                tracing::warn!(hook = hook.id, "a call could not be written down: {error}");
            });
            (waiting, outcome.ok())
        });
    }

    /// Waits until a call has ended; for ever when none is under way.
    async fn ended(&mut self) {
        match self.running.join_next().await {
            Some(ended) => self.end(ended.ok()),
            None => std::future::pending().await,
        }
        while let Some(ended) = self.running.try_join_next() {
            self.end(ended.ok());
        }
    }

    fn end(&mut self, ended: Option<(Waiting, Option<bool>)>) {
        let Some((hook, outcome)) = ended else { return };
        let lane = self.lanes.entry(hook.clone()).or_default();
        lane.running = lane.running.saturating_sub(1);
        if let Some(is_success) = outcome {
            lane.is_failing = !is_success;
        }
        if lane.running == 0 && !lane.is_failing {
            self.lanes.remove(&hook);
        }
    }

    async fn all(mut self) {
        while self.running.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use store::hook_delivery::Waiting;

    use super::{ALL_SLOTS, Calls, FAILING_SLOTS, Lane, SLOTS};

    fn hook(id: usize) -> Waiting {
        Waiting {
            tenant_id: "default".to_owned(),
            hook_id: id.to_string(),
        }
    }

    #[test]
    fn a_hook_that_fails_has_one_slot_and_all_of_them_leave_some_to_the_others() {
        let mut calls = Calls::default();
        assert_eq!(calls.free(&hook(0), 0), SLOTS);
        assert_eq!(calls.free(&hook(0), ALL_SLOTS - 3), 3);
        let lane = |running, is_failing| Lane {
            running,
            is_failing,
        };
        calls.lanes.insert(hook(0), lane(4, false));
        assert_eq!(calls.free(&hook(0), 0), SLOTS - 4);
        calls.lanes.insert(hook(0), lane(0, true));
        assert_eq!(calls.free(&hook(0), 0), 1);
        for id in 1..=FAILING_SLOTS {
            calls.lanes.insert(hook(id), lane(1, true));
        }
        assert_eq!(calls.free(&hook(1), 0), 0, "one at a time");
        assert_eq!(calls.free(&hook(0), 0), 0, "the others fail as well");
        assert_eq!(calls.free(&hook(99), 0), SLOTS);
    }
}
