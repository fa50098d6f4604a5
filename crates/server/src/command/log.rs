//! The log on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Log, LogFormat};

/// Starts to log. Commands that end by themselves only show warnings unless `HUFU_LOG` asks for more.
pub(super) fn start(log: &Log, is_server: bool) {
    let quiet = !is_server && !log.is_chosen;
    let filter = if quiet {
        Targets::new().with_default(tracing::Level::WARN)
    } else {
        log.filter.clone()
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
}
