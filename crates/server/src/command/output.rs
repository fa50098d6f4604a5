//! What commands print: tables for people, JSON for programs.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Prints `text` on standard output as it is.
pub(super) fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Prints one line on standard error, for remarks that are no result.
pub(super) fn remark(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints why the command failed, with what lies behind it.
pub(super) fn fatal(error: &anyhow::Error) {
    let mut causes: Vec<_> = error.chain().map(ToString::to_string).collect();
    // Some libraries repeat their source in their own words.
    causes.dedup();
    let _ = writeln!(io::stderr(), "fatal: {}", causes.join(": "));
}

/// Prints a value as JSON.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    text(&serde_json::to_string_pretty(value)?)?;
    Ok(())
}

/// Prints rows under their headings, or `none` when there are no rows.
pub(super) fn table(headings: &[&str], rows: Vec<Vec<String>>, none: &str) -> io::Result<()> {
    if rows.is_empty() {
        return text(none);
    }
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(headings);
    table.add_rows(rows.iter().map(|row| row.iter().map(|cell| harmless(cell))));
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    text(&lines.join("\n"))
}

/// Prints names with their values, one to a line.
pub(super) fn record(fields: &[(&str, String)]) -> io::Result<()> {
    let width = fields
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or_default();
    let lines: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{name:width$}  {}", harmless(value)))
        .collect();
    text(&lines.join("\n"))
}

/// The text without control characters: what people call themselves must not steer the operator's terminal.
fn harmless(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// A point in time as people read it, in UTC: `2026-11-20 21:05:00`.
pub(super) fn time(time: protocol::time::Time) -> String {
    let days = time.0.div_euclid(86_400);
    let seconds = time.0.rem_euclid(86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The date that is `days` after 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap day is a year's last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use protocol::time::Time;

    use super::{harmless, time};

    #[test]
    fn times_are_written_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_795_208_700, "2026-11-20 21:05:00"),
            (4_107_542_399, "2100-02-28 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
            (-1, "1969-12-31 23:59:59"),
        ] {
            assert_eq!(time(Time(seconds)), text);
        }
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("ann\u{1b}[2J\r\n\u{9b}31m"),
            "ann\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}31m"
        );
        assert_eq!(harmless("安 Ünal"), "安 Ünal");
    }
}
