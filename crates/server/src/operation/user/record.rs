//! An account as Logto's `POST /api/users` and its exports write it.

use std::collections::BTreeMap;

use identity::{
    identifier::{self, check_username},
    password::{DigestRefused, check_digest},
    user::{SocialIdentity, StoredPassword, User},
};
use protocol::{client_metadata::LONGEST_CLIENT_ID, secret::Secret, time::Time};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::user::{Change, Changes};

use super::profile;
use crate::operation::Refused;

/// The fields of an account. Everything but what `POST /api/users` takes serves imports.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// Kept, so that `sub` stays what applications know.
    pub id: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// E-mail address.
    pub primary_email: Option<String>,
    /// Phone number.
    pub primary_phone: Option<String>,
    /// The password itself; hashed before it is stored.
    pub password: Option<PlainPassword>,
    /// A hash of it.
    #[serde(alias = "passwordEncrypted")]
    pub password_digest: Option<Digest>,
    /// How the hash was made.
    #[serde(alias = "passwordEncryptionMethod")]
    pub password_algorithm: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Address of a picture.
    pub avatar: Option<String>,
    /// Standard claims.
    pub profile: Option<Map<String, Value>>,
    /// What applications store.
    pub custom_data: Option<Map<String, Value>>,
    /// The application the person first came through.
    pub application_id: Option<String>,
    /// In its place: the address of the metadata document of the client.
    pub cimd_client_id: Option<String>,
    /// Whether the account is barred.
    pub is_suspended: Option<bool>,
    /// Milliseconds since 1970.
    pub created_at: Option<i64>,
    /// Milliseconds since 1970.
    pub updated_at: Option<i64>,
    /// Milliseconds since 1970.
    pub last_sign_in_at: Option<i64>,
    /// Accounts at social providers, by connector target.
    pub identities: BTreeMap<String, Identity>,
    /// Members that are not read.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// A password as it was typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct PlainPassword(pub Secret);

/// The hash of a password: not shown in logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Digest(pub Secret);

impl From<String> for PlainPassword {
    fn from(text: String) -> Self {
        Self(Secret::new(text))
    }
}

impl From<String> for Digest {
    fn from(text: String) -> Self {
        Self(Secret::new(text))
    }
}

/// An account at a social provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The provider's id of the person.
    pub user_id: String,
    /// What the provider told.
    #[serde(default)]
    pub details: Option<Map<String, Value>>,
}

/// What a record says of the password.
#[derive(Clone, Debug)]
pub enum Passwords {
    /// None.
    None,
    /// It has to be hashed.
    Plain(Secret),
    /// It is hashed.
    Stored(StoredPassword),
}

impl Record {
    /// Takes the password out of the record.
    ///
    /// # Errors
    /// When it is given twice, or its hash cannot be checked by this program.
    pub fn take_password(&mut self) -> Result<Passwords, Refused> {
        match (
            self.password.take(),
            self.password_digest.take(),
            self.password_algorithm.take(),
        ) {
            (Some(_), Some(_), _) => Err(Refused::new(
                "user.password_and_digest",
                "password and passwordDigest exclude each other",
            )),
            (Some(PlainPassword(password)), None, _) if password.reveal().is_empty() => {
                Err(invalid("password is empty"))
            }
            (Some(PlainPassword(password)), None, _) => Ok(Passwords::Plain(password)),
            (None, Some(_), None) => Err(Refused::new(
                "user.password_algorithm_required",
                "passwordDigest needs passwordAlgorithm",
            )),
            (None, Some(Digest(digest)), Some(algorithm)) => {
                stored(&algorithm, digest.reveal()).map(Passwords::Stored)
            }
            (None, None, _) => Ok(Passwords::None),
        }
    }

