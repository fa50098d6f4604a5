//! What a sign-in experience may become (`contract/logto-api.md` §4.3).

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{IdentifierKind, LanguageInfo, SignIn};

/// What the rules need to know beside the experience.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Whether messages can be sent by e-mail.
    pub can_mail: bool,
    /// Whether messages can be sent by SMS.
    pub can_text: bool,
    /// The languages that the pages speak.
    pub languages: &'a [String],
}

/// Why an experience is refused: the code of Logto's API and a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Such as `sign_in_experiences.unsupported_default_language`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// For the developer.
    pub message: &'static str,
}

const fn fault(code: &'static str, message: &'static str) -> Fault {
    Fault {
        code,
        status: 400,
        message,
    }
}

const fn unprocessable(code: &'static str, message: &'static str) -> Fault {
    Fault {
        code,
        status: 422,
        message,
    }
}

/// The parts that have to fit together. Their shapes were checked before.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parts {
    language_info: LanguageInfo,
    sign_in: SignIn,
    sign_up: SignUp,
    mfa: Mfa,
    adaptive_mfa: Switch,
    forgot_password_methods: Option<Vec<String>>,
    password_expiration: Expiration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SignUp {
    identifiers: Vec<String>,
    password: bool,
    verify: bool,
    secondary_identifiers: Vec<Secondary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Secondary {
    identifier: String,
    verify: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Mfa {
    factors: Vec<String>,
    policy: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Switch {
    enabled: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Expiration {
    enabled: bool,
    valid_period_days: i64,
}

const BY_MAIL: &str = "EmailVerificationCode";
const BY_TEXT: &str = "PhoneVerificationCode";

/// Checks the experience that a change leads to; `changed` names its fields. The order is Logto's.
///
/// # Errors
/// The first rule that is broken.
pub fn check(after: &Map<String, Value>, changed: &[&str], facts: &Facts<'_>) -> Result<(), Fault> {
    let parts: Parts = serde_json::from_value(Value::Object(after.clone())).unwrap_or_default();
    let touches = |names: &[&str]| names.iter().any(|name| changed.contains(name));
    if touches(&["languageInfo"])
        && !facts
            .languages
            .contains(&parts.language_info.fallback_language)
    {
        return Err(fault(
            "sign_in_experiences.unsupported_default_language",
            "The fallback language is neither built in nor has custom phrases.",
        ));
    }
    if touches(&["signUp", "signIn"]) {
        check_sign_up(&parts.sign_up, facts)?;
        check_sign_in(&parts, facts)?;
    }
    if touches(&["signIn", "mfa"]) {
        check_channels(&parts, touches(&["signIn"]))?;
    }
    if touches(&["mfa", "adaptiveMfa"]) {
        check_mfa(&parts)?;
    }
    if touches(&["forgotPasswordMethods", "passwordExpiration"]) {
        check_passwords(&parts, facts)?;
    }
    Ok(())
}

fn check_sign_up(sign_up: &SignUp, facts: &Facts<'_>) -> Result<(), Fault> {
    if sign_up.identifiers.is_empty() && !sign_up.secondary_identifiers.is_empty() {
        return Err(fault(
            "sign_in_experiences.missing_sign_up_identifiers",
            "Secondary identifiers need a primary one.",
        ));
    }
    let mut seen = BTreeSet::new();
    let secondary = sign_up.secondary_identifiers.iter();
    let all = sign_up
        .identifiers
        .iter()
        .chain(secondary.clone().map(|secondary| &secondary.identifier));
    for identifier in all.flat_map(|identifier| kinds(identifier)) {
        if !seen.insert(*identifier) {
            return Err(fault(
                "sign_in_experiences.duplicated_sign_up_identifiers",
                "An identifier of the sign-up is named twice.",
            ));
        }
    }
    let proven = |identifier: &str, verify: bool| verify || identifier == "username";
    let all_proven = sign_up
        .identifiers
        .iter()
        .all(|identifier| proven(identifier, sign_up.verify))
        && secondary
            .clone()
            .all(|secondary| proven(&secondary.identifier, secondary.verify));
    if !all_proven {
        return Err(fault(
            "sign_in_experiences.passwordless_requires_verify",
            "E-mail addresses and phone numbers of a sign-up must be verified.",
        ));
    }
    let needed =
        seen.contains("email") && !facts.can_mail || seen.contains("phone") && !facts.can_text;
    if needed {
        return Err(connector_missing());
    }
    Ok(())
}

fn kinds(identifier: &str) -> &'static [&'static str] {
    match identifier {
        "emailOrPhone" => &["email", "phone"],
        "email" => &["email"],
        "phone" => &["phone"],
        _ => &["username"],
    }
}

fn connector_missing() -> Fault {
    fault(
        "sign_in_experiences.enabled_connector_not_found",
        "Codes by e-mail or SMS need a connector that sends them.",
    )
}

fn check_sign_in(parts: &Parts, facts: &Facts<'_>) -> Result<(), Fault> {
    for method in &parts.sign_in.methods {
        if !method.password && !method.verification_code {
            return Err(fault(
                "sign_in_experiences.at_least_one_authentication_factor",
                "Every sign-in method needs a password, a verification code, or both.",
            ));
        }
        let can_send = match method.identifier {
            IdentifierKind::Username => false,
            IdentifierKind::Email => facts.can_mail,
            IdentifierKind::Phone => facts.can_text,
        };
        if method.verification_code && !can_send {
            return Err(connector_missing());
        }
        let needs_code = parts.sign_up.verify && !parts.sign_up.password;
        let is_name = method.identifier == IdentifierKind::Username;
        if needs_code && !is_name && !method.verification_code {
            return Err(fault(
                "sign_in_experiences.code_sign_in_must_be_enabled",
                "People who sign up without a password must be able to sign in with a code.",
            ));
        }
    }
    Ok(())
}

/// A channel that is the first factor cannot be the second one as well.
fn check_channels(parts: &Parts, sign_in_changed: bool) -> Result<(), Fault> {
    let by_code = |kind| {
        let mut methods = parts.sign_in.methods.iter();
        methods.any(|method| method.identifier == kind && method.verification_code)
    };
    let is_factor = |factor: &str| parts.mfa.factors.iter().any(|named| named == factor);
    let message = "A channel cannot be used for sign-in and for multi-factor authentication.";
    if by_code(IdentifierKind::Email) && is_factor(BY_MAIL) {
        return Err(fault(
            if sign_in_changed {
                "sign_in_experiences.email_verification_code_cannot_be_used_for_sign_in"
            } else {
                "sign_in_experiences.email_verification_code_cannot_be_used_for_mfa"
            },
            message,
        ));
    }
    if by_code(IdentifierKind::Phone) && is_factor(BY_TEXT) {
        return Err(fault(
            if sign_in_changed {
                "sign_in_experiences.phone_verification_code_cannot_be_used_for_sign_in"
            } else {
                "sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa"
            },
            message,
        ));
    }
    Ok(())
}

fn check_mfa(parts: &Parts) -> Result<(), Fault> {
    let factors = &parts.mfa.factors;
    if BTreeSet::from_iter(factors).len() != factors.len() {
        return Err(fault(
            "sign_in_experiences.duplicated_mfa_factors",
            "A factor is named twice.",
        ));
    }
    if factors.len() == 1 && factors.iter().any(|factor| factor == "BackupCode") {
        return Err(fault(
            "sign_in_experiences.backup_code_cannot_be_enabled_alone",
            "Backup codes need another factor that they stand in for.",
        ));
    }
    let is_adaptive_only = matches!(
        parts.mfa.policy.as_str(),
        "PromptAtSignInAndSignUpMandatory" | "PromptOnlyAtSignInMandatory"
    );
    let is_mandatory = is_adaptive_only || parts.mfa.policy == "Mandatory";
    match parts.adaptive_mfa.enabled {
        true if factors.is_empty() => Err(unprocessable(
            "sign_in_experiences.adaptive_mfa_requires_mfa",
            "Adaptive multi-factor authentication needs a factor.",
        )),
        true if !is_mandatory => Err(unprocessable(
            "sign_in_experiences.adaptive_mfa_requires_non_skippable_policy",
            "Adaptive multi-factor authentication needs a policy that cannot be skipped.",
        )),
        false if is_adaptive_only => Err(unprocessable(
            "sign_in_experiences.non_adaptive_mfa_requires_skippable_policy",
            "This policy is for adaptive multi-factor authentication only.",
        )),
        _ => Ok(()),
    }
}

fn check_passwords(parts: &Parts, facts: &Facts<'_>) -> Result<(), Fault> {
    let methods = parts.forgot_password_methods.as_deref();
    for method in methods.unwrap_or_default() {
        let can_send = match method.as_str() {
            BY_MAIL => facts.can_mail,
            _ => facts.can_text,
        };
        if !can_send {
            return Err(fault(
                "sign_in_experiences.forgot_password_method_requires_connector",
                "Codes by e-mail or SMS need a connector that sends them.",
            ));
        }
    }
    if parts.password_expiration.enabled && parts.password_expiration.valid_period_days < 1 {
        return Err(unprocessable(
            "sign_in_experiences.password_expiration_invalid_period_days",
            "A password must be good for a day at least.",
        ));
    }
    recovers(parts, facts)
}

/// Checks that expired passwords can still be replaced, after a connector has gone (`contract/logto-api.md` §4.1).
///
/// # Errors
/// When passwords expire and no way to set a new one is left.
pub fn check_recovery(document: &Map<String, Value>, facts: &Facts<'_>) -> Result<(), Fault> {
    let parts = serde_json::from_value(Value::Object(document.clone())).unwrap_or_default();
    recovers(&parts, facts)
}

fn recovers(parts: &Parts, facts: &Facts<'_>) -> Result<(), Fault> {
    let can_send = |method: &String| match method.as_str() {
        BY_MAIL => facts.can_mail,
        _ => facts.can_text,
    };
    let can_recover = match &parts.forgot_password_methods {
        Some(methods) => methods.iter().any(can_send),
        None => facts.can_mail || facts.can_text,
    };
    if parts.password_expiration.enabled && !can_recover {
        return Err(unprocessable(
            "sign_in_experiences.password_expiration_requires_forgot_password",
            "Whoever's password has expired must be able to set a new one: enable a forgot-password method.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Facts, check};

    fn code(after: &Value, can_send: bool) -> Result<(), &'static str> {
        let languages = ["en".to_owned()];
        let facts = Facts {
            can_mail: can_send,
            can_text: can_send,
            languages: &languages,
        };
        let after = after.as_object().unwrap();
        let changed: Vec<&str> = after.keys().map(String::as_str).collect();
        check(after, &changed, &facts)
            .map_err(|fault| fault.code.strip_prefix("sign_in_experiences.").unwrap())
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let method = |identifier: &str, password: bool, code: bool| json!({ "identifier": identifier, "password": password, "verificationCode": code, "isPasswordPrimary": true });
        for (after, expected) in [
            (
                json!({ "languageInfo": { "autoDetect": true, "fallbackLanguage": "xx" } }),
                "unsupported_default_language",
            ),
            (
                json!({ "signUp": { "identifiers": [], "secondaryIdentifiers": [{ "identifier": "email", "verify": true }] } }),
                "missing_sign_up_identifiers",
            ),
            (
                json!({ "signUp": { "identifiers": ["email"], "verify": true, "secondaryIdentifiers": [{ "identifier": "emailOrPhone", "verify": true }] } }),
                "duplicated_sign_up_identifiers",
            ),
            (
                json!({ "signUp": { "identifiers": ["email"], "verify": false } }),
                "passwordless_requires_verify",
            ),
            (
                json!({ "signUp": { "identifiers": ["username"], "secondaryIdentifiers": [{ "identifier": "phone" }] } }),
                "passwordless_requires_verify",
            ),
            (
                json!({ "signIn": { "methods": [method("email", false, false)] } }),
                "at_least_one_authentication_factor",
            ),
            (
                json!({ "signUp": { "identifiers": ["email"], "verify": true }, "signIn": { "methods": [method("email", true, false)] } }),
                "code_sign_in_must_be_enabled",
            ),
            (
                json!({ "signIn": { "methods": [method("email", true, true)] }, "mfa": { "factors": ["EmailVerificationCode"], "policy": "NoPrompt" } }),
                "email_verification_code_cannot_be_used_for_sign_in",
            ),
            (
                json!({ "mfa": { "factors": ["Totp", "Totp"], "policy": "NoPrompt" } }),
                "duplicated_mfa_factors",
            ),
            (
                json!({ "mfa": { "factors": ["BackupCode"], "policy": "NoPrompt" } }),
                "backup_code_cannot_be_enabled_alone",
            ),
            (
                json!({ "adaptiveMfa": { "enabled": true } }),
                "adaptive_mfa_requires_mfa",
            ),
            (
                json!({ "adaptiveMfa": { "enabled": true }, "mfa": { "factors": ["Totp"], "policy": "UserControlled" } }),
                "adaptive_mfa_requires_non_skippable_policy",
            ),
            (
                json!({ "mfa": { "factors": ["Totp"], "policy": "PromptOnlyAtSignInMandatory" } }),
                "non_adaptive_mfa_requires_skippable_policy",
            ),
            (
                json!({ "passwordExpiration": { "enabled": true } }),
                "password_expiration_invalid_period_days",
            ),
            (
                json!({ "passwordExpiration": { "enabled": true, "validPeriodDays": 1 }, "forgotPasswordMethods": [] }),
                "password_expiration_requires_forgot_password",
            ),
        ] {
            assert_eq!(code(&after, true), Err(expected), "{after}");
        }
    }

    #[test]
    fn codes_need_a_connector_that_sends_them() {
        for (after, expected) in [
            (
                json!({ "signUp": { "identifiers": ["email"], "verify": true, "password": true } }),
                "enabled_connector_not_found",
            ),
            (
                json!({ "signIn": { "methods": [{ "identifier": "phone", "password": true, "verificationCode": true, "isPasswordPrimary": true }] } }),
                "enabled_connector_not_found",
            ),
            (
                json!({ "forgotPasswordMethods": ["EmailVerificationCode"] }),
                "forgot_password_method_requires_connector",
            ),
        ] {
            assert_eq!(code(&after, false), Err(expected), "{after}");
            assert_eq!(code(&after, true), Ok(()), "{after}");
        }
    }

    #[test]
    fn a_channel_of_the_sign_in_is_no_second_factor() {
        let after = json!({
            "signIn": { "methods": [{ "identifier": "phone", "password": true, "verificationCode": true, "isPasswordPrimary": true }] },
            "mfa": { "factors": ["PhoneVerificationCode"], "policy": "NoPrompt" },
        });
        let facts = Facts {
            can_mail: true,
            can_text: true,
            languages: &[],
        };
        let after = after.as_object().unwrap();
        let fault = check(after, &["mfa"], &facts).unwrap_err();
        assert_eq!(
            fault.code,
            "sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa"
        );
        assert_eq!(
            check(after, &["color"], &facts),
            Ok(()),
            "untouched, unasked"
        );
    }
}
