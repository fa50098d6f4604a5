//! Making many accounts from JSON lines: a batch at a time, so that memory stays flat and other writers get their turn.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read},
};

use identity::user::User;
use protocol::time::Time;
use store::{
    Db,
    user::{self, Imported, UsernameCase},
};

use super::{Passwords, Record};
use crate::{
    operation::{OperationError, Refused, taken},
    random,
};

/// How many accounts are made in one transaction.
const BATCH: usize = 500;

/// From so many accounts on, the database is told how it has grown.
const MANY: u64 = 10_000;

/// The longest line that is read: more is no account.
const LONGEST_LINE: u64 = 1024 * 1024;

/// A line that did not become an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Counted from 1.
    pub number: u64,
    /// Why.
    pub why: Refused,
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many accounts were made.
    pub taken: u64,
    /// How many lines were refused.
    pub refused: u64,
    /// Members that were not read, and how often they occurred.
    pub ignored: BTreeMap<String, u64>,
}

/// What is told while a file is read.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A line was refused.
    Refused(&'a RefusedLine),
    /// A batch was written; so many bytes were read in all.
    Bytes(u64),
}

/// Where accounts are made, and how.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// The database.
    pub db: &'a Db,
    /// The tenant.
    pub tenant: &'a str,
    /// Whether `Ann` and `ann` are two people.
    pub case: UsernameCase,
    /// How many passwords are hashed at once.
    pub workers: usize,
    /// When it is.
    pub now: Time,
}

