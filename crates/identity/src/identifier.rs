//! What people type to say who they are.

use protocol::secret::Secret;
use unicode_normalization::UnicodeNormalization;

use crate::{
    experience::{IdentifierKind, UsernamePolicy},
    user::User,
};

/// The longest identifier that is looked at, in bytes.
const MOST_BYTES: usize = 320;

/// An identifier, told apart by its look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// A user name.
    Username(String),
    /// An e-mail address, in lower case.
    Email(String),
    /// A phone number: digits only.
    Phone(String),
}

impl Identifier {
    /// Reads what was typed. `None`: nobody can be called that.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() || typed.len() > MOST_BYTES || typed.chars().any(char::is_control) {
            return None;
        }
        if typed.contains('@') {
            return email(typed).map(Self::Email);
        }
        if let Some(phone) = phone(typed) {
            return Some(Self::Phone(phone));
        }
        Some(Self::Username(typed.to_owned()))
    }

    /// Its kind.
    pub const fn kind(&self) -> IdentifierKind {
        match self {
            Self::Username(_) => IdentifierKind::Username,
            Self::Email(_) => IdentifierKind::Email,
            Self::Phone(_) => IdentifierKind::Phone,
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Username(text) | Self::Email(text) | Self::Phone(text) => text,
        }
    }
}

/// The bucket in which failed attempts are counted: one per account, whatever was typed to name it; an identifier of
/// nobody has one of its own, so that both are locked alike (T47, T50).
///
/// Two spellings of one unknown identifier share a bucket: case, compatible Unicode forms, signs in phone numbers. A `+tag` in an e-mail
/// address makes another identifier, as it does when accounts are looked up, so it opens no second bucket of any account.
pub fn bucket(user: Option<&User>, typed: &str) -> String {
    let name = match user {
        Some(user) => format!("user {}", user.id),
        None => format!("typed {}", folded(typed)),
    };
    Secret::new(name).hash()
}

fn folded(typed: &str) -> String {
    let start: String = typed.trim().chars().take(MOST_BYTES).collect();
    let text = start.nfkc().collect::<String>().to_lowercase();
    phone(&text).unwrap_or(text)
}

/// The address in the form that is compared: lower case. `None` when it is not `something@domain.tld`.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let is_plain =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
    let has_dot = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    (text.len() <= MOST_BYTES && is_plain(local) && is_plain(domain) && has_dot)
        .then(|| text.to_lowercase())
}

/// The number's digits. `None` when it is not a phone number: an optional `+`, then 5 to 15 digits with the usual signs between.
pub fn phone(text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix('+').unwrap_or_else(|| text.trim());
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let is_number = rest.starts_with(|c: char| c.is_ascii_digit() || c == '(')
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')'));
    (is_number && (5..=15).contains(&digits.len())).then_some(digits)
}

/// Why a user name cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameRefused {
    /// Letters, digits and `_` only, and no digit at the start.
    Characters,
    /// Fewer or more characters than the tenant allows.
    Length,
}

/// Whether a new account may have this user name: `^[A-Z_a-z]\w*$` within the tenant's lengths.
pub fn check_username(name: &str, shortest: usize, longest: usize) -> Result<(), UsernameRefused> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(UsernameRefused::Characters);
    }
    if !(shortest..=longest.min(128)).contains(&name.len()) {
        return Err(UsernameRefused::Length);
    }
    Ok(())
}

