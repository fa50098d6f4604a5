//! The sign-in experience of a tenant, as one document (`contract/logto-api.md` §4.3).

use connectors::factory::Purpose;
use identity::{
    connector::Connector,
    experience::{
        SignInExperience,
        change::{self, Facts, Fault},
    },
};
use serde_json::{Map, Value, json};
use store::{Source, Tx, seed::ADMIN_TENANT};

use super::{
    OperationError, Refused,
    connector::{purpose, sends},
};
use crate::text;

/// Every field of the document, with what it is until somebody sets it.
fn seed(tenant_id: &str) -> Map<String, Value> {
    let experience = if tenant_id == ADMIN_TENANT {
        SignInExperience::admin()
    } else {
        SignInExperience::default()
    };
    let mut document = json!({
        "agreeToTermsPolicy": "Automatic",
        "customContent": {},
        "customUiAssets": null,
        "customUiCsp": {},
        "mfa": { "factors": [], "policy": "UserControlled" },
        "adaptiveMfa": {},
        "singleSignOnEnabled": false,
        "captchaPolicy": {},
        "emailBlocklistPolicy": {},
        "verificationCodePolicy": {},
        "forgotPasswordMethods": null,
        "passkeySignIn": {},
        "signUpProfileFields": null,
        "passwordExpiration": { "enabled": false },
    });
    if let (Some(document), Value::Object(known)) = (document.as_object_mut(), json!(experience)) {
        document.extend(known);
    }
    match document {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The tenant's sign-in experience, every field of it.
///
/// # Errors
/// When the database fails.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
) -> Result<Map<String, Value>, OperationError> {
    let mut document = seed(tenant_id);
    if let Some(Value::Object(stored)) = store::sign_in_experience::find(source, tenant_id).await? {
        document.extend(stored);
    }
    Ok(document)
}

/// Writes the tenant's sign-in experience.
///
/// # Errors
/// When the database fails.
pub async fn save(
    tx: &mut Tx,
    tenant_id: &str,
    document: Map<String, Value>,
) -> Result<(), OperationError> {
    let document = Value::Object(document);
    Ok(store::sign_in_experience::set(tx, tenant_id, &document).await?)
}

/// Puts the fields of `change`, whose shapes were checked, in the place of those before, and checks that they fit together.
///
/// # Errors
/// When they do not.
pub fn apply(
    connectors: &[Connector],
    custom_languages: &[String],
    mut document: Map<String, Value>,
    mut changed: Map<String, Value>,
) -> Result<Map<String, Value>, Refused> {
    if let Some(targets) = changed.get_mut("socialSignInConnectorTargets") {
        keep_known_targets(connectors, targets);
    }
    let fields: Vec<String> = changed.keys().cloned().collect();
    document.extend(changed);
    reset_adaptive_mfa(&mut document, &fields);
    let names: Vec<&str> = fields.iter().map(String::as_str).collect();
    let mut languages: Vec<String> = text::tags().into_iter().map(str::to_owned).collect();
    languages.extend_from_slice(custom_languages);
    let facts = Facts {
        can_mail: sends(connectors, Purpose::Email),
        can_text: sends(connectors, Purpose::Sms),
        languages: &languages,
    };
    change::check(&document, &names, &facts).map_err(|fault| refused(&fault))?;
    Ok(document)
}

pub(super) fn refused(fault: &Fault) -> Refused {
    Refused::new(fault.code, fault.message).status(fault.status)
}

/// Targets that no connector has are dropped, as Logto does.
fn keep_known_targets(connectors: &[Connector], targets: &mut Value) {
    if let Some(list) = targets.as_array_mut() {
        list.retain(|target| {
            let mut connectors = connectors.iter();
            connectors.any(|connector| {
                target.as_str() == Some(&connector.target)
                    && purpose(connector) == Some(Purpose::Social)
            })
        });
    }
}

/// Without factors nothing can be adaptive.
fn reset_adaptive_mfa(document: &mut Map<String, Value>, changed: &[String]) {
    let touches = |name: &str| changed.iter().any(|field| field == name);
    let is_off = document
        .get("mfa")
        .is_some_and(|mfa| mfa["factors"].as_array().is_none_or(Vec::is_empty));
    if touches("mfa") && !touches("adaptiveMfa") && is_off {
        document.insert("adaptiveMfa".to_owned(), json!({ "enabled": false }));
    }
}
