use std::{sync::Arc, time::Duration};

use connectors::http::Guarded;
use protocol::{
    client_metadata::ClientMetadata,
    error::{ErrorCode, OAuthError},
    time::Time,
};
use serde_json::json;

use super::{AT_ONCE, Documents, GRACE, MOST, PAUSE};
use crate::document_host::{DocumentHost, Reply};

const NOW: Time = Time(1_800_000_000);
const PATH: &str = "/client.json";

struct World {
    host: DocumentHost,
    http: Guarded,
    documents: Arc<Documents>,
}

impl World {
    async fn start() -> Self {
        let host = DocumentHost::start().await;
        let http = Guarded::new(|_, ip| ip.is_loopback());
        Self {
            http: http.trusting(host.authority.as_bytes()).unwrap(),
            host,
            documents: Arc::default(),
        }
    }

    /// Serves a good document at `path`, of a client with this name.
    fn serve(&self, path: &str, name: &str) {
        self.host.serve(path, self.good(path, name));
    }

    fn good(&self, path: &str, name: &str) -> Reply {
        let document = json!({
            "client_id": self.host.address(path), "client_name": name, "redirect_uris": ["https://example.com/"],
        });
        let reply = Reply::json(document);
        Reply {
            head: format!("{}\r\ncache-control: max-age=600", reply.head),
            ..reply
        }
    }

    async fn find(&self, now: Time) -> Result<Arc<ClientMetadata>, OAuthError> {
        let id = self.host.address(PATH);
        self.documents.find(&self.http, &id, now).await
    }

    async fn name(&self, now: Time) -> String {
        self.find(now).await.unwrap().name.clone().unwrap()
    }

    /// The same from so many requests at once.
    async fn flood(&self, requests: usize) -> Vec<Result<Arc<ClientMetadata>, OAuthError>> {
        let asking = (0..requests).map(|_| {
            let (documents, http) = (Arc::clone(&self.documents), self.http.clone());
            let id = self.host.address(PATH);
            tokio::spawn(async move { documents.find(&http, &id, NOW).await })
        });
        let mut answers = Vec::new();
        for asked in asking.collect::<Vec<_>>() {
            answers.push(asked.await.unwrap());
        }
        answers
    }
}

#[tokio::test]
async fn t44_a_flood_of_requests_makes_one_fetch() {
    let world = World::start().await;
    world.serve(PATH, "Example");
    let answers = world.flood(200).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(world.host.asked(PATH), 1);
}

#[tokio::test]
async fn t44_a_flood_of_requests_for_nothing_makes_one_fetch_and_another_after_a_pause() {
    let world = World::start().await;
    let answers = world.flood(200).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Err(error) if error.code == ErrorCode::InvalidClient))
    );
    assert_eq!(world.host.asked(PATH), 1);
    world.serve(PATH, "Example");
    assert!(world.find(NOW.plus(PAUSE - 1)).await.is_err());
    assert_eq!(world.host.asked(PATH), 1);
    assert_eq!(world.name(NOW.plus(PAUSE)).await, "Example");
}

#[tokio::test]
async fn a_document_is_fetched_again_when_its_time_is_over() {
    let world = World::start().await;
    world.serve(PATH, "Old");
    assert_eq!(world.name(NOW).await, "Old");
    world.serve(PATH, "New");
    assert_eq!(world.name(NOW.plus(599)).await, "Old");
    assert_eq!(world.name(NOW.plus(600)).await, "New");
    assert_eq!(world.host.asked(PATH), 2);
}

#[tokio::test]
async fn a_document_outlives_its_time_only_while_nobody_answers() {
    let world = World::start().await;
    world.serve(PATH, "Example");
    assert_eq!(world.name(NOW).await, "Example");
    let silent = Reply {
        pause: Duration::from_hours(1),
        ..world.good(PATH, "Late")
    };
    world.host.serve(PATH, silent);
    let later = NOW.plus(700);
    assert_eq!(world.name(later).await, "Example");
    assert_eq!(
        world.name(later.plus(PAUSE - 1)).await,
        "Example",
        "and it is not waited for again"
    );
    assert_eq!(world.host.asked(PATH), 2);
    let error = world.find(NOW.plus(600 + GRACE)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TemporarilyUnavailable);

    world.serve(PATH, "Example");
    let back = NOW.plus(700 + GRACE);
    assert_eq!(world.name(back).await, "Example");
    world.host.serve(PATH, Reply::new("410 Gone", ""));
    let error = world.find(back.plus(600)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidClient, "withdrawn");
}

#[tokio::test]
async fn t44_what_one_address_says_of_another_is_not_believed() {
    let world = World::start().await;
    world.serve(PATH, "Victim");
    world.host.serve("/evil.json", world.good(PATH, "Evil"));
    let evil = world.host.address("/evil.json");
    assert!(world.documents.find(&world.http, &evil, NOW).await.is_err());
    assert_eq!(world.name(NOW).await, "Victim");
}

#[tokio::test]
async fn t53_only_so_many_are_fetched_at_once_and_kept() {
    let world = World::start().await;
    world.serve(PATH, "Example");
    assert_eq!(world.name(NOW).await, "Example");
    let path = |number: usize| format!("/slow/{number}");
    let asking = (0..AT_ONCE + 4).map(|number| {
        let slow = Reply {
            pause: Duration::from_millis(2700),
            ..world.good(&path(number), "Slow")
        };
        world.host.serve(&path(number), slow);
        let (documents, http) = (Arc::clone(&world.documents), world.http.clone());
        let id = world.host.address(&path(number));
        tokio::spawn(async move { documents.find(&http, &id, NOW).await })
    });
    let mut found = 0;
    for asked in asking.collect::<Vec<_>>() {
        match asked.await.unwrap() {
            Ok(_) => found += 1,
            Err(error) => assert_eq!(error.code, ErrorCode::TemporarilyUnavailable),
        }
    }
    assert_eq!(found, AT_ONCE);

    let strict = Guarded::new(|_, _| false);
    for number in 0..MOST + 50 {
        let id = format!("https://127.0.0.1/{number}");
        assert!(
            world
                .documents
                .find(&strict, &id, NOW.plus(1))
                .await
                .is_err()
        );
    }
    assert_eq!(super::lock(&world.documents.entries).len(), MOST);
    assert_eq!(
        world.name(NOW.plus(2)).await,
        "Example",
        "those without a document go first"
    );
    assert_eq!(world.host.asked(PATH), 1);
}

#[tokio::test]
async fn t43_the_answer_does_not_map_our_network() {
    let world = World::start().await;
    world.serve(PATH, "Example");
    let strict = Guarded::new(|_, _| false);
    let mut told = Vec::new();
    for id in [
        world.host.address(PATH),
        "https://10.0.0.1/client.json".to_owned(),
        "https://host.invalid/client.json".to_owned(),
    ] {
        let error = world.documents.find(&strict, &id, NOW).await.unwrap_err();
        told.push((error.code, error.description.to_string()));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(world.host.asked(PATH), 0);
}
