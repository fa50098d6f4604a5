//! What is wrong with a password that somebody chooses.

use identity::password::policy::{self, Rejection};

use crate::{app::App, tenant::Tenant};

/// Everything that speaks against it; `own` are the person's names. Breached ones are looked up last, since that takes a call.
pub(crate) async fn check(
    app: &App,
    tenant: &Tenant,
    password: &str,
    own: &[&str],
) -> Vec<Rejection> {
    let policy = &tenant.experience.password_policy;
    let mut rejections = policy::check(policy, password, own);
    if rejections.is_empty()
        && policy.rejects.pwned
        && app.breaches().list(app.http(), password, app.now()).await
    {
        rejections.push(Rejection::Pwned);
    }
    rejections
}
