//! What is printed when the server is ready: where to go next.

use std::io::Write;

use crate::{app::App, first_administrator::Welcome};

/// Prints the addresses, the first administrator's link and the demo application.
pub(crate) fn print(app: &App, welcome: &Welcome) {
    // A closed standard output is no reason not to serve.
    let _ = std::io::stdout().write_all(text(app, welcome).as_bytes());
}

fn text(app: &App, welcome: &Welcome) -> String {
    let addresses = &app.config().addresses;
    let mut lines = vec![format!("Hufu {} is ready.", env!("CARGO_PKG_VERSION"))];
    if let Some(endpoint) = addresses.endpoint("default") {
        lines.push(format!("  Server              {endpoint}"));
        lines.push(format!("  Issuer              {endpoint}/oidc"));
        lines.push(format!("  Demo application    {endpoint}/demo-app"));
    }
    if let Some(endpoint) = addresses.endpoint("admin") {
        lines.push(format!("  Administrators      {endpoint}"));
    }
    match welcome {
        Welcome::Link(link) => lines.push(format!("  First administrator {link}\n                      (works once, for 24 hours; a new one is printed at the next start)")),
        Welcome::Created(username) => lines.push(format!("  First administrator {username} (made from HUFU_ADMIN_USERNAME)")),
        Welcome::NotNeeded => {}
    }
    lines.join("\n") + "\n"
}
