//! Points in time as the protocols write them.

use serde::{Deserialize, Serialize};

/// A point in time in whole seconds since 1970-01-01T00:00:00Z: a `NumericDate` (RFC 7519 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The time `seconds` later (earlier when negative); it stops at the ends of the number's range.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Milliseconds since 1970, the unit of Logto's REST times and of its `created_at` and `updated_at` claims.
    pub const fn as_millis(self) -> i64 {
        self.0.saturating_mul(1000)
    }

    /// `2026-11-21T03:26:02.000Z`, as ISO 8601 and JavaScript's `Date` write it.
    pub fn iso(self) -> String {
        let (days, second) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let (year, month, day) = date(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
    }

    /// The beginning of the day that `2026-11-21` names; `None` when there is no such day, or the text has another form.
    pub fn of_date(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| is_number)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() || !(1..=12).contains(&month) {
            return None;
        }
        // The other way round than `date`: years begin with March.
        let (shifted, month_of_year) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let day_of_year = (153 * month_of_year + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        // A day that the month does not have is one of the next month.
        (date(days) == (year, month, day)).then_some(Self(days * 86_400))
    }
}

/// Year, month and day of so many days after 1970-01-01, in the Gregorian calendar: months are counted from March, so that
/// the leap day is the last of the year.
const fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = year_of_era + era * 400;
    if month < 10 {
        (year, month + 3, day)
    } else {
        (year + 1, month - 9, day)
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, iso) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (1_795_231_562, "2026-11-21T03:26:02.000Z"),
            (-1, "1969-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(Time(seconds).iso(), iso);
            let day = Time::of_date(&iso[..10]);
            assert_eq!(day, Some(Time(seconds.div_euclid(86_400) * 86_400)));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_none() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-04-31",
            "2026-1-1",
            "20261121",
            "",
            "2026-11-21T00",
            "2026-11-21-1",
            "+026-11-21",
            "0000-00-00",
            "٢٠٢٦-11-21",
        ] {
            assert_eq!(Time::of_date(text), None, "{text}");
        }
        assert!(Time::of_date("2028-02-29").is_some());
    }
}
