//! The parts of a sign-in experience, in the shapes that callers must keep to.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use crate::api::text::Text;

/// `#rgb` or `#rrggbb`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$")]
pub(super) struct HexColor(String);

impl<'de> Deserialize<'de> for HexColor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('#').unwrap_or_default();
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex && matches!(digits.len(), 3 | 6) {
            return Ok(Self(text));
        }
        Err(D::Error::custom("expected a colour such as #6139F6"))
    }
}

/// An http or https address of at most 2048 characters, or nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Text<0, 2048>)]
pub struct WebAddress(String);

impl<'de> Deserialize<'de> for WebAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::<0, 2048>::deserialize(deserializer)?.into_inner();
        let is_web = text.is_empty()
            || Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if is_web {
            return Ok(Self(text));
        }
        Err(D::Error::custom("expected an http or https address"))
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub(super) struct Within<const MIN: i64, const MAX: i64>(i64);

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Within<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        if (MIN..=MAX).contains(&number) {
            return Ok(Self(number));
        }
        Err(D::Error::custom(format!(
            "expected {MIN} to {MAX}, received {number}"
        )))
    }
}

/// Colours.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "Logto's API spells them so")]
pub(super) struct Color {
    primary_color: HexColor,
    is_dark_mode_enabled: bool,
    dark_primary_color: HexColor,
}

/// Some of the colours.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartialColor {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    primary_color: Option<HexColor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    is_dark_mode_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dark_primary_color: Option<HexColor>,
}

/// Addresses of pictures.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Branding {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    logo_url: Option<WebAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dark_logo_url: Option<WebAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    favicon: Option<WebAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dark_favicon: Option<WebAddress>,
}

/// The members that a part has.
pub fn members(part: &impl Serialize) -> Map<String, Value> {
    let part = serde_json::to_value(part).unwrap_or_default();
    part.as_object().cloned().unwrap_or_default()
}

/// Which language the pages speak.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LanguageInfo {
    auto_detect: bool,
    fallback_language: Text<1, 35>,
}

/// When people have to agree to the terms.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) enum AgreeToTermsPolicy {
    Automatic,
    ManualRegistrationOnly,
    Manual,
}

/// What a person types to say who they are.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Identifier {
    Username,
    Email,
    Phone,
}

/// The same, or either of the two addresses.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum AnyIdentifier {
    Username,
    Email,
    Phone,
    EmailOrPhone,
}

/// How people sign in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct SignIn {
    methods: Vec<SignInMethod>,
}

/// How one identifier signs in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignInMethod {
    identifier: Identifier,
    password: bool,
    verification_code: bool,
    is_password_primary: bool,
}

/// What a new account needs.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignUp {
    identifiers: Vec<Identifier>,
    password: bool,
    verify: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    secondary_identifiers: Option<Vec<SecondaryIdentifier>>,
}

/// What a new account needs besides.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct SecondaryIdentifier {
    identifier: AnyIdentifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    verify: Option<bool>,
}

/// What happens with new and similar social accounts.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SocialSignIn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    automatic_account_linking: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    skip_required_identifiers: Option<bool>,
}

/// Whether accounts may be made, used, or both.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) enum SignInMode {
    SignIn,
    Register,
    SignInAndRegister,
}

/// What passwords must be like.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordPolicy {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    length: Option<PasswordLength>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    character_types: Option<CharacterTypes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rejects: Option<PasswordRejects>,
}

/// In characters.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct PasswordLength {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    min: Option<Within<1, 256>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    max: Option<Within<1, 256>>,
}

/// How many of lower case, upper case, digits and symbols.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct CharacterTypes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    min: Option<Within<1, 4>>,
}

/// What passwords must not be.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordRejects {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pwned: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    repetition_and_sequence: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    user_info: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    words: Option<Vec<Text<1, 256>>>,
}

/// What user names must be like.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsernamePolicy {
    case_sensitive: bool,
    min_length: Within<1, 128>,
    max_length: Within<1, 128>,
    allowed_chars: AllowedChars,
}

/// Which characters a new user name may have.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Logto's API spells it with four switches"
)]
pub(super) struct AllowedChars {
    lowercase: bool,
    uppercase: bool,
    numbers: bool,
    underscore: bool,
}

/// A second factor.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) enum MfaFactor {
    Totp,
    WebAuthn,
    BackupCode,
    EmailVerificationCode,
    PhoneVerificationCode,
}

/// When people are asked for a second factor.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) enum MfaPolicy {
    UserControlled,
    Mandatory,
    PromptOnlyAtSignIn,
    PromptAtSignInAndSignUp,
    NoPrompt,
    PromptAtSignInAndSignUpMandatory,
    PromptOnlyAtSignInMandatory,
}

/// What people are asked who belong to an organization that requires a second factor.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) enum OrganizationRequiredMfaPolicy {
    NoPrompt,
    Mandatory,
}

/// Second factors.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mfa {
    factors: Vec<MfaFactor>,
    policy: MfaPolicy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    organization_required_mfa_policy: Option<OrganizationRequiredMfaPolicy>,
}

/// A switch.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct Switch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// When an account is locked.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentinelPolicy {
    /// Failures within an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    max_attempts: Option<Within<1, 1_000_000>>,
    /// Minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lockout_duration: Option<Within<1, 10_080>>,
}

/// Which e-mail addresses may not register.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailBlocklistPolicy {
    /// Needs a service that Hufu does not have; `true` is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    block_disposable_addresses: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    block_subaddressing: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    custom_allowlist: Option<Vec<Text<1, 256>>>,
    /// `user@domain` or `@domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    custom_blocklist: Option<Vec<Text<1, 256>>>,
}

/// How long a code is good.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerificationCodePolicy {
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expiration_duration: Option<Within<60, 3600>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    max_retry_attempts: Option<Within<1, 100>>,
}

/// How people who forgot their password prove who they are.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) enum ForgotPasswordMethod {
    EmailVerificationCode,
    PhoneVerificationCode,
}

/// Sign-in with a passkey alone.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasskeySignIn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    show_passkey_button: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allow_autofill: Option<bool>,
}

/// The name of a profile field.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct ProfileFieldName {
    name: Text<1, 128>,
}

/// When passwords have to be changed.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordExpiration {
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    valid_period_days: Option<i64>,
    /// Milliseconds; the server sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled_at: Option<i64>,
}

/// The operator's own pages.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomUiAssets {
    id: Text<1, 128>,
    /// Milliseconds.
    created_at: i64,
}

/// Texts or pieces of HTML by path.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = std::collections::HashMap<String, String>)]
pub(super) struct CustomContent(BTreeMap<String, Text<0, 65_536>>);
