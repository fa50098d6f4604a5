//! What is logged, and how.

use tracing_subscriber::filter::Targets;

use super::{ConfigError, reader::Reader};

/// The log on standard error.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// Which messages are written.
    pub filter: Targets,
    /// Whether the operator chose that.
    pub is_chosen: bool,
    /// The form of a line.
    pub format: LogFormat,
}

/// The form of a line in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for log collectors.
    Json,
}

impl Log {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let chosen = reader.text("HUFU_LOG");
        let is_chosen = chosen.is_some();
        let filter = chosen.unwrap_or_else(|| "info".to_owned());
        let levels = "which is not a list of levels (error, warn, info, debug, trace)";
        let filter = filter
            .parse()
            .map_err(|_| reader.wrong("HUFU_LOG", &filter, levels))?;
        let format = match reader.text("HUFU_LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                return Err(reader.wrong(
                    "HUFU_LOG_FORMAT",
                    other,
                    "which is neither text nor json",
                ));
            }
        };
        Ok(Self {
            filter,
            is_chosen,
            format,
        })
    }
}
