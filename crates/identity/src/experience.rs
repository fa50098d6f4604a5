//! How a tenant's people sign in (`contract/logto-core.md` §7).

pub mod change;

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// The sign-in experience as Logto's API spells it. What this release does not know is kept as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInExperience {
    /// Colours.
    pub color: Color,
    /// Logos.
    pub branding: Branding,
    /// Hides "Powered by Hufu".
    pub hide_logto_branding: bool,
    /// Which language the pages speak.
    pub language_info: LanguageInfo,
    /// Address of the terms of use.
    pub terms_of_use_url: Option<String>,
    /// Address of the privacy policy.
    pub privacy_policy_url: Option<String>,
    /// How people sign in.
    pub sign_in: SignIn,
    /// What a new account needs.
    pub sign_up: SignUp,
    /// What happens with new and similar social accounts.
    pub social_sign_in: SocialSignIn,
    /// Targets of the connectors that are shown, in order.
    pub social_sign_in_connector_targets: Vec<String>,
    /// Whether accounts may be made, used, or both.
    pub sign_in_mode: SignInMode,
    /// The operator's own style sheet.
    pub custom_css: Option<String>,
    /// What passwords must be like.
    pub password_policy: PasswordPolicy,
    /// What user names must be like.
    pub username_policy: UsernamePolicy,
    /// Where people can ask for help.
    pub support_email: Option<String>,
    /// A page where people can ask for help.
    pub support_website_url: Option<String>,
    /// Where a browser goes that has no sign-in in progress.
    pub unknown_session_redirect_url: Option<String>,
    /// When an account is locked.
    pub sentinel_policy: SentinelPolicy,
    /// Fields of other releases.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Default for SignInExperience {
    /// What `db seed` gives the `default` tenant.
    fn default() -> Self {
        Self {
            color: Color::default(),
            branding: Branding::default(),
            hide_logto_branding: false,
            language_info: LanguageInfo::default(),
            terms_of_use_url: None,
            privacy_policy_url: None,
            sign_in: SignIn::default(),
            sign_up: SignUp::default(),
            social_sign_in: SocialSignIn::default(),
            social_sign_in_connector_targets: Vec::new(),
            sign_in_mode: SignInMode::default(),
            custom_css: None,
            password_policy: PasswordPolicy::default(),
            username_policy: UsernamePolicy::default(),
            support_email: None,
            support_website_url: None,
            unknown_session_redirect_url: None,
            sentinel_policy: SentinelPolicy::default(),
            other: Map::new(),
        }
    }
}

impl SignInExperience {
    /// What `db seed` gives the `admin` tenant: nobody may register there except the first administrator.
    pub fn admin() -> Self {
        let color = Color {
            is_dark_mode_enabled: true,
            ..Color::default()
        };
        Self {
            color,
            sign_in_mode: SignInMode::SignIn,
            ..Self::default()
        }
    }

    /// What is stored, over `self` for everything that the document does not say or says in a way that does not read.
    ///
    /// One strange value costs no more than that value: a tenant that was closed to new people stays closed.
    #[must_use]
    pub fn overlaid(self, document: &Map<String, Value>) -> Self {
        let Ok(Value::Object(mut known)) = serde_json::to_value(&self) else {
            return self;
        };
        let mut best = self;
        for (field, value) in document {
            let before = known.insert(field.clone(), value.clone());
            if let Ok(read) = serde_json::from_value(Value::Object(known.clone())) {
                best = read;
            } else {
                known.shift_remove(field);
                known.extend(before.map(|value| (field.clone(), value)));
            }
        }
        best
    }

    /// Whether new accounts may be made.
    pub fn may_register(&self) -> bool {
        self.sign_in_mode != SignInMode::SignIn
    }

    /// Whether existing accounts may be used.
    pub fn may_sign_in(&self) -> bool {
        self.sign_in_mode != SignInMode::Register
    }

    /// The identifiers that people may sign in with and a password.
    pub fn password_identifiers(&self) -> Vec<IdentifierKind> {
        let with_password = self.sign_in.methods.iter().filter(|method| method.password);
        with_password.map(|method| method.identifier).collect()
    }

    /// Whether people can make an account with a password on our own page.
    pub fn may_register_with_password(&self) -> bool {
        self.may_register() && self.sign_up.password && !self.sign_up.identifiers.is_empty()
    }
}

/// `color`. Pages are dark where the person's system is unless the tenant turns that off; Logto has it the other way round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Color {
    /// Of buttons and links: `#rrggbb`.
    pub primary_color: String,
    /// Whether pages are dark where the person's system is.
    pub is_dark_mode_enabled: bool,
    /// Of buttons and links on dark pages.
    pub dark_primary_color: String,
}

impl Default for Color {
    fn default() -> Self {
        Self {
            primary_color: "#6139F6".to_owned(),
            is_dark_mode_enabled: true,
            dark_primary_color: "#8768F8".to_owned(),
        }
    }
}

/// `branding`: addresses of pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Branding {
    /// The logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    /// The logo on dark pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark_logo_url: Option<String>,
    /// The small picture of the browser's tab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favicon: Option<String>,
    /// The same where the person's system is dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark_favicon: Option<String>,
}

