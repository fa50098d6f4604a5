//! More passwords at once than can be hashed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinSet;

use crate::{
    fixture::{Form, PASSWORD, REQUEST, is_signed_in, server},
    support::{Browser, TestServer},
};

/// Work that fills the queue until the gate opens.
struct Flood {
    gate: Arc<AtomicBool>,
    work: JoinSet<bool>,
}

impl Flood {
    async fn begin(server: &TestServer) -> Self {
        let gate = Arc::new(AtomicBool::new(false));
        let mut work = JoinSet::new();
        for _ in 0..10_000 {
            let (hashes, gate) = (server.app.hashes().clone(), gate.clone());
            let wait = move || {
                while !gate.load(Ordering::Acquire) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            };
            work.spawn(async move { hashes.run(wait).await.is_ok() });
        }
        // Those who find no place leave; the others stay until the gate opens.
        while work.len() == 10_000 {
            assert_eq!(work.join_next().await.unwrap().ok(), Some(false));
        }
        tokio::task::yield_now().await;
        Self { gate, work }
    }

    async fn end(mut self) {
        self.gate.store(true, Ordering::Release);
        while self.work.join_next().await.is_some() {}
    }
}

#[tokio::test]
async fn t53_a_flood_of_passwords_leaves_everything_else_answering() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, REQUEST).await;
    let flood = Flood::begin(&server).await;

    for name in ["ann", "nobody"] {
        let busy = form.sign_in(&mut browser, name, PASSWORD).await;
        assert_eq!(busy.status, 503, "t50: {name} is hashed for as well");
        assert_eq!(busy.headers["retry-after"], "2");
        assert!(busy.body.contains("<html"), "a page with a way on");
    }
    for path in [
        "/oidc/.well-known/openid-configuration",
        "/oidc/jwks",
        &form.address,
    ] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    Form::begin(&mut Browser::new(&server), REQUEST).await;

    flood.end().await;
    let answer = form.sign_in(&mut browser, "ann", PASSWORD).await;
    assert!(is_signed_in(&answer), "{}", answer.body);
}
