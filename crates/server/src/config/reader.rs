//! Reading one variable at a time, each with the same rules for empty values, flags, numbers and lists.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use protocol::secret::Secret;

use super::{error::ConfigError, variable};

/// Looks up variables; a value of nothing but white space counts as unset.
pub(super) struct Reader<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { environment }
    }

    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        let value = (self.environment)(name)?;
        let trimmed = value.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    pub(super) fn secret(&self, name: &'static str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// Comma separated, trimmed, empty entries dropped.
    pub(super) fn list(&self, name: &'static str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Logto takes every word it does not know for "no"; here such a word stops the start, because it hardly ever means that.
    pub(super) fn flag(&self, name: &'static str, default: bool) -> Result<bool, ConfigError> {
        let Some(value) = self.text(name) else {
            return Ok(default);
        };
        truth(&value).ok_or_else(|| {
            self.wrong(
                name,
                &value,
                "which is neither yes (1, true, y, yes, yep, yeah) nor no (0, false, n, no, off)",
            )
        })
    }

    pub(super) fn number<N>(
        &self,
        name: &'static str,
        range: &RangeInclusive<N>,
    ) -> Result<Option<N>, ConfigError>
    where
        N: FromStr + PartialOrd + Display,
    {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        match value.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => {
                let fault = format!(
                    "which is not a whole number from {} to {}",
                    range.start(),
                    range.end()
                );
                Err(self.wrong(name, &value, &fault))
            }
        }
    }

    /// The refusal of a value, with the example that `hufu help env` shows.
    #[expect(clippy::unused_self, reason = "reads better beside the other methods")]
    pub(super) fn wrong(&self, name: &'static str, value: &str, fault: &str) -> ConfigError {
        ConfigError::shown(name, value, fault, &example(name))
    }

    /// The refusal of a value that must not be repeated.
    #[expect(clippy::unused_self, reason = "reads better beside the other methods")]
    pub(super) fn wrong_secret(&self, name: &'static str, fault: &str) -> ConfigError {
        ConfigError::sentence(format!(
            "{name} {fault}; write for example {}.",
            example(name)
        ))
    }
}

/// The words that Logto reads as yes, and those that plainly say no.
pub(super) fn truth(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "true" | "y" | "yes" | "yep" | "yeah" => Some(true),
        "0" | "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn example(name: &str) -> String {
    let example = variable::find(name).map_or("", |variable| variable.example);
    format!("{name}={example}")
}
