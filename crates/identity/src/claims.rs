//! What may be told of a person, under the names of OpenID Connect (Core §5.1) and Logto (`contract/logto-core.md` §3.10).

use serde_json::{Map, Value, json};

use crate::{
    script_context::{Organization, OrganizationRole},
    user::User,
};

/// Standard claims that stand in `users.profile`, by their name there.
const PROFILE: [(&str, &str); 13] = [
    ("familyName", "family_name"),
    ("givenName", "given_name"),
    ("middleName", "middle_name"),
    ("nickname", "nickname"),
    ("preferredUsername", "preferred_username"),
    ("profile", "profile"),
    ("website", "website"),
    ("gender", "gender"),
    ("birthdate", "birthdate"),
    ("zoneinfo", "zoneinfo"),
    ("locale", "locale"),
    ("address", "address"),
    ("picture", "picture"),
];

/// What a person belongs to, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Belongings {
    /// The names of the person's roles.
    pub roles: Vec<String>,
    /// The person's organizations.
    pub organizations: Vec<Organization>,
    /// The person's roles in them.
    pub organization_roles: Vec<OrganizationRole>,
}

/// Every claim of the person; the scopes decide later which of them a client sees.
///
/// Three rules differ from Logto's. `updated_at` is in seconds, as OpenID Connect Core §5.1 says; `created_at`, which is Logto's own, stays
/// in milliseconds. A claim without a value is left out instead of being `null`: OpenID Connect Core §5.3.2 asks for
/// that. And `name` is never empty, because clients refuse people without one (`contract/clients.md` §0.12): it falls back on the
/// user name, the e-mail address, the phone number and at last the id.
pub fn claims(user: &User, belongings: &Belongings) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value.filter(is_something) {
            claims.insert(name.to_owned(), value);
        }
    };
    for (stored, name) in PROFILE {
        put(name, user.profile.get(stored).cloned());
    }
    put("name", Some(json!(display_name(user))));
    put("picture", user.avatar.as_ref().map(|avatar| json!(avatar)));
    put(
        "username",
        user.username.as_ref().map(|username| json!(username)),
    );
    if !user.profile.contains_key("preferredUsername") {
        put(
            "preferred_username",
            user.username.as_ref().map(|username| json!(username)),
        );
    }
    put(
        "email",
        user.primary_email.as_ref().map(|email| json!(email)),
    );
    put(
        "email_verified",
        user.primary_email.as_ref().map(|_| json!(true)),
    );
    put(
        "phone_number",
        user.primary_phone.as_ref().map(|phone| json!(phone)),
    );
    put(
        "phone_number_verified",
        user.primary_phone.as_ref().map(|_| json!(true)),
    );
    put("created_at", Some(json!(user.created_at.as_millis())));
    put("updated_at", Some(json!(user.updated_at.0)));
    claims.insert(
        "custom_data".to_owned(),
        Value::Object(user.custom_data.clone()),
    );
    claims.insert("identities".to_owned(), identities(user));
    claims.insert("sso_identities".to_owned(), json!([]));
    claims.insert("roles".to_owned(), json!(belongings.roles));
    organizations(&mut claims, belongings);
    claims
}

fn organizations(claims: &mut Map<String, Value>, belongings: &Belongings) {
    let Belongings {
        organizations,
        organization_roles,
        ..
    } = belongings;
    let ids: Vec<_> = organizations.iter().map(|found| &found.id).collect();
    let roles: Vec<_> = organization_roles
        .iter()
        .map(|role| format!("{}:{}", role.organization_id, role.role_name))
        .collect();
    claims.insert("organizations".to_owned(), json!(ids));
    claims.insert("organization_data".to_owned(), json!(organizations));
    claims.insert("organization_roles".to_owned(), json!(roles));
}

/// What others see the person called: never empty.
pub fn display_name(user: &User) -> &str {
    let mut candidates = [
        &user.name,
        &user.username,
        &user.primary_email,
        &user.primary_phone,
    ]
    .into_iter()
    .flatten();
    candidates
        .find(|name| !name.trim().is_empty())
        .map_or(&user.id, String::as_str)
}

fn identities(user: &User) -> Value {
    let identity = |(target, identity): (&String, &crate::user::SocialIdentity)| {
        (
            target.clone(),
            json!({ "userId": identity.user_id, "details": identity.details }),
        )
    };
    Value::Object(user.identities.iter().map(identity).collect())
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Belongings, claims};
    use crate::{
        script_context::{Organization, OrganizationRole},
        user::User,
    };

    fn ann() -> User {
        User {
            username: Some("ann".into()),
            ..User::sample()
        }
    }

    #[test]
    fn name_is_never_empty() {
        let mut user = User {
            name: Some("  ".into()),
            ..ann()
        };
        assert_eq!(claims(&user, &Belongings::default())["name"], "ann");
        user.username = None;
        user.primary_email = Some("ann@example.com".into());
        assert_eq!(
            claims(&user, &Belongings::default())["name"],
            "ann@example.com"
        );
        user.primary_email = None;
        assert_eq!(
            claims(&user, &Belongings::default())["name"],
            json!(user.id)
        );
    }

    #[test]
    fn a_claim_without_a_value_is_left_out() {
        let claims = claims(&ann(), &Belongings::default());
        assert!(!claims.contains_key("email") && !claims.contains_key("email_verified"));
        assert!(!claims.contains_key("picture"));
        assert!(claims.values().all(|value| !value.is_null()));
    }

    #[test]
    fn the_account_began_in_milliseconds_and_changed_in_seconds() {
        let claims = claims(&ann(), &Belongings::default());
        assert_eq!(claims["created_at"], json!(ann().created_at.as_millis()));
        assert_eq!(claims["updated_at"], json!(ann().updated_at.0));
    }

    #[test]
    fn preferred_username_falls_back_on_the_user_name() {
        let mut user = ann();
        assert_eq!(
            claims(&user, &Belongings::default())["preferred_username"],
            "ann"
        );
        user.profile
            .insert("preferredUsername".into(), json!("Annie"));
        assert_eq!(
            claims(&user, &Belongings::default())["preferred_username"],
            "Annie"
        );
    }

    #[test]
    fn what_applications_stored_cannot_pose_as_a_claim() {
        let mut user = ann();
        user.profile.insert("sub".into(), json!("someone else"));
        user.custom_data
            .insert("email".into(), json!("boss@example.com"));
        let belongings = Belongings {
            roles: vec!["reader".into()],
            ..Belongings::default()
        };
        let claims = claims(&user, &belongings);
        assert!(!claims.contains_key("sub") && !claims.contains_key("email"));
        assert_eq!(claims["roles"], json!(["reader"]));
    }

    #[test]
    fn organizations_are_told_by_id_with_their_data_and_roles() {
        let belongings = Belongings {
            roles: vec![],
            organizations: vec![Organization {
                id: "acme".into(),
                name: "Acme".into(),
                description: None,
            }],
            organization_roles: vec![OrganizationRole {
                organization_id: "acme".into(),
                role_id: "r1".into(),
                role_name: "admin".into(),
            }],
        };
        let claims = claims(&ann(), &belongings);
        assert_eq!(claims["organizations"], json!(["acme"]));
        assert_eq!(
            claims["organization_data"],
            json!([{"id": "acme", "name": "Acme", "description": null}])
        );
        assert_eq!(claims["organization_roles"], json!(["acme:admin"]));
    }
}
