//! A person as hooks are told of them (`contract/logto-core.md` §9.1): never with a password.

use identity::user::User;
use serde_json::{Map, Value, json};

/// The `UserInfo` of an account.
pub fn person(user: &User) -> Value {
    let identities: Map<String, Value> = user
        .identities
        .iter()
        .map(|(target, identity)| {
            let told = json!({ "userId": identity.user_id, "details": identity.details });
            (target.clone(), told)
        })
        .collect();
    json!({
        "id": user.id,
        "username": user.username,
        "primaryEmail": user.primary_email,
        "primaryPhone": user.primary_phone,
        "name": user.name,
        "avatar": user.avatar,
        "customData": user.custom_data,
        "identities": identities,
        "lastSignInAt": user.last_sign_in_at.map(protocol::time::Time::as_millis),
        "createdAt": user.created_at.as_millis(),
        "updatedAt": user.updated_at.as_millis(),
        "profile": user.profile,
        "applicationId": user.application_id,
        "cimdClientId": user.cimd_client_id,
        "isSuspended": user.is_suspended,
    })
}
