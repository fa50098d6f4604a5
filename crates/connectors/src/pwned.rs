//! Looking a password up among those known from breaches. Only five characters of its hash leave the server.

use std::time::Duration;

use identity::password::policy::{breach_query, is_listed};

use crate::http::Guarded;

const SERVICE: &str = "https://api.pwnedpasswords.com/range/";
const LIMIT: Duration = Duration::from_secs(2);

/// Whether the password is known from a breach. A service that cannot be reached within two seconds knows nothing.
pub async fn is_known(http: &Guarded, password: &str) -> bool {
    let (prefix, rest) = breach_query(password);
    let address = format!("{SERVICE}{prefix}");
    match tokio::time::timeout(LIMIT, http.get(&address)).await {
        Ok(Ok(answer)) if answer.is_success() => is_listed(&answer.text(), &rest),
        _ => false,
    }
}
