//! Looking a password up among those known from breaches. Only five characters of its hash leave the server.

use std::time::Duration;

use identity::password::policy::{breach_query, is_listed};

use crate::http::Guarded;

const LIMIT: Duration = Duration::from_secs(2);

/// Whether the password is known from a breach, as the service at `service` tells it: an address that the five characters are put
/// behind. `None` when it cannot be reached within two seconds.
pub async fn lookup(http: &Guarded, service: &str, password: &str) -> Option<bool> {
    let (prefix, rest) = breach_query(password);
    let address = format!("{service}{prefix}");
    match tokio::time::timeout(LIMIT, http.get(&address)).await {
        Ok(Ok(answer)) if answer.is_success() => Some(is_listed(&answer.text(), &rest)),
        _ => None,
    }
}
