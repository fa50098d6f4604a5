//! Does again what the database ended because two transactions waited for each other.
//!
//! PostgreSQL ends one of the two and the other goes on; nothing of the one is left, so the same request succeeds a moment
//! later. Transactions lock what they change in one order where they can, but deletions reach whatever belongs to a thing.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;

/// How often a request is done in all: each time at least one other has made its way.
const TIMES: usize = 5;

/// Marks a response that says nothing but that the database ended the transaction.
#[derive(Clone, Copy, Debug)]
pub struct Deadlock;

/// Does requests again whose response is marked with [`Deadlock`].
pub async fn again(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_upload(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let heard = Heard::default();
    let first = Request::from_parts(parts.clone(), heard.listen(body));
    let mut response = next.clone().run(first).await;
    for _ in 1..TIMES {
        if response.extensions().get::<Deadlock>().is_none() {
            break;
        }
        let same = Request::from_parts(parts.clone(), heard.repeat());
        response = next.clone().run(same).await;
    }
    response
}

/// Files are not kept in memory for that.
fn is_upload(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"))
}

/// What was read of a body.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<Bytes>>>);

impl Heard {
    fn listen(&self, body: Body) -> Body {
        let heard = self.0.clone();
        Body::new(body.map_frame(move |frame| {
            if let Some(data) = frame.data_ref() {
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                heard.push(data.clone());
            }
            frame
        }))
    }

    /// Whoever answered has read all that it needs.
    fn repeat(&self) -> Body {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Body::from(heard.concat())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{
        Router,
        body::{Body, to_bytes},
        extract::Request,
        http::Method,
        middleware::from_fn,
        response::{IntoResponse, Response},
        routing::any,
    };
    use tower::ServiceExt;

    use super::{Deadlock, TIMES, again};

    /// Sends a body to a handler that loses so many races before it gives the body back; tells how often it was called.
    async fn called(losses: usize, method: Method, kind: &str) -> (usize, bool, String) {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let handler = async move |body: String| -> Response {
            let mut response = body.into_response();
            if counted.fetch_add(1, Ordering::Relaxed) < losses {
                response.extensions_mut().insert(Deadlock);
            }
            response
        };
        let router: Router = Router::new().route("/", any(handler)).layer(from_fn(again));
        let request = Request::builder()
            .method(method)
            .uri("/")
            .header("content-type", kind);
        let answer = router
            .oneshot(request.body(Body::from("some words")).unwrap())
            .await
            .unwrap();
        let is_lost = answer.extensions().get::<Deadlock>().is_some();
        let body = to_bytes(answer.into_body(), 100).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        (calls.load(Ordering::Relaxed), is_lost, body)
    }

    #[tokio::test]
    async fn what_lost_a_race_is_done_again_with_the_same_body() {
        for losses in [0, 1, TIMES - 1] {
            let said = called(losses, Method::POST, "application/json").await;
            assert_eq!(said, (losses + 1, false, "some words".to_owned()));
        }
    }

    #[tokio::test]
    async fn it_is_not_done_for_ever_nor_with_files_nor_where_nothing_changes() {
        let json = "application/json";
        assert_eq!(called(99, Method::PATCH, json).await.0, TIMES);
        assert_eq!(called(99, Method::GET, json).await.0, 1);
        assert_eq!(
            called(99, Method::POST, "multipart/form-data; boundary=x")
                .await
                .0,
            1
        );
    }
}
