//! Which passwords a tenant accepts (`contract/logto-core.md` §6).

use crate::{experience::PasswordPolicy, password::MOST_BYTES};

/// Why a password is not accepted; [`Rejection::code`] is Logto's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Fewer characters than this.
    TooShort(usize),
    /// More characters than this.
    TooLong(usize),
    /// Fewer kinds of characters than this.
    CharacterTypes(usize),
    /// A character that is neither a letter, a digit, a symbol nor a space of ASCII.
    UnsupportedCharacters,
    /// Known from a breach.
    Pwned,
    /// `aaa`.
    Repetition,
    /// `123`, `qwerty`.
    Sequence,
    /// The person's own name or address.
    UserInfo,
    /// A word of the operator.
    Words,
}

impl Rejection {
    /// The code of Logto's API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort(_) => "password_rejected.too_short",
            Self::TooLong(_) => "password_rejected.too_long",
            Self::CharacterTypes(_) => "password_rejected.character_types",
            Self::UnsupportedCharacters => "password_rejected.unsupported_characters",
            Self::Pwned => "password_rejected.pwned",
            Self::Repetition => "password_rejected.restricted.repetition",
            Self::Sequence => "password_rejected.restricted.sequence",
            Self::UserInfo => "password_rejected.restricted.user_info",
            Self::Words => "password_rejected.restricted.words",
        }
    }
}

/// Digits, the alphabet, the rows and columns of a keyboard: neighbours in them are easy to guess, in either direction.
const SEQUENCES: [&str; 15] = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()_+",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik",
    "9ol",
];

/// How many characters in a row make a repetition or a sequence.
const RUN: usize = 3;

/// Everything that is wrong with `password`; empty when it is accepted. `user_info` are the person's names and addresses.
///
/// Breached passwords are looked up elsewhere: that takes a call to the outside.
pub fn check(policy: &PasswordPolicy, password: &str, user_info: &[&str]) -> Vec<Rejection> {
    let longest = policy.length.max.min(256);
    let count = password.chars().take(longest + 1).count();
    if password.len() > MOST_BYTES || count > longest {
        return vec![Rejection::TooLong(longest)];
    }
    let mut rejections = Vec::new();
    if count < policy.length.min {
        rejections.push(Rejection::TooShort(policy.length.min));
    }
    if password.chars().any(|c| kind(c).is_none()) {
        rejections.push(Rejection::UnsupportedCharacters);
    }
    let kinds = (0..4)
        .filter(|wanted| password.chars().any(|c| kind(c) == Some(*wanted)))
        .count();
    if kinds < policy.character_types.min {
        rejections.push(Rejection::CharacterTypes(policy.character_types.min));
    }
    rejections.extend(restricted(policy, password, user_info));
    rejections
}

/// Lower case, upper case, digits, symbols.
const fn kind(c: char) -> Option<usize> {
    match c {
        'a'..='z' => Some(0),
        'A'..='Z' => Some(1),
        '0'..='9' => Some(2),
        ' '..='~' => Some(3),
        _ => None,
    }
}

/// The phrases that make up too much of the password: more than all but three of its characters.
fn restricted(policy: &PasswordPolicy, password: &str, user_info: &[&str]) -> Vec<Rejection> {
    let letters: Vec<char> = password.to_lowercase().chars().collect();
    let mut marked = vec![false; letters.len()];
    let mut found = Vec::new();
    let mut mark = |rejection: Rejection, spans: Vec<(usize, usize)>| {
        if !spans.is_empty() {
            found.push(rejection);
        }
        for (start, end) in spans {
            marked
                .iter_mut()
                .take(end)
                .skip(start)
                .for_each(|place| *place = true);
        }
    };
    if policy.rejects.repetition_and_sequence {
        mark(Rejection::Repetition, repetitions(&letters));
        mark(Rejection::Sequence, sequences(&letters));
    }
    if policy.rejects.user_info {
        let own = user_info
            .iter()
            .flat_map(|text| parts(text))
            .collect::<Vec<_>>();
        let own: Vec<_> = own
            .into_iter()
            .filter(|part| part.chars().count() >= RUN)
            .collect();
        mark(Rejection::UserInfo, occurrences(&letters, &own));
    }
    let words: Vec<_> = policy
        .rejects
        .words
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase())
        .collect();
    mark(Rejection::Words, occurrences(&letters, &words));
    let count = marked.iter().filter(|place| **place).count();
    if count > letters.len().saturating_sub(3).max(1) {
        found
    } else {
        Vec::new()
    }
}

fn repetitions(letters: &[char]) -> Vec<(usize, usize)> {
    let mut start = 0;
    let mut spans = Vec::new();
    for run in letters.chunk_by(|left, right| left == right) {
        if run.len() >= RUN {
            spans.push((start, start + run.len()));
        }
        start += run.len();
    }
    spans
}

