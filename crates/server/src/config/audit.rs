//! How long the audit log is kept.

use super::{ConfigError, reader::Reader};

/// Days for which logs are kept unless the operator says otherwise.
const DEFAULT: i64 = 90;

/// The audit log and the logs of webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Days after which a log is removed; `None` keeps all of them.
    pub retention_days: Option<i64>,
}

impl Audit {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let days = reader.number("HUFU_LOG_RETENTION_DAYS", &(0..=36_500))?;
        Ok(Self {
            retention_days: Some(days.unwrap_or(DEFAULT)).filter(|days| *days > 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::load;

    #[test]
    fn logs_are_kept_for_ninety_days_as_long_as_is_said_or_for_ever() {
        for (value, expected) in [("", Some(90)), ("7", Some(7)), ("0", None)] {
            let config = load(&[("HUFU_LOG_RETENTION_DAYS", value)]).unwrap();
            assert_eq!(config.audit.retention_days, expected, "{value}");
        }
        assert!(load(&[("HUFU_LOG_RETENTION_DAYS", "a week")]).is_err());
    }
}
