//! The search grammar of Logto's API (`contract/logto-api.md` §1.5) as SQL for either database.

use regex::Regex;

use crate::{db::Db, statement::Statement, user::key};

/// A column that can be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// What callers name it, in snake case.
    pub name: &'static str,
    /// The column.
    pub column: &'static str,
    /// The column with the value in lower case, where there is one.
    pub key: Option<&'static str>,
}

impl Field {
    /// A column that is called what callers call it and has no lower-case twin.
    pub const fn plain(name: &'static str) -> Self {
        Self {
            name,
            column: name,
            key: None,
        }
    }

    /// A column with a lower-case twin.
    pub const fn keyed(name: &'static str, key: &'static str) -> Self {
        Self {
            name,
            column: name,
            key: Some(key),
        }
    }
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With `%` and `_` as wildcards.
    Like,
    /// As a whole; one of several.
    Exact,
    /// With SQL's regular expressions.
    SimilarTo,
    /// With POSIX regular expressions.
    Posix,
}

/// One comparison: true when any of the fields is as wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The columns it looks at.
    pub fields: Vec<Field>,
    /// How it compares.
    pub mode: Mode,
    /// What with: one value, or several for [`Mode::Exact`].
    pub values: Vec<String>,
}

/// What is searched for. Without conditions everything is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The comparisons.
    pub conditions: Vec<Condition>,
    /// Whether all must be true, and not just one.
    pub all: bool,
    /// Whether `A` and `a` differ.
    pub case_sensitive: bool,
}

impl Search {
    /// Rows in which any of the fields contains `text`, in whatever case; all rows when it is empty.
    pub fn containing(text: &str, fields: &[Field]) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let escaped = text
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        Self {
            conditions: vec![Condition {
                fields: fields.to_vec(),
                mode: Mode::Like,
                values: vec![format!("%{escaped}%")],
            }],
            ..Self::default()
        }
    }

    /// Whether no index of whole values serves it.
    pub(crate) fn reads_all(&self) -> bool {
        let is_exact = |condition: &Condition| condition.mode == Mode::Exact;
        let mut conditions = self.conditions.iter();
        if self.all {
            !self.conditions.is_empty() && !conditions.any(is_exact)
        } else {
            !conditions.all(is_exact)
        }
    }

    /// Adds ` AND (…)`, or nothing when everything is wanted.
    pub(crate) fn push(&self, statement: &mut Statement, db: &Db) {
        if self.conditions.is_empty() {
            return;
        }
        let joint = if self.all { " AND " } else { " OR " };
        statement.push(" AND (");
        for (index, condition) in self.conditions.iter().enumerate() {
            if index > 0 {
                statement.push(joint);
            }
            statement.push("(");
            for (index, field) in condition.fields.iter().enumerate() {
                if index > 0 {
                    statement.push(" OR ");
                }
                self.compare(statement, db, condition, *field);
            }
            statement.push(")");
        }
        statement.push(")");
    }

    fn compare(&self, statement: &mut Statement, db: &Db, condition: &Condition, field: Field) {
        let is_sqlite = matches!(db, Db::Sqlite(_));
        let first = condition.values.first().map_or("", String::as_str);
        match condition.mode {
            Mode::Exact if self.case_sensitive => {
                statement.push(field.column).push(" IN (");
                statement.bind_all(condition.values.iter().map(String::as_str));
                statement.push(")");
            }
            Mode::Exact => {
                lower(statement, field);
                statement.push(" IN (");
                statement.bind_all(condition.values.iter().map(|value| key(value)));
                statement.push(")");
            }
            // LIKE ignores case on SQLite whatever one does; GLOB minds it.
            Mode::Like if self.case_sensitive && is_sqlite => {
                statement
                    .push(field.column)
                    .push(" GLOB ")
                    .bind(glob(first));
            }
            Mode::Like if self.case_sensitive => {
                statement.push(field.column).push(" LIKE ").bind(first);
                statement.push(" ESCAPE '\\'");
            }
            Mode::Like => {
                lower(statement, field);
                statement.push(" LIKE ").bind(key(first));
                statement.push(" ESCAPE '\\'");
            }
            Mode::SimilarTo if is_sqlite => {
                statement
                    .push(field.column)
                    .push(" REGEXP ")
                    .bind(similar_as_regex(first));
            }
            Mode::SimilarTo => {
                statement
                    .push(field.column)
                    .push(" SIMILAR TO ")
                    .bind(first);
            }
            Mode::Posix => {
                let ignore = if self.case_sensitive { "" } else { "(?i)" };
                if is_sqlite {
                    let pattern = format!("{ignore}{first}");
                    statement.push(field.column).push(" REGEXP ").bind(pattern);
                } else {
                    let operator = if self.case_sensitive { " ~ " } else { " ~* " };
                    statement.push(field.column).push(operator).bind(first);
                }
            }
        }
    }
}