    /// The account, with `new_id` unless the record brings its own, and without a password that has yet to be hashed.
    ///
    /// # Errors
    /// When a field cannot be.
    pub fn into_user(mut self, new_id: &str, now: Time) -> Result<User, Refused> {
        let password = match self.take_password()? {
            Passwords::Stored(password) => Some(password),
            Passwords::None | Passwords::Plain(_) => None,
        };
        let seconds =
            |milliseconds: Option<i64>| milliseconds.map(|value| Time(value.div_euclid(1000)));
        let created_at = seconds(self.created_at).unwrap_or(now);
        let profile = self.profile.unwrap_or_default();
        profile::check(&profile)?;
        Ok(User {
            id: id(self.id, new_id)?,
            username: username(self.username)?,
            primary_email: email(self.primary_email)?,
            primary_phone: phone(self.primary_phone)?,
            password,
            name: short(self.name, "name", 128)?,
            avatar: avatar(self.avatar)?,
            profile,
            custom_data: self.custom_data.unwrap_or_default(),
            application_id: short(self.application_id, "applicationId", 64)?,
            cimd_client_id: short(self.cimd_client_id, "cimdClientId", LONGEST_CLIENT_ID)?,
            is_suspended: self.is_suspended.unwrap_or(false),
            last_sign_in_at: seconds(self.last_sign_in_at),
            created_at,
            updated_at: seconds(self.updated_at).unwrap_or(created_at),
            identities: self
                .identities
                .into_iter()
                .map(social)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// What an administrator changes of an account, as it was typed; `None` and empty text take a member away.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// User name.
    pub username: Change<Option<String>>,
    /// E-mail address.
    pub primary_email: Change<Option<String>>,
    /// Phone number.
    pub primary_phone: Change<Option<String>>,
    /// Display name.
    pub name: Change<Option<String>>,
    /// Address of a picture.
    pub avatar: Change<Option<String>>,
    /// Standard claims, as a whole.
    pub profile: Change<Map<String, Value>>,
    /// What applications store, as a whole.
    pub custom_data: Change<Map<String, Value>>,
}

/// The changes in the form in which they are stored.
///
/// # Errors
/// When a member cannot be what it should become.
pub fn changes(fields: Fields) -> Result<Changes, Refused> {
    fn checked(
        change: Change<Option<String>>,
        check: impl FnOnce(Option<String>) -> Result<Option<String>, Refused>,
    ) -> Result<Change<Option<String>>, Refused> {
        match change {
            Change::Keep => Ok(Change::Keep),
            Change::To(value) => check(value).map(Change::To),
        }
    }
    if let Change::To(profile) = &fields.profile {
        profile::check(profile)?;
    }
    Ok(Changes {
        username: checked(fields.username, username)?,
        primary_email: checked(fields.primary_email, email)?,
        primary_phone: checked(fields.primary_phone, phone)?,
        name: checked(fields.name, |name| short(name, "name", 128))?,
        avatar: checked(fields.avatar, avatar)?,
        profile: fields.profile,
        custom_data: fields.custom_data,
    })
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::new("guard.invalid_input", message)
}

fn id(given: Option<String>, new: &str) -> Result<String, Refused> {
    match given {
        None => Ok(new.to_owned()),
        Some(id)
            if (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(id)
        }
        Some(_) => Err(invalid("id must be 1 to 128 visible ASCII characters")),
    }
}

fn username(given: Option<String>) -> Result<Option<String>, Refused> {
    let name = some(given);
    if name
        .as_deref()
        .is_some_and(|name| check_username(name, 1, 128).is_err())
    {
        return Err(invalid(
            "username must be at most 128 letters, digits and _, not beginning with a digit",
        ));
    }
    Ok(name)
}

fn email(given: Option<String>) -> Result<Option<String>, Refused> {
    let Some(address) = some(given) else {
        return Ok(None);
    };
    let address = identifier::email(&address).filter(|address| address.len() <= 128);
    address.map(Some).ok_or_else(|| {
        Refused::new(
            "user.invalid_email",
            "primaryEmail is not an e-mail address of at most 128 characters",
        )
    })
}

fn phone(given: Option<String>) -> Result<Option<String>, Refused> {
    let Some(number) = some(given) else {
        return Ok(None);
    };
    let number = identifier::phone(&number);
    number.map(Some).ok_or_else(|| {
        Refused::new(
            "user.invalid_phone",
            "primaryPhone must be 5 to 15 digits with the country code",
        )
    })
}

fn stored(algorithm: &str, digest: &str) -> Result<StoredPassword, Refused> {
    match check_digest(algorithm, digest) {
        Ok(()) => Ok(StoredPassword {
            digest: digest.to_owned(),
            algorithm: algorithm.to_owned(),
        }),
        Err(fault) => Err(Refused::new(
            digest_code(algorithm, fault),
            format!("passwordDigest: {fault}"),
        )),
    }
}

const fn digest_code(algorithm: &str, fault: DigestRefused) -> &'static str {
    match (algorithm.as_bytes(), fault) {
        (b"Legacy", DigestRefused::Malformed) => "password.invalid_legacy_password_format",
        (b"Legacy", DigestRefused::UnknownAlgorithm) => {
            "password.unsupported_legacy_hash_algorithm"
        }
        _ => "guard.invalid_input",
    }
}

fn avatar(given: Option<String>) -> Result<Option<String>, Refused> {
    let avatar = short(given, "avatar", 2048)?;
    if avatar
        .as_deref()
        .is_some_and(|address| url::Url::parse(address).is_err())
    {
        return Err(invalid("avatar must be the address of a picture"));
    }
    Ok(avatar)
}

fn short(given: Option<String>, field: &str, longest: usize) -> Result<Option<String>, Refused> {
    match some(given) {
        Some(text) if text.chars().count() > longest => Err(invalid(format!(
            "{field} is longer than {longest} characters"
        ))),
        text => Ok(text),
    }
}

/// Empty text is no value.
fn some(given: Option<String>) -> Option<String> {
    given.filter(|text| !text.is_empty())
}

fn social((target, identity): (String, Identity)) -> Result<(String, SocialIdentity), Refused> {
    if target.is_empty() || identity.user_id.is_empty() {
        return Err(invalid("identities need a target and a userId"));
    }
    Ok((
        target,
        SocialIdentity {
            user_id: identity.user_id,
            details: identity.details.unwrap_or_default(),
        },
    ))
}

#[cfg(test)]
mod tests {
    use protocol::time::Time;
    use serde_json::{Value, json};

    use super::{Passwords, Record};
    use crate::operation::Refused;

    fn user(value: Value) -> Result<identity::user::User, Refused> {
        let record: Record = serde_json::from_value(value).unwrap();
        record.into_user("new-id", Time(1000))
    }

    #[test]
    fn an_export_of_logto_is_taken_over_with_id_and_times() {
        let user = user(json!({
            "tenantId": "default", "id": "abc123", "username": "ann", "primaryEmail": "Ann@Example.com", "primaryPhone": "+49 (30) 123456",
            "passwordEncrypted": "5f4dcc3b5aa765d61d8327deb882cf99", "passwordEncryptionMethod": "MD5", "name": "Ann", "avatar": "https://a/b.png",
            "profile": {"familyName": "A", "address": {"locality": "Berlin"}}, "customData": {"plan": 1}, "isSuspended": true,
            "createdAt": 5_999, "updatedAt": 7000, "lastSignInAt": 8000, "identities": {"github": {"userId": "42", "details": {"name": "ann"}}},
        }))
        .unwrap();
        assert_eq!(
            (
                user.id.as_str(),
                user.primary_email.as_deref(),
                user.primary_phone.as_deref()
            ),
            ("abc123", Some("ann@example.com"), Some("4930123456"))
        );
        assert_eq!(
            (user.created_at, user.updated_at, user.last_sign_in_at),
            (Time(5), Time(7), Some(Time(8)))
        );
        assert_eq!(user.password.unwrap().algorithm, "MD5");
        assert_eq!(user.identities["github"].user_id, "42");
        assert!(user.is_suspended && user.custom_data["plan"] == 1);
    }

    #[test]
    fn an_empty_record_is_an_account() {
        let user = user(json!({"username": "", "name": null})).unwrap();
        assert_eq!(
            (user.id.as_str(), user.created_at, user.updated_at),
            ("new-id", Time(1000), Time(1000))
        );
        assert_eq!((user.username, user.name), (None, None));
    }

    #[test]
    fn fields_that_cannot_be_are_refused_by_name() {
        let cases = [
            (json!({"id": ""}), "guard.invalid_input", "id"),
            (json!({"id": "a b"}), "guard.invalid_input", "id"),
            (
                json!({"username": "1ann"}),
                "guard.invalid_input",
                "username",
            ),
            (
                json!({"username": "ann@example.com"}),
                "guard.invalid_input",
                "username",
            ),
            (
                json!({"primaryEmail": "ann"}),
                "user.invalid_email",
                "primaryEmail",
            ),
            (
                json!({"primaryPhone": "call me"}),
                "user.invalid_phone",
                "primaryPhone",
            ),
            (json!({"avatar": "me.png"}), "guard.invalid_input", "avatar"),
            (
                json!({"name": "x".repeat(129)}),
                "guard.invalid_input",
                "name",
            ),
            (
                json!({"profile": {"shoeSize": "43"}}),
                "guard.invalid_input",
                "shoeSize",
            ),
            (
                json!({"profile": {"nickname": 1}}),
                "guard.invalid_input",
                "nickname",
            ),
            (
                json!({"profile": {"address": {"planet": "Mars"}}}),
                "guard.invalid_input",
                "planet",
            ),
            (
                json!({"identities": {"github": {"userId": ""}}}),
                "guard.invalid_input",
                "userId",
            ),
            (
                json!({"password": "a", "passwordDigest": "b", "passwordAlgorithm": "MD5"}),
                "user.password_and_digest",
                "exclude",
            ),
            (
                json!({"passwordDigest": "b"}),
                "user.password_algorithm_required",
                "passwordAlgorithm",
            ),
            (
                json!({"passwordDigest": "b", "passwordAlgorithm": "ROT13"}),
                "guard.invalid_input",
                "algorithm",
            ),
            (
                json!({"passwordDigest": "nonsense", "passwordAlgorithm": "Bcrypt"}),
                "guard.invalid_input",
                "digest",
            ),
            (
                json!({"passwordDigest": "nonsense", "passwordAlgorithm": "Legacy"}),
                "password.invalid_legacy_password_format",
                "digest",
            ),
            (json!({"password": ""}), "guard.invalid_input", "password"),
        ];
        for (value, code, word) in cases {
            let refused = user(value.clone()).unwrap_err();
            assert!(
                refused.code == code && refused.message.contains(word),
                "{value}: {refused:?}"
            );
        }
    }

    #[test]
    fn t55_a_record_is_printed_without_its_password() {
        let mut record: Record = serde_json::from_value(json!({"password": "swordfish"})).unwrap();
        assert!(!format!("{record:?}").contains("swordfish"));
        assert!(
            matches!(record.take_password(), Ok(Passwords::Plain(password)) if password.reveal() == "swordfish")
        );
        assert!(matches!(record.take_password(), Ok(Passwords::None)));
    }
}
