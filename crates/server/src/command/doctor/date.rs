//! The `Date` header (RFC 9110 §5.6.7).

use protocol::time::Time;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads the preferred form, `Sun, 06 Nov 1994 08:49:37 GMT`; the other two are never sent.
pub(super) fn parse(text: &str) -> Option<Time> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day: i64 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year: i64 = words.next()?.parse().ok()?;
    let mut clock = words
        .next()?
        .split(':')
        .map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let is_sane = (1..=31).contains(&day)
        && (1970..=9999).contains(&year)
        && hour < 24
        && minute < 60
        && second <= 60;
    let days = days_before(year, i64::try_from(month).ok()? + 1) + day - 1;
    (is_sane && words.next() == Some("GMT"))
        .then_some(Time(((days * 24 + hour) * 60 + minute) * 60 + second))
}

/// Days from 1970-01-01 to the first of the month in the Gregorian calendar, with years that begin in March.
fn days_before(year: i64, month: i64) -> i64 {
    let (year, shifted) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 - 719_468
}

#[cfg(test)]
mod tests {
    use protocol::time::Time;

    use super::parse;

    #[test]
    fn the_preferred_form_is_read() {
        for (text, seconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
            ("Fri, 20 Nov 2026 21:05:00 GMT", 1_795_208_700),
        ] {
            assert_eq!(parse(text), Some(Time(seconds)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for text in [
            "",
            "yesterday",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 25:49:37 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