/// Whether a new account of a tenant with this policy may have this user name.
pub fn check_new_username(name: &str, policy: &UsernamePolicy) -> Result<(), UsernameRefused> {
    check_username(name, policy.min_length, policy.max_length)?;
    if name.chars().all(|c| policy.allowed_chars.allow(c)) {
        Ok(())
    } else {
        Err(UsernameRefused::Characters)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Identifier, UsernameRefused, bucket, check_new_username, check_username, phone};
    use crate::{experience::UsernamePolicy, user::User};

    #[test]
    fn identifiers_are_told_apart_by_their_look() {
        assert_eq!(
            Identifier::parse(" Ann@Example.com "),
            Some(Identifier::Email("ann@example.com".into()))
        );
        assert_eq!(
            Identifier::parse("Ann"),
            Some(Identifier::Username("Ann".into()))
        );
        assert_eq!(
            Identifier::parse("+1 (555) 010-9999"),
            Some(Identifier::Phone("15550109999".into()))
        );
        assert_eq!(Identifier::parse("ann@"), None);
        assert_eq!(Identifier::parse("ann@host"), None);
        assert_eq!(Identifier::parse("  "), None);
    }

    #[test]
    fn t53_a_null_byte_or_an_endless_name_is_nobodys() {
        assert_eq!(Identifier::parse("ann\0"), None);
        assert_eq!(Identifier::parse(&"a".repeat(1_000_000)), None);
    }

    #[test]
    fn t47_case_does_not_open_another_bucket() {
        assert_eq!(
            bucket(None, "Nobody@Example.com"),
            bucket(None, " nobody@example.com")
        );
        assert_ne!(bucket(None, "a"), bucket(None, "b"));
    }

    #[test]
    fn t47_unicode_forms_and_signs_do_not_open_another_bucket() {
        for (left, right) in [
            ("ｎｏｂｏｄｙ", "nobody"),
            ("no\u{308}body@example.com", "n\u{f6}body@example.com"),
            ("+1 (555) 010-9999", "1.555.010.9999"),
            ("NOBODY", " nobody "),
        ] {
            assert_eq!(bucket(None, left), bucket(None, right), "{left} {right}");
        }
        assert_ne!(
            bucket(None, "ann@example.com"),
            bucket(None, "ann+1@example.com")
        );
    }

    #[test]
    fn t47_an_account_has_one_bucket_whatever_was_typed() {
        let ann = User::sample();
        let buckets =
            ["ann", "Ann@Example.com", "+1 555", ""].map(|typed| bucket(Some(&ann), typed));
        assert!(buckets.iter().all(|name| *name == buckets[0]));
        assert_ne!(
            bucket(None, &format!("user {}", ann.id)),
            buckets[0],
            "nobody can type its name"
        );
    }

    #[test]
    fn t53_an_endless_identifier_has_a_bucket_too() {
        assert_eq!(bucket(None, &"\u{fdfa}".repeat(100_000)).len(), 43);
    }

    #[test]
    fn user_names_are_letters_digits_and_underscore() {
        assert_eq!(check_username("ann_1", 1, 128), Ok(()));
        for name in ["1ann", "ann bell", "änn", "", "a@b.c", "ann\0"] {
            assert_eq!(
                check_username(name, 1, 128),
                Err(UsernameRefused::Characters),
                "{name}"
            );
        }
        assert_eq!(check_username("an", 3, 128), Err(UsernameRefused::Length));
        assert_eq!(
            check_username(&"a".repeat(129), 1, 500),
            Err(UsernameRefused::Length)
        );
    }

    #[test]
    fn a_tenant_may_allow_fewer_characters() {
        let mut policy = UsernamePolicy::default();
        assert_eq!(check_new_username("Ann_1", &policy), Ok(()));
        policy.allowed_chars.uppercase = false;
        policy.allowed_chars.underscore = false;
        assert_eq!(check_new_username("ann1", &policy), Ok(()));
        for name in ["Ann1", "ann_1", "1ann"] {
            let refused = Err(UsernameRefused::Characters);
            assert_eq!(check_new_username(name, &policy), refused, "{name}");
        }
        policy.min_length = 5;
        let refused = Err(UsernameRefused::Length);
        assert_eq!(check_new_username("ann1", &policy), refused);
    }

    proptest! {
        #[test]
        fn a_phone_number_is_always_5_to_15_digits(text in ".*") {
            if let Some(digits) = phone(&text) {
                prop_assert!((5..=15).contains(&digits.len()));
                prop_assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }

        #[test]
        fn reading_what_was_read_changes_nothing(text in ".*") {
            if let Some(identifier) = Identifier::parse(&text) {
                prop_assert_eq!(Identifier::parse(identifier.as_str()), Some(identifier));
            }
        }
    }
}