fn sequences(letters: &[char]) -> Vec<(usize, usize)> {
    let starts = letters.windows(RUN).enumerate();
    let easy = |run: &[char]| {
        let forwards: String = run.iter().collect();
        let backwards: String = run.iter().rev().collect();
        SEQUENCES
            .iter()
            .any(|row| row.contains(&forwards) || row.contains(&backwards))
    };
    starts
        .filter(|(_, run)| easy(run))
        .map(|(start, _)| (start, start + RUN))
        .collect()
}

fn occurrences(letters: &[char], words: &[String]) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    for word in words {
        let word: Vec<char> = word.chars().collect();
        let places = letters
            .windows(word.len())
            .enumerate()
            .filter(|(_, run)| *run == word.as_slice());
        spans.extend(places.map(|(start, run)| (start, start + run.len())));
    }
    spans
}

/// A name as a whole and word by word; of an e-mail address, what stands before the `@`.
fn parts(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let local = lower.split('@').next().unwrap_or_default().to_owned();
    let words: Vec<String> = local.split_whitespace().map(str::to_owned).collect();
    words.into_iter().chain([local]).collect()
}

/// The first five characters of the password's SHA-1 in upper-case hexadecimal, which are sent to the breach service, and the
/// rest, which are not.
pub fn breach_query(password: &str) -> (String, String) {
    let digest = super::legacy::digest("sha1", password.as_bytes()).unwrap_or_default();
    let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    let (prefix, rest) = hex.split_at_checked(5).unwrap_or_default();
    (prefix.to_owned(), rest.to_owned())
}

/// Whether the breach service's answer lists the rest of the hash.
pub fn is_listed(answer: &str, rest: &str) -> bool {
    let entry = |line: &str| {
        line.split_once(':')
            .is_some_and(|(hash, count)| hash.eq_ignore_ascii_case(rest) && count.trim() != "0")
    };
    !rest.is_empty() && answer.lines().any(entry)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Rejection, breach_query, check, is_listed};
    use crate::experience::PasswordPolicy;

    fn rejected(password: &str) -> Vec<Rejection> {
        check(
            &PasswordPolicy::default(),
            password,
            &["ann_bell", "ann.bell@example.com", "Ann Bell"],
        )
    }

    #[test]
    fn passwords_of_8_to_256_characters_are_accepted() {
        assert_eq!(rejected("trumpet7"), []);
        assert_eq!(rejected("correct horse battery staple"), []);
        assert_eq!(rejected("trump7"), [Rejection::TooShort(8)]);
        assert_eq!(rejected(&"xk7 ".repeat(65)), [Rejection::TooLong(256)]);
    }

    #[test]
    fn t53_a_password_of_a_megabyte_is_refused_before_any_work() {
        assert_eq!(rejected(&"a".repeat(1_000_000)), [Rejection::TooLong(256)]);
    }

    #[test]
    fn phrases_count_only_when_little_else_is_left() {
        assert_eq!(rejected("aaaaaaaa"), [Rejection::Repetition]);
        assert_eq!(rejected("12345678"), [Rejection::Sequence]);
        assert_eq!(rejected("qwertyui"), [Rejection::Sequence]);
        assert_eq!(rejected("ann_bell"), [Rejection::UserInfo]);
        assert_eq!(rejected("ANN.BELL1"), [Rejection::UserInfo]);
        assert_eq!(rejected("LKJHGFDS"), [Rejection::Sequence]);
        assert_eq!(rejected("2wsx8ik1"), [Rejection::Sequence]);
        assert_eq!(
            rejected("aaaa4321"),
            [Rejection::Repetition, Rejection::Sequence]
        );
        assert_eq!(rejected("123 trumpets"), []);
        assert_eq!(rejected("az2p0laz2"), [], "neighbours in no row");
        assert_eq!(rejected("ann_bell plays"), []);
    }

    #[test]
    fn the_operators_words_and_number_of_kinds_count() {
        let mut policy = PasswordPolicy::default();
        policy.rejects.words = vec!["hufuhufu".into()];
        policy.character_types.min = 3;
        assert_eq!(check(&policy, "HufuHufu1", &[]), [Rejection::Words]);
        assert_eq!(
            check(&policy, "trumpets", &[]),
            [Rejection::CharacterTypes(3)]
        );
    }

    #[test]
    fn letters_beyond_ascii_are_refused_as_in_logto() {
        assert_eq!(rejected("Trömpete9"), [Rejection::UnsupportedCharacters]);
    }

    #[test]
    fn only_five_characters_of_the_hash_are_shown_to_the_breach_service() {
        let (prefix, rest) = breach_query("password");
        assert_eq!(prefix, "5BAA6");
        assert_eq!(rest, "1E4C9B93F3F0682250B6CF8331B7EE68FD8");
        assert!(is_listed(
            "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:3861493\r\n",
            &rest
        ));
        assert!(
            !is_listed("1E4C9B93F3F0682250B6CF8331B7EE68FD8:0", &rest),
            "padding of the service"
        );
        assert!(!is_listed("", &rest));
    }

    proptest! {
        #[test]
        fn no_password_breaks_the_check(password in ".{0,300}", own in ".{0,20}") {
            check(&PasswordPolicy::default(), &password, &[&own]);
        }
    }
}
