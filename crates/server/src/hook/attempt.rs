//! One try to tell a hook of an event, and what comes of it.

use connectors::http::{Answer, CallFailed};
use protocol::time::Time;
use serde_json::{Map, Value, json};
use store::{
    StoreError,
    hook::Hook,
    hook_delivery::{self, HookDelivery},
    log::{Log, NewLog},
};

use super::call::call;
use crate::app::App;

/// Seconds between two tries.
const PAUSES: [i64; 3] = [10, 60, 600];

/// The most that is kept of what a receiver answered, in bytes.
const MOST: usize = 8 * 1024;

/// What happens after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It was told.
    Done,
    /// It is tried again then.
    Again(Time),
    /// It is given up; the log says so.
    Dead,
}

/// Decides what happens after the try with number `attempts` was answered with `status` (`None`: nobody answered).
///
/// A receiver that says that it will never take this is not asked again.
pub fn next(status: Option<u16>, attempts: i64, retries: Option<i64>, now: Time) -> Next {
    let most = retries.unwrap_or(3).clamp(0, 3);
    match status {
        Some(200..300) => Next::Done,
        Some(400 | 405 | 410 | 413 | 415 | 422) => Next::Dead,
        _ if attempts > most => Next::Dead,
        _ => {
            let pause = usize::try_from(attempts - 1).ok();
            let pause = pause.and_then(|index| PAUSES.get(index));
            Next::Again(now.plus(pause.copied().unwrap_or(PAUSES[0])))
        }
    }
}

/// Tells the hook, writes down how that went, and whether it is told again; whether the receiver took it.
///
/// # Errors
/// When the database fails: what was claimed then comes back by itself, and is told a second time.
pub async fn attempt(
    app: &App,
    tenant_id: &str,
    hook: &Hook,
    delivery: &HookDelivery,
) -> Result<bool, StoreError> {
    let answer = call(app, hook, &delivery.body).await;
    let now = app.now();
    let status = answer.as_ref().ok().map(|answer| answer.status);
    let next = next(status, delivery.attempts, hook.config.retries, now);
    let is_success = next == Next::Done;
    let log = NewLog {
        tenant_id: tenant_id.to_owned(),
        log: Log {
            id: app.random_id(21),
            key: format!("TriggerHook.{}", delivery.event),
            payload: payload(hook, delivery, &answer, next).to_string(),
            created_at: app.now_millis(),
        },
        user_id: None,
        application_id: None,
        hook_id: Some(hook.id.clone()),
        is_success,
    };
    let mut tx = app.db().begin().await?;
    match next {
        Next::Again(then) => hook_delivery::retry(&mut tx, tenant_id, delivery, then).await?,
        Next::Done | Next::Dead => {
            hook_delivery::done(&mut tx, tenant_id, delivery).await?;
        }
    }
    store::log::insert(&mut tx, &[log]).await?;
    tx.commit().await?;
    Ok(is_success)
}

/// What the log keeps of a try (`contract/logto-api.md` §5.1), with `attempt`, and `dead` when it was the last.
fn payload(
    hook: &Hook,
    delivery: &HookDelivery,
    answer: &Result<Answer, CallFailed>,
    next: Next,
) -> Value {
    let body: Value = serde_json::from_str(&delivery.body).unwrap_or_default();
    let result = if next == Next::Done {
        "Success"
    } else {
        "Error"
    };
    let mut payload = Map::new();
    let mut put = |name: &str, value: Value| payload.insert(name.to_owned(), value);
    put("key", format!("TriggerHook.{}", delivery.event).into());
    put("result", result.into());
    put("hookId", hook.id.as_str().into());
    put("hookRequest", json!({ "body": body }));
    put("attempt", delivery.attempts.into());
    match answer {
        Ok(answer) => {
            let response = json!({ "statusCode": answer.status, "body": shown(answer) });
            put("response", response);
            if next != Next::Done {
                let error = format!("the receiver answered {}", answer.status);
                put("error", error.into());
            }
        }
        Err(failed) => {
            put("error", failed.to_string().into());
        }
    }
    match next {
        Next::Done => {}
        Next::Dead => {
            put("dead", true.into());
        }
        Next::Again(then) => {
            put("nextAttemptAt", then.iso().into());
        }
    }
    Value::Object(payload)
}

/// The body of an answer: JSON, or text without what PostgreSQL cannot keep.
pub(crate) fn shown(answer: &Answer) -> Value {
    let body = answer.body.get(..MOST).unwrap_or(&answer.body);
    let text = String::from_utf8_lossy(body).replace('\0', "");
    let json = serde_json::from_str(&text)
        .ok()
        .filter(|_| !text.contains("\\u0000"));
    json.unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests {
    use protocol::time::Time;

    use super::{Next, next};

    #[test]
    fn what_was_not_taken_is_tried_again_with_growing_pauses_until_it_is_dead() {
        let now = Time(1000);
        for (status, attempts, retries, expected) in [
            (Some(200), 1, None, Next::Done),
            (Some(204), 4, None, Next::Done),
            (Some(500), 1, None, Next::Again(Time(1010))),
            (None, 2, None, Next::Again(Time(1060))),
            (Some(302), 3, None, Next::Again(Time(1600))),
            (None, 4, None, Next::Dead),
            (None, 1, Some(0), Next::Dead),
            (Some(429), 1, Some(1), Next::Again(Time(1010))),
            (Some(429), 2, Some(1), Next::Dead),
            (Some(404), 1, None, Next::Again(Time(1010))),
        ] {
            assert_eq!(
                next(status, attempts, retries, now),
                expected,
                "{status:?} {attempts} {retries:?}"
            );
        }
    }

    #[test]
    fn a_receiver_that_refuses_for_good_is_not_asked_again() {
        for status in [400, 405, 410, 413, 415, 422] {
            assert_eq!(next(Some(status), 1, None, Time(0)), Next::Dead, "{status}");
        }
    }
}
