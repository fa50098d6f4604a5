//! What a script of an operator is told of a person (`contract/logto-core.md` §10.1).

use protocol::time::Time;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::user::User;

/// What a person belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memberships {
    /// Identities at enterprise providers.
    pub sso_identities: Vec<SsoIdentity>,
    /// The second factors that the person has set up, by type.
    pub mfa_verification_factors: Vec<String>,
    /// The roles, with what they allow.
    pub roles: Vec<Role>,
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// The roles within organizations.
    pub organization_roles: Vec<OrganizationRole>,
}

/// An identity at an enterprise provider.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SsoIdentity {
    /// The provider.
    pub issuer: String,
    /// Its id of the person.
    pub identity_id: String,
    /// What it told of the person.
    pub detail: Map<String, Value>,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
}

/// Something that an API can allow.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Its id.
    pub id: String,
    /// The value in `scope`.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// The id of the API.
    pub resource_id: String,
    /// The API.
    pub resource: Resource,
}

/// An API.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Its id.
    pub id: String,
    /// What administrators see it called.
    pub name: String,
    /// The URI that clients name in `resource`.
    pub indicator: String,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
}

/// A role that the person has in an organization.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationRole {
    /// The organization.
    pub organization_id: String,
    /// The role.
    pub role_id: String,
    /// The role's name.
    pub role_name: String,
}

/// The account without anything secret. Times are in milliseconds.
pub fn account(user: &User) -> Map<String, Value> {
    let identities: Map<String, Value> = user
        .identities
        .iter()
        .map(|(target, identity)| {
            let shown = json!({ "userId": identity.user_id, "details": identity.details });
            (target.clone(), shown)
        })
        .collect();
    let shown = json!({
        "id": user.id,
        "username": user.username,
        "primaryEmail": user.primary_email,
        "primaryPhone": user.primary_phone,
        "name": user.name,
        "avatar": user.avatar,
        "customData": user.custom_data,
        "identities": identities,
        "lastSignInAt": user.last_sign_in_at.map(Time::as_millis),
        "createdAt": user.created_at.as_millis(),
        "updatedAt": user.updated_at.as_millis(),
        "profile": user.profile,
        "applicationId": user.application_id,
        "isSuspended": user.is_suspended,
        "hasPassword": user.password.is_some(),
    });
    members(shown)
}

/// `context.user`: the account, and what it belongs to.
pub fn user(user: &User, memberships: &Memberships) -> Map<String, Value> {
    let mut context = account(user);
    context.extend(members(json!(memberships)));
    context
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{
        Memberships, Organization, OrganizationRole, Resource, Role, Scope, SsoIdentity, user,
    };
    use crate::user::{SocialIdentity, StoredPassword, User};

    #[test]
    fn an_account_is_shown_without_its_password() {
        let mut ann = User::sample();
        ann.username = Some("ann".to_owned());
        ann.password = Some(StoredPassword {
            digest: "swordfish".to_owned(),
            algorithm: "Argon2id".to_owned(),
        });
        let github = SocialIdentity {
            user_id: "7".to_owned(),
            details: Map::new(),
        };
        ann.identities.insert("github".to_owned(), github);
        let shown = Value::Object(user(&ann, &Memberships::default()));
        assert!(!shown.to_string().contains("swordfish"));
        assert_eq!(
            shown,
            json!({
                "id": "abcdef123456", "username": "ann", "primaryEmail": null, "primaryPhone": null, "name": null,
                "avatar": null, "customData": {}, "identities": { "github": { "userId": "7", "details": {} } },
                "lastSignInAt": null, "createdAt": 1_700_000_000_000_i64, "updatedAt": 1_700_000_000_000_i64,
                "profile": {}, "applicationId": null, "isSuspended": false, "hasPassword": true,
                "ssoIdentities": [], "mfaVerificationFactors": [], "roles": [], "organizations": [],
                "organizationRoles": [],
            })
        );
    }

    #[test]
    fn what_a_person_belongs_to_is_shown_in_logtos_words() {
        let api = Resource {
            id: "r".to_owned(),
            name: "API".to_owned(),
            indicator: "https://api".to_owned(),
        };
        let scope = Scope {
            id: "s".to_owned(),
            name: "read".to_owned(),
            description: None,
            resource_id: "r".to_owned(),
            resource: api,
        };
        let memberships = Memberships {
            sso_identities: vec![SsoIdentity {
                issuer: "https://idp".to_owned(),
                identity_id: "7".to_owned(),
                detail: Map::new(),
            }],
            mfa_verification_factors: vec!["Totp".to_owned()],
            roles: vec![Role {
                id: "x".to_owned(),
                name: "reader".to_owned(),
                description: "Reads".to_owned(),
                scopes: vec![scope],
            }],
            organizations: vec![Organization {
                id: "o".to_owned(),
                name: "Org".to_owned(),
                description: None,
            }],
            organization_roles: vec![OrganizationRole {
                organization_id: "o".to_owned(),
                role_id: "x".to_owned(),
                role_name: "admin".to_owned(),
            }],
        };
        let shown = user(&User::sample(), &memberships);
        assert_eq!(
            shown["ssoIdentities"],
            json!([{ "issuer": "https://idp", "identityId": "7", "detail": {} }])
        );
        assert_eq!(shown["mfaVerificationFactors"], json!(["Totp"]));
        assert_eq!(
            shown["roles"],
            json!([{ "id": "x", "name": "reader", "description": "Reads", "scopes": [{
                "id": "s", "name": "read", "description": null, "resourceId": "r",
                "resource": { "id": "r", "name": "API", "indicator": "https://api" },
            }] }])
        );
        assert_eq!(
            shown["organizations"],
            json!([{ "id": "o", "name": "Org", "description": null }])
        );
        assert_eq!(
            shown["organizationRoles"],
            json!([{ "organizationId": "o", "roleId": "x", "roleName": "admin" }])
        );
    }
}