impl Import<'_> {
    /// Makes an account of every line that can be one. A refused line stops nothing; empty lines are skipped.
    ///
    /// # Errors
    /// When the file cannot be read or the database fails; the batches before stay.
    pub async fn run(
        &self,
        mut lines: impl BufRead,
        mut tell: impl FnMut(Progress<'_>),
    ) -> Result<Summary, ImportError> {
        let mut summary = Summary::default();
        let mut batch = Vec::with_capacity(BATCH);
        let (mut number, mut bytes) = (0, 0);
        loop {
            let line = next_line(&mut lines)?;
            let is_end = line.is_none();
            if let Some(line) = line {
                number += 1;
                bytes += line.length;
                match line
                    .text
                    .as_deref()
                    .map(|text| read(text, self.now, &mut summary.ignored))
                {
                    Some(Ok(None)) => {}
                    Some(Ok(Some(row))) => batch.push((number, row)),
                    Some(Err(why)) => refuse(&mut summary, &mut tell, &RefusedLine { number, why }),
                    None => refuse(
                        &mut summary,
                        &mut tell,
                        &RefusedLine {
                            number,
                            why: too_long(),
                        },
                    ),
                }
            }
            if batch.len() == BATCH || is_end {
                self.write(std::mem::take(&mut batch), &mut summary, &mut tell)
                    .await?;
                tell(Progress::Bytes(bytes));
            }
            if is_end {
                break;
            }
        }
        if summary.taken >= MANY {
            user::settle(self.db).await.map_err(OperationError::from)?;
        }
        Ok(summary)
    }

    async fn write(
        &self,
        batch: Vec<(u64, Row)>,
        summary: &mut Summary,
        tell: &mut impl FnMut(Progress<'_>),
    ) -> Result<(), ImportError> {
        let (numbers, rows): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let users = hash_all(rows, self.workers).await?;
        if users.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await.map_err(OperationError::from)?;
        let outcomes = user::import(&mut tx, self.tenant, &users, self.case)
            .await
            .map_err(OperationError::from)?;
        tx.commit().await.map_err(OperationError::from)?;
        for (number, outcome) in numbers.into_iter().zip(outcomes) {
            match outcome {
                Imported::Taken => summary.taken += 1,
                Imported::Refused(conflict) => refuse(
                    summary,
                    tell,
                    &RefusedLine {
                        number,
                        why: taken(conflict),
                    },
                ),
            }
        }
        Ok(())
    }
}

/// Why an import ended early.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be read.
    #[error("the file cannot be read")]
    File(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// A thread died.
    #[error("hashing was interrupted")]
    Hashing(#[from] tokio::task::JoinError),
}

fn refuse(summary: &mut Summary, tell: &mut impl FnMut(Progress<'_>), line: &RefusedLine) {
    summary.refused += 1;
    tell(Progress::Refused(line));
}

/// An account whose password may have to be hashed yet.
type Row = (User, Passwords);

struct Line {
    /// `None` when it is too long.
    text: Option<Vec<u8>>,
    length: u64,
}

/// The next line, of which no more than [`LONGEST_LINE`] is ever held.
fn next_line(lines: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut text = Vec::new();
    let mut length = lines
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut text)? as u64;
    if length == 0 {
        return Ok(None);
    }
    if length < LONGEST_LINE || text.ends_with(b"\n") {
        return Ok(Some(Line {
            text: Some(text),
            length,
        }));
    }
    drop(text);
    length += skip_line(lines)?;
    Ok(Some(Line { text: None, length }))
}

fn skip_line(lines: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = lines.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let used = end.map_or(buffer.len(), |end| end + 1);
        lines.consume(used);
        skipped += used as u64;
        if used == 0 || end.is_some() {
            return Ok(skipped);
        }
    }
}

fn too_long() -> Refused {
    Refused::new("request.invalid_input", "the line is longer than 1 MiB")
}

/// `None` for an empty line.
fn read(
    line: &[u8],
    now: Time,
    ignored: &mut BTreeMap<String, u64>,
) -> Result<Option<Row>, Refused> {
    let line = line
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(line)
        .trim_ascii();
    if line.is_empty() {
        return Ok(None);
    }
    let not_json = |error: serde_json::Error| {
        Refused::new(
            "request.invalid_input",
            format!("the line is no account: {error}"),
        )
    };
    let mut record: Record = serde_json::from_slice(line).map_err(not_json)?;
    for name in std::mem::take(&mut record.others)
        .into_iter()
        .map(|(name, _)| name)
    {
        // A file of someone else's making must not fill the memory with names.
        if ignored.len() < 100 || ignored.contains_key(&name) {
            *ignored.entry(name).or_default() += 1;
        }
    }
    let password = record.take_password()?;
    record
        .into_user(&random::id(12), now)
        .map(|user| Some((user, password)))
}

/// The accounts in the same order, their passwords hashed on as many threads as there are workers.
async fn hash_all(rows: Vec<Row>, workers: usize) -> Result<Vec<User>, tokio::task::JoinError> {
    let share = rows.len().div_ceil(workers.max(1)).max(1);
    let mut rest = rows.into_iter();
    let mut tasks = Vec::new();
    loop {
        let part: Vec<_> = rest.by_ref().take(share).collect();
        if part.is_empty() {
            break;
        }
        tasks.push(tokio::task::spawn_blocking(|| {
            part.into_iter().map(hashed).collect::<Vec<_>>()
        }));
    }
    let mut users = Vec::new();
    for task in tasks {
        users.append(&mut task.await?);
    }
    Ok(users)
}

fn hashed((mut user, password): Row) -> User {
    user.password = match password {
        Passwords::None => None,
        Passwords::Stored(stored) => Some(stored),
        Passwords::Plain(plain) => Some(identity::password::hash(plain.reveal(), random::bytes())),
    };
    user
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, io::Cursor};

    use protocol::time::Time;

    use super::{LONGEST_LINE, next_line, read};

    #[test]
    fn a_line_that_is_too_long_is_passed_over_without_holding_it() {
        let mut file = b"first\n".to_vec();
        file.extend(std::iter::repeat_n(
            b'x',
            usize::try_from(3 * LONGEST_LINE).unwrap(),
        ));
        file.extend(b"\nlast");
        let mut lines = Cursor::new(file);
        let mut texts = Vec::new();
        while let Some(line) = next_line(&mut lines).unwrap() {
            assert!(
                line.text
                    .as_ref()
                    .is_none_or(|text| text.len() as u64 == line.length)
            );
            texts.push(line.text.map(|text| String::from_utf8(text).unwrap()));
        }
        assert_eq!(texts, [Some("first\n".into()), None, Some("last".into())]);
    }

    #[test]
    fn what_is_not_read_is_counted() {
        let mut ignored = BTreeMap::new();
        for _ in 0..2 {
            read(
                br#"{"username": "ann", "tenantId": "default", "shoeSize": 43}"#,
                Time(0),
                &mut ignored,
            )
            .unwrap();
        }
        assert_eq!(
            ignored.into_iter().collect::<Vec<_>>(),
            [("shoeSize".into(), 2), ("tenantId".into(), 2)]
        );
    }

    #[test]
    fn empty_lines_are_skipped_and_others_must_be_objects() {
        let read = |line: &str| read(line.as_bytes(), Time(0), &mut BTreeMap::new());
        assert!(read("  \r\n").unwrap().is_none());
        assert!(
            read("\u{feff}{\"username\":\"ann\"}\r\n")
                .unwrap()
                .is_some()
        );
        for line in ["[]", "{\"username\":1}", "{\"username\":\"ann\"", "ann"] {
            assert_eq!(
                read(line).unwrap_err().code,
                "request.invalid_input",
                "{line}"
            );
        }
    }
}
