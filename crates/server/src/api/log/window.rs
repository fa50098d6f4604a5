//! Which logs are asked for, and how far they are counted.

use serde::Deserialize;
use store::log::Wanted;
use utoipa::IntoParams;

use crate::{api::query::Truthy, operation::Refused};

/// How far is counted with `enableCap` (`contract/logto-api.md` §1.4).
const CAP: i64 = 10_000;

/// How far is counted without it. Counting reads as many entries of an index, and a list of ten million would make every page
/// take seconds: beyond this the total is capped as well, and says so.
const MOST: i64 = 200_000;

/// The part of the logs that is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Window {
    /// Only logs with exactly this key.
    #[serde(rename = "logKey")]
    log_key: Option<String>,
    /// Whether counting may end at 10,000.
    #[serde(default, rename = "enableCap")]
    #[param(value_type = Option<bool>)]
    enable_cap: Truthy,
    /// Not before this moment, in milliseconds since 1970.
    start_time: Option<i64>,
    /// Not after this moment, in milliseconds since 1970.
    end_time: Option<i64>,
}

impl Window {
    /// Refuses a window that ends before it begins.
    pub fn check(&self) -> Result<(), Refused> {
        match (self.start_time, self.end_time) {
            (Some(from), Some(until)) if from > until => Err(Refused::new(
                "log.invalid_time_window",
                "start_time must not be later than end_time.",
            )),
            _ => Ok(()),
        }
    }

    /// Begins it at `from` when it has no bound at all.
    pub fn begin_unless_given(&mut self, from: i64) {
        if self.start_time.is_none() && self.end_time.is_none() {
            self.start_time = Some(from);
        }
    }

    /// The conditions.
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted {
            key: self.log_key.as_deref(),
            from: self.start_time,
            until: self.end_time,
            ..Wanted::default()
        }
    }

    /// How far is counted.
    pub const fn most(&self) -> i64 {
        if self.enable_cap.0 { CAP } else { MOST }
    }
}
