//! What scripts that have a word in sign-ins may ask for (`contract/logto-core.md` §10.2).

use std::fmt;

use serde_json::{Map, Value};

use crate::user::User;

/// What a script asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Nothing.
    Nothing,
    /// An account with these members, for a person who has none yet.
    Create(Map<String, Value>),
    /// These members for the account that is there.
    Update(Map<String, Value>),
}

/// Why what a script returned cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not of the form that was agreed.
    Form,
    /// It would change the name, e-mail address or phone number that the person signs in with.
    Identifier,
    /// It asks for a change without vouching for the password.
    NotVerified,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "the script's result is neither nothing nor {action, user}",
            Self::Identifier => "the script must not change what the person signs in with",
            Self::NotVerified => "the script's result lacks passwordVerified: true",
        })
    }
}

impl std::error::Error for Fault {}

/// Members that a script may set in an account that is there.
const CHANGEABLE: [&str; 4] = ["name", "avatar", "profile", "customData"];

/// Reads what a script returned when a password was wrong here. It may bring the person along, or renew the password.
pub fn after_first_factor(result: Option<Value>, user: Option<&User>) -> Result<Asked, Fault> {
    let Some(result) = object(result)? else {
        return Ok(Asked::Nothing);
    };
    let asked = match (result.get("action").and_then(Value::as_str), user) {
        (Some("createUser"), None) => Asked::Create(members(&result)?),
        (Some("updateUser"), Some(user)) => Asked::Update(changes(members(&result)?, user)?),
        _ => return Err(Fault::Form),
    };
    if result.get("passwordVerified") != Some(&Value::Bool(true)) {
        return Err(Fault::NotVerified);
    }
    Ok(asked)
}

/// Reads what a script returned for a person who is about to be signed in.
pub fn after_sign_in(result: Option<Value>, user: &User) -> Result<Asked, Fault> {
    let Some(result) = object(result)? else {
        return Ok(Asked::Nothing);
    };
    match result.get("action").and_then(Value::as_str) {
        Some("updateUser") => Ok(Asked::Update(changes(members(&result)?, user)?)),
        _ => Err(Fault::Form),
    }
}

fn object(result: Option<Value>) -> Result<Option<Map<String, Value>>, Fault> {
    match result {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(Fault::Form),
    }
}

fn members(result: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
    match result.get("user") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(user)) => Ok(user.clone()),
        Some(_) => Err(Fault::Form),
    }
}

/// Identifiers may be repeated as they are, and what the account has beyond is not the script's to change.
fn changes(mut wanted: Map<String, Value>, user: &User) -> Result<Map<String, Value>, Fault> {
    let held = [
        ("id", Some(&user.id)),
        ("username", user.username.as_ref()),
        ("primaryEmail", user.primary_email.as_ref()),
        ("primaryPhone", user.primary_phone.as_ref()),
    ];
    for (name, held) in held {
        let repeats = |wanted: &Value| wanted.as_str() == held.map(String::as_str);
        if !wanted.get(name).is_none_or(repeats) {
            return Err(Fault::Identifier);
        }
    }
    wanted.retain(|name, _| CHANGEABLE.contains(&name.as_str()));
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Asked, Fault, after_first_factor, after_sign_in};
    use crate::user::User;

    fn ann() -> User {
        let mut ann = User::sample();
        ann.username = Some("ann".to_owned());
        ann
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn nothing_is_asked_by_returning_nothing() {
        for result in [None, Some(Value::Null)] {
            let first = after_first_factor(result.clone(), None);
            assert_eq!(first, Ok(Asked::Nothing));
            assert_eq!(after_sign_in(result, &ann()), Ok(Asked::Nothing));
        }
    }

    #[test]
    fn only_who_is_unknown_is_made_and_only_who_is_known_is_changed() {
        let create =
            json!({ "action": "createUser", "user": { "name": "Ann" }, "passwordVerified": true });
        let update =
            json!({ "action": "updateUser", "user": { "name": "Ann" }, "passwordVerified": true });
        let name = || object(json!({ "name": "Ann" }));
        let ann = ann();
        for (result, user, expected) in [
            (&create, None, Ok(Asked::Create(name()))),
            (&create, Some(&ann), Err(Fault::Form)),
            (&update, None, Err(Fault::Form)),
            (&update, Some(&ann), Ok(Asked::Update(name()))),
        ] {
            assert_eq!(after_first_factor(Some(result.clone()), user), expected);
        }
        assert_eq!(after_sign_in(Some(update), &ann), Ok(Asked::Update(name())));
        assert_eq!(after_sign_in(Some(create), &ann), Err(Fault::Form));
    }

    #[test]
    fn a_password_counts_only_when_the_script_vouches_for_it() {
        for verified in [json!(false), json!("true"), json!(1), Value::Null] {
            let result = json!({ "action": "updateUser", "passwordVerified": verified });
            let refused = after_first_factor(Some(result), Some(&ann()));
            assert_eq!(refused, Err(Fault::NotVerified), "{verified}");
        }
    }

    #[test]
    fn what_a_person_signs_in_with_stays() {
        for (user, expected) in [
            (json!({ "username": "eve" }), Err(Fault::Identifier)),
            (json!({ "username": null }), Err(Fault::Identifier)),
            (
                json!({ "primaryEmail": "eve@example.com" }),
                Err(Fault::Identifier),
            ),
            (json!({ "primaryPhone": "49301" }), Err(Fault::Identifier)),
            (json!({ "id": "eve" }), Err(Fault::Identifier)),
            (
                json!({ "username": "ann", "customData": {}, "isSuspended": false, "password": "x" }),
                Ok(Asked::Update(object(json!({ "customData": {} })))),
            ),
        ] {
            let result = json!({ "action": "updateUser", "user": user, "passwordVerified": true });
            let read = after_sign_in(Some(result.clone()), &ann());
            assert_eq!(read, expected, "{user}");
            assert_eq!(after_first_factor(Some(result), Some(&ann())), expected);
        }
    }

    #[test]
    fn anything_else_is_a_fault() {
        for result in [
            json!(1),
            json!("updateUser"),
            json!([]),
            json!({}),
            json!({ "action": "deleteUser" }),
            json!({ "action": "updateUser", "user": [] }),
        ] {
            let read = after_sign_in(Some(result.clone()), &ann());
            assert_eq!(read, Err(Fault::Form), "{result}");
        }
    }
}
