//! Examples of what hooks are told, for trying an address out.

use identity::user::User;
use protocol::time::Time;
use serde_json::{Value, json};

use super::{Event, person::person};

/// An example of an event, in the form that the real one has.
pub fn sample(event: Event, hook_id: &str, now: Time) -> Value {
    let user = person(&User {
        username: Some("ann".to_owned()),
        primary_email: Some("ann@example.com".to_owned()),
        name: Some("Ann".to_owned()),
        ..User::new("example00001".to_owned(), now)
    });
    let mut told = json!({
        "hookId": hook_id,
        "event": event.as_str(),
        "createdAt": now.iso(),
        "userAgent": "Mozilla/5.0 (example)",
    });
    let rest = match event {
        Event::PostRegister
        | Event::PostSignIn
        | Event::PostSignInAdaptiveMfaTriggered
        | Event::PostResetPassword => json!({
            "interactionEvent": match event {
                Event::PostRegister => "Register",
                Event::PostResetPassword => "ForgotPassword",
                _ => "SignIn",
            },
            "sessionId": "example0000000000session",
            "userIp": "203.0.113.7",
            "userId": "example00001",
            "user": user,
            "application": {
                "id": "example000000application",
                "type": "SPA",
                "name": "Example",
                "description": "An example",
            },
        }),
        Event::UserCreated
        | Event::UserDataUpdated
        | Event::UserDeleted
        | Event::UserSuspensionStatusUpdated => of_the_api("/users", "userId", &user),
        _ => of_the_api(
            "/examples",
            "id",
            &json!({ "id": "example00001", "name": "Example" }),
        ),
    };
    if let (Value::Object(told), Value::Object(rest)) = (&mut told, rest) {
        told.extend(rest);
    }
    told
}

fn of_the_api(path: &str, parameter: &str, data: &Value) -> Value {
    json!({
        "ip": "203.0.113.7",
        "path": format!("/api{path}/example00001"),
        "matchedRoute": format!("{path}/:{parameter}"),
        "method": "PATCH",
        "status": 200,
        "params": { parameter: "example00001" },
        "data": data,
    })
}

#[cfg(test)]
mod tests {
    use protocol::time::Time;

    use super::{Event, sample};

    #[test]
    fn every_event_has_an_example() {
        for event in Event::ALL {
            let told = sample(*event, "hook", Time(1_800_000_000));
            assert_eq!(told["event"], event.as_str());
            assert_eq!(told["createdAt"], "2027-01-15T08:00:00.000Z");
            let is_interaction = event.as_str().starts_with("Post");
            assert_eq!(told.get("user").is_some(), is_interaction);
            assert_eq!(told.get("data").is_some(), !is_interaction);
        }
    }
}