/// `languageInfo`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LanguageInfo {
    /// Whether the browser's languages count.
    pub auto_detect: bool,
    /// The language when nothing else is known.
    pub fallback_language: String,
}

impl Default for LanguageInfo {
    fn default() -> Self {
        Self {
            auto_detect: true,
            fallback_language: "en".to_owned(),
        }
    }
}

/// What a person types to say who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentifierKind {
    /// A user name.
    Username,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// `signIn`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SignIn {
    /// One entry per identifier; those of other releases are passed over.
    #[serde(deserialize_with = "known")]
    pub methods: Vec<SignInMethod>,
}

impl Default for SignIn {
    fn default() -> Self {
        let method = |identifier| SignInMethod {
            identifier,
            password: true,
            verification_code: false,
            is_password_primary: true,
        };
        Self {
            methods: vec![
                method(IdentifierKind::Username),
                method(IdentifierKind::Email),
            ],
        }
    }
}

/// How one identifier signs in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInMethod {
    /// Which.
    pub identifier: IdentifierKind,
    /// With a password.
    #[serde(default)]
    pub password: bool,
    /// With a code that is sent.
    #[serde(default)]
    pub verification_code: bool,
    /// Which of the two is asked first.
    #[serde(default)]
    pub is_password_primary: bool,
}

/// `signUp`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SignUp {
    /// What a new account is known by.
    #[serde(deserialize_with = "known")]
    pub identifiers: Vec<IdentifierKind>,
    /// Whether it needs a password.
    pub password: bool,
    /// Whether e-mail or phone must be proven.
    pub verify: bool,
    /// Fields of other releases.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Default for SignUp {
    fn default() -> Self {
        Self {
            identifiers: vec![IdentifierKind::Username],
            password: true,
            verify: false,
            other: Map::new(),
        }
    }
}

/// The entries of a list that read.
fn known<'de, D: Deserializer<'de>, T: DeserializeOwned>(document: D) -> Result<Vec<T>, D::Error> {
    let entries = Vec::<Value>::deserialize(document)?;
    Ok(entries
        .into_iter()
        .filter_map(|entry| serde_json::from_value(entry).ok())
        .collect())
}

/// `socialSignIn`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SocialSignIn {
    /// Links to an account with the same proven e-mail address without asking.
    pub automatic_account_linking: bool,
    /// Does not ask for what `signUp` requires.
    pub skip_required_identifiers: bool,
}

/// `signInMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInMode {
    /// Existing accounts only.
    SignIn,
    /// New accounts only.
    Register,
    /// Both.
    #[default]
    SignInAndRegister,
}

/// `passwordPolicy`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordPolicy {
    /// How long.
    pub length: Length,
    /// How varied.
    pub character_types: CharacterTypes,
    /// What is refused.
    pub rejects: Rejects,
}

/// Bounds of a length in characters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Length {
    /// At least.
    pub min: usize,
    /// At most.
    pub max: usize,
}

impl Default for Length {
    fn default() -> Self {
        Self { min: 8, max: 256 }
    }
}

/// How many of lower case, upper case, digits and symbols a password needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CharacterTypes {
    /// At least: 1 to 4.
    pub min: usize,
}

impl Default for CharacterTypes {
    fn default() -> Self {
        Self { min: 1 }
    }
}

/// What passwords must not be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rejects {
    /// Known from a breach.
    pub pwned: bool,
    /// `aaa`, `123`, `qwerty`.
    pub repetition_and_sequence: bool,
    /// The person's own name or address.
    pub user_info: bool,
    /// Words of the operator.
    pub words: Vec<String>,
}

impl Default for Rejects {
    fn default() -> Self {
        Self {
            pwned: true,
            repetition_and_sequence: true,
            user_info: true,
            words: Vec::new(),
        }
    }
}

/// `usernamePolicy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UsernamePolicy {
    /// Whether `Ann` and `ann` are two people.
    pub case_sensitive: bool,
    /// In characters.
    pub min_length: usize,
    /// In characters.
    pub max_length: usize,
    /// Which characters a new one may have.
    pub allowed_chars: AllowedChars,
    /// Fields of other releases.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Default for UsernamePolicy {
    fn default() -> Self {
        Self {
            case_sensitive: true,
            min_length: 1,
            max_length: 128,
            allowed_chars: AllowedChars::default(),
            other: Map::new(),
        }
    }
}

/// `usernamePolicy.allowedChars`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Logto's API spells it with four switches"
)]
pub struct AllowedChars {
    /// `a` to `z`.
    pub lowercase: bool,
    /// `A` to `Z`.
    pub uppercase: bool,
    /// `0` to `9`.
    pub numbers: bool,
    /// `_`.
    pub underscore: bool,
}

impl Default for AllowedChars {
    fn default() -> Self {
        Self {
            lowercase: true,
            uppercase: true,
            numbers: true,
            underscore: true,
        }
    }
}

