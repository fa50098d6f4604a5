//! A sign-in experience as callers see it, and what they may change of it.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::part::{
    AgreeToTermsPolicy, Branding, Color, CustomContent, CustomUiAssets, EmailBlocklistPolicy,
    ForgotPasswordMethod, LanguageInfo, Mfa, PasskeySignIn, PasswordExpiration, PasswordPolicy,
    ProfileFieldName, SentinelPolicy, SignIn, SignInMode, SignUp, SocialSignIn, Switch,
    UsernamePolicy, VerificationCodePolicy, WebAddress,
};
use crate::{api::text::Text, error::ApiError, operation::Refused};

/// The fields: their names in JSON and in Rust, their types, and whether they may be `null`.
macro_rules! fields {
    (
        always { $($name:literal $field:ident: $type:ty,)+ }
        or_null { $($null_name:literal $null_field:ident: $null_type:ty,)+ }
    ) => {
        /// How a tenant's people sign in.
        #[derive(Debug, Deserialize, Serialize, ToSchema)]
        #[schema(as = SignInExperience)]
        pub struct SignInExperienceView {
            #[serde(rename = "tenantId")]
            tenant_id: String,
            /// Always `default`: a tenant has one.
            id: String,
            $(#[serde(rename = $name)] #[schema(rename = $name)] $field: $type,)+
            $(#[serde(rename = $null_name)] #[schema(rename = $null_name)] $null_field: Option<$null_type>,)+
        }

        /// What may change: each field is replaced as a whole, those that are left out stay.
        #[derive(Debug, ToSchema)]
        #[schema(as = SignInExperienceChange)]
        #[expect(dead_code, reason = "only the document reads it")]
        pub(super) struct ChangeDocument {
            $(#[schema(rename = $name, nullable = false)] $field: Option<$type>,)+
            $(#[schema(rename = $null_name)] $null_field: Option<$null_type>,)+
        }

        /// The value of a field in its shape; `None` when there is no such field.
        fn shaped(name: &str, value: &Value) -> Option<Result<Value, String>> {
            match name {
                $($name => Some(read::<$type>(value)),)+
                $($null_name => Some(read::<Option<$null_type>>(value)),)+
                _ => None,
            }
        }
    };
}

fields! {
    always {
        "color" color: Color,
        "branding" branding: Branding,
        "hideLogtoBranding" hide_logto_branding: bool,
        "languageInfo" language_info: LanguageInfo,
        "agreeToTermsPolicy" agree_to_terms_policy: AgreeToTermsPolicy,
        "signIn" sign_in: SignIn,
        "signUp" sign_up: SignUp,
        "socialSignIn" social_sign_in: SocialSignIn,
        "socialSignInConnectorTargets" social_sign_in_connector_targets: Vec<String>,
        "signInMode" sign_in_mode: SignInMode,
        "customContent" custom_content: CustomContent,
        "customUiCsp" custom_ui_csp: Map<String, Value>,
        "passwordPolicy" password_policy: PasswordPolicy,
        "usernamePolicy" username_policy: UsernamePolicy,
        "mfa" mfa: Mfa,
        "adaptiveMfa" adaptive_mfa: Switch,
        "singleSignOnEnabled" single_sign_on_enabled: bool,
        "captchaPolicy" captcha_policy: Switch,
        "sentinelPolicy" sentinel_policy: SentinelPolicy,
        "emailBlocklistPolicy" email_blocklist_policy: EmailBlocklistPolicy,
        "verificationCodePolicy" verification_code_policy: VerificationCodePolicy,
        "passkeySignIn" passkey_sign_in: PasskeySignIn,
        "passwordExpiration" password_expiration: PasswordExpiration,
    }
    or_null {
        "termsOfUseUrl" terms_of_use_url: WebAddress,
        "privacyPolicyUrl" privacy_policy_url: WebAddress,
        "customCss" custom_css: Text<0, 262_144>,
        "customUiAssets" custom_ui_assets: CustomUiAssets,
        "supportEmail" support_email: Text<0, 256>,
        "supportWebsiteUrl" support_website_url: WebAddress,
        "unknownSessionRedirectUrl" unknown_session_redirect_url: WebAddress,
        "forgotPasswordMethods" forgot_password_methods: Vec<ForgotPasswordMethod>,
        "signUpProfileFields" sign_up_profile_fields: Vec<ProfileFieldName>,
    }
}

fn read<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    serde_path_to_error::deserialize::<_, T>(value)
        .map(|part| json!(part))
        .map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

/// The known fields of a body, each in its shape.
///
/// # Errors
/// When a field has another shape.
pub(crate) fn checked(body: &Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let mut checked = Map::new();
    for (name, value) in body {
        match shaped(name, value) {
            None => {}
            Some(Ok(part)) => {
                checked.insert(name.clone(), part);
            }
            Some(Err(fault)) => {
                let (part, details) = ("body", format!("{name}.{fault}"));
                return Err(ApiError::Input { part, details });
            }
        }
    }
    needs_no_cloud(&checked)?;
    Ok(checked)
}

/// What only Logto's cloud can do is refused, as Logto does it elsewhere.
fn needs_no_cloud(change: &Map<String, Value>) -> Result<(), Refused> {
    let is_on = |value: Option<&Value>| value.is_some_and(|value| value == true);
    let disposable = change
        .get("emailBlocklistPolicy")
        .and_then(|policy| policy.get("blockDisposableAddresses"));
    if is_on(disposable) {
        return Err(Refused::new(
            "request.invalid_input",
            "blockDisposableAddresses needs a list of such addresses that Hufu does not have: name domains in customBlocklist.",
        ));
    }
    let lists = change
        .get("emailBlocklistPolicy")
        .map(|policy| ["customAllowlist", "customBlocklist"].map(|list| policy.get(list).cloned()));
    let entries = lists.into_iter().flatten().flatten();
    let mut entries = entries.flat_map(|list| list.as_array().cloned().unwrap_or_default());
    if entries.any(|entry| !entry.as_str().is_some_and(is_address_or_domain)) {
        return Err(Refused::new(
            "sign_in_experiences.invalid_custom_email_blocklist_format",
            "An entry of the list is neither an address such as ann@example.com nor a domain such as @example.com.",
        ));
    }
    Ok(())
}

fn is_address_or_domain(entry: &str) -> bool {
    entry.split_once('@').is_some_and(|(_, domain)| {
        domain.contains('.') && !domain.contains(['@', ' ']) && !domain.starts_with('.')
    })
}

/// The document with whose it is.
pub fn view(tenant_id: &str, document: Map<String, Value>) -> Value {
    let mut view = Map::new();
    view.insert("tenantId".to_owned(), tenant_id.into());
    view.insert("id".to_owned(), "default".into());
    for (name, value) in document {
        if shaped(&name, &value).is_some() {
            view.insert(name, value);
        }
    }
    Value::Object(view)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::checked;

    #[test]
    fn fields_keep_their_shape_and_unknown_ones_go() {
        let body = json!({
            "color": { "primaryColor": "#fff", "isDarkModeEnabled": false, "darkPrimaryColor": "#000000", "x": 1 },
            "customCss": null,
            "other": 1,
        });
        let checked = checked(body.as_object().unwrap()).unwrap();
        assert_eq!(
            json!(checked),
            json!({
                "color": { "primaryColor": "#fff", "isDarkModeEnabled": false, "darkPrimaryColor": "#000000" },
                "customCss": null,
            })
        );
    }

    #[test]
    fn other_shapes_are_refused() {
        for body in [
            json!({ "color": { "primaryColor": "red", "isDarkModeEnabled": false, "darkPrimaryColor": "#000" } }),
            json!({ "color": null }),
            json!({ "signInMode": "Closed" }),
            json!({ "termsOfUseUrl": "javascript:alert(1)" }),
            json!({ "sentinelPolicy": { "maxAttempts": 0 } }),
            json!({ "passwordPolicy": { "characterTypes": { "min": 5 } } }),
            json!({ "emailBlocklistPolicy": { "customBlocklist": ["example"] } }),
            json!({ "emailBlocklistPolicy": { "blockDisposableAddresses": true } }),
        ] {
            assert!(checked(body.as_object().unwrap()).is_err(), "{body}");
        }
    }
}