fn lower(statement: &mut Statement, field: Field) {
    match field.key {
        Some(key) => statement.push(key),
        None => statement.push("LOWER(").push(field.column).push(")"),
    };
}

/// Whether the databases understand a pattern; regular expressions are only those that are matched in a time that grows
/// with the text alone.
pub fn is_pattern(mode: Mode, pattern: &str) -> bool {
    match mode {
        Mode::Exact => true,
        // PostgreSQL fails on an escape sign with nothing behind it.
        Mode::Like => (pattern.len() - pattern.trim_end_matches('\\').len()).is_multiple_of(2),
        Mode::SimilarTo => Regex::new(&similar_as_regex(pattern)).is_ok(),
        Mode::Posix => Regex::new(pattern).is_ok(),
    }
}

/// A pattern of `LIKE` as one of `GLOB`.
fn glob(pattern: &str) -> String {
    let mut glob = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            '%' => {
                glob.push('*');
                continue;
            }
            '_' => {
                glob.push('?');
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        };
        if matches!(literal, '*' | '?' | '[') {
            glob.extend(['[', literal, ']']);
        } else {
            glob.push(literal);
        }
    }
    glob
}

/// A pattern of `SIMILAR TO` as a regular expression for the whole text.
fn similar_as_regex(pattern: &str) -> String {
    let mut regex = String::from("^(?s:");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '.' | '^' | '$' => regex.extend(['\\', character]),
            '\\' => {
                regex.push('\\');
                regex.extend(characters.next());
            }
            other => regex.push(other),
        }
    }
    regex.push_str(")$");
    regex
}

#[cfg(test)]
mod tests {
    use super::{Mode, glob, is_pattern, similar_as_regex};

    #[test]
    fn like_becomes_glob() {
        for (like, expected) in [
            ("%a_b%", "*a?b*"),
            ("100\\%", "100%"),
            ("a*b", "a[*]b"),
            ("[x]", "[[]x]"),
            ("\\\\", "\\"),
        ] {
            assert_eq!(glob(like), expected, "{like}");
        }
    }

    #[test]
    fn similar_to_becomes_a_regular_expression_for_the_whole_text() {
        assert_eq!(similar_as_regex("%(a|b).c"), "^(?s:.*(a|b)\\.c)$");
        assert_eq!(similar_as_regex("a\\%"), "^(?s:a\\%)$");
    }

    #[test]
    fn what_is_no_pattern_is_known_before_the_database_sees_it() {
        assert!(is_pattern(Mode::Posix, "^a.*b$"));
        assert!(!is_pattern(Mode::Posix, "("));
        assert!(!is_pattern(Mode::SimilarTo, "[a"));
        assert!(is_pattern(Mode::Like, "("));
        assert!(is_pattern(Mode::Like, r"a\\"));
        assert!(!is_pattern(Mode::Like, r"a\"));
        assert!(
            !is_pattern(Mode::Posix, r"(a)\1"),
            "back references take too long"
        );
    }
}