impl AllowedChars {
    /// Whether the policy lets this character be in a user name.
    pub const fn allow(self, c: char) -> bool {
        match c {
            'a'..='z' => self.lowercase,
            'A'..='Z' => self.uppercase,
            '0'..='9' => self.numbers,
            '_' => self.underscore,
            _ => false,
        }
    }
}

/// `sentinelPolicy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SentinelPolicy {
    /// Failures within an hour that lock an account.
    pub max_attempts: i64,
    /// For how many minutes.
    pub lockout_duration: i64,
}

impl Default for SentinelPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 100,
            lockout_duration: 60,
        }
    }
}

impl SentinelPolicy {
    /// How many failures are too many: never fewer than one.
    pub fn failures(&self) -> i64 {
        self.max_attempts.max(1)
    }

    /// How long a lock lasts, in seconds: a minute to a week.
    pub fn lock_seconds(&self) -> i64 {
        self.lockout_duration.clamp(1, 7 * 24 * 60) * 60
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{IdentifierKind, SentinelPolicy, SignInExperience, SignInMode};

    fn read(document: Value) -> SignInExperience {
        let document: Map<String, Value> = serde_json::from_value(document).unwrap();
        SignInExperience::default().overlaid(&document)
    }

    #[test]
    fn an_empty_document_is_the_default() {
        let read: SignInExperience = serde_json::from_value(json!({})).unwrap();
        assert_eq!(read, SignInExperience::default());
    }

    #[test]
    fn fields_of_another_release_survive_reading_and_writing() {
        let document = json!({ "signInMode": "SignIn", "passkeySignIn": { "enabled": true } });
        let read: SignInExperience = serde_json::from_value(document).unwrap();
        assert_eq!(read.sign_in_mode, SignInMode::SignIn);
        assert_eq!(
            serde_json::to_value(read).unwrap()["passkeySignIn"]["enabled"],
            true
        );
    }

    #[test]
    fn t54_the_administrators_tenant_accepts_sign_in_only() {
        assert!(!SignInExperience::admin().may_register());
        assert!(SignInExperience::admin().may_sign_in());
    }

    #[test]
    fn a_social_only_experience_offers_no_password() {
        let document = json!({ "signIn": { "methods": [] }, "signUp": { "identifiers": [], "password": false } });
        let read: SignInExperience = serde_json::from_value(document).unwrap();
        assert_eq!(read.password_identifiers(), Vec::<IdentifierKind>::new());
        assert!(!read.may_register_with_password());
    }

    #[test]
    fn one_strange_value_costs_no_more_than_that_value() {
        let read = read(json!({
            "color": null,
            "signInMode": "SignIn",
            "passwordPolicy": { "length": { "min": "eight" } },
            "termsOfUseUrl": "https://example.com/terms",
            "sentinelPolicy": [],
            "newThing": { "on": true },
        }));
        assert_eq!(read.sign_in_mode, SignInMode::SignIn);
        assert_eq!(
            read.terms_of_use_url.as_deref(),
            Some("https://example.com/terms")
        );
        assert_eq!(read.password_policy.length.min, 8);
        assert_eq!(read.color.primary_color, "#6139F6");
        assert_eq!(read.other["newThing"]["on"], true);
    }

    #[test]
    fn t54_a_document_that_does_not_read_does_not_open_the_administrators_tenant() {
        let document = json!({ "signInMode": "Whatever", "signIn": 5 });
        let read = SignInExperience::admin().overlaid(document.as_object().unwrap());
        assert_eq!(read, SignInExperience::admin());
    }

    #[test]
    fn methods_of_another_release_are_passed_over() {
        let read = read(json!({
            "signIn": { "methods": [
                { "identifier": "passkey", "password": true },
                { "identifier": "email", "password": true },
            ] },
            "signUp": { "identifiers": ["emailOrPhone", "email"] },
        }));
        assert_eq!(read.password_identifiers(), [IdentifierKind::Email]);
        assert_eq!(read.sign_up.identifiers, [IdentifierKind::Email]);
    }

    #[test]
    fn everything_survives_writing_and_reading() {
        for experience in [SignInExperience::default(), SignInExperience::admin()] {
            let written = serde_json::to_value(&experience).unwrap();
            assert_eq!(read(written), experience);
        }
    }

    #[test]
    fn t49_no_lock_is_endless_and_none_is_none() {
        let policy = |max_attempts, lockout_duration| SentinelPolicy {
            max_attempts,
            lockout_duration,
        };
        assert_eq!(SentinelPolicy::default().failures(), 100);
        assert_eq!(SentinelPolicy::default().lock_seconds(), 3600);
        assert_eq!(policy(0, i64::MAX).failures(), 1);
        assert_eq!(policy(0, i64::MAX).lock_seconds(), 604_800);
        assert_eq!(policy(-5, -5).lock_seconds(), 60);
    }

    proptest! {
        #[test]
        fn no_document_keeps_the_pages_from_loading(field in "(signIn|signUp|color|signInMode|branding|x)", text in ".{0,30}", number in any::<i64>()) {
            for value in [json!(text), json!(number), json!([text]), json!({ "methods": text }), json!(null)] {
                read(json!({ field.as_str(): value }));
            }
        }
    }
}
