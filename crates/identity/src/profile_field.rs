//! Fields that an operator adds to people's profiles: what a definition must be (`contract/logto-api.md` §4.4).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldType {
    /// A line of text.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    Checkbox,
    /// One of several values.
    Select,
    /// An address of the web.
    Url,
    /// A text of a certain form.
    Regex,
    /// A postal address, in parts.
    Address,
    /// A name, in parts.
    Fullname,
}

impl FieldType {
    /// As the API and the database have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Number => "Number",
            Self::Date => "Date",
            Self::Checkbox => "Checkbox",
            Self::Select => "Select",
            Self::Url => "Url",
            Self::Regex => "Regex",
            Self::Address => "Address",
            Self::Fullname => "Fullname",
        }
    }

    /// The type with this name.
    pub fn parse(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// Whether it has parts.
    pub const fn is_composite(self) -> bool {
        matches!(self, Self::Address | Self::Fullname)
    }

    /// The parts that it may have.
    const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Address => &[
                "formatted",
                "streetAddress",
                "locality",
                "region",
                "postalCode",
                "country",
            ],
            Self::Fullname => &["givenName", "middleName", "familyName"],
            _ => &[],
        }
    }
}

/// What a field of any type may be set to; which members count follows from the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// What stands in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// The fewest characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_value: Option<serde_json::Number>,
    /// The largest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_value: Option<serde_json::Number>,
    /// How a day is written, or the regular expression (ECMA-262) of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// How a day is written when `format` is `custom`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_format: Option<String>,
    /// Whether the box is ticked at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Ticked>,
    /// The values to choose from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
    /// The parts of a name or of an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
}

/// `true` or `false`, as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ticked {
    /// The box is ticked.
    True,
    /// It is not.
    False,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is stored.
    pub value: String,
}

/// A part of a name or of an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Whether it is asked for.
    pub enabled: bool,
    /// Which part.
    pub name: String,
    /// What it holds; no part has parts.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it may not be left empty.
    pub required: bool,
    /// Its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Config>,
}

/// How complete a definition must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// A field that an operator has just begun to describe.
    Draft,
    /// A field that people will fill in.
    Complete,
}

/// Why a definition is refused: a code as Logto's API has it, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Such as `custom_profile_fields.invalid_options`.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

/// The most entries of a list of choices.
const MOST_CHOICES: usize = 500;
/// The longest regular expression.
const LONGEST_PATTERN: usize = 2048;

/// Refuses names under which something else is kept already.
pub fn check_name(name: &str) -> Result<(), Fault> {
    const IDENTIFIERS: [&str; 5] = ["username", "primaryEmail", "primaryPhone", "email", "phone"];
    /// What the console of Logto keeps in the custom data of administrators.
    const CUSTOM_DATA: [&str; 4] = [
        "onboarding",
        "guideRequests",
        "adminConsolePreferences",
        "defaultTenantId",
    ];
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(fault(
            "custom_profile_fields.invalid_name",
            "The name of a profile field has letters and digits of ASCII only.",
        ));
    }
    let code = if name == "preferredUsername" {
        "custom_profile_fields.name_conflict_built_in_prop"
    } else if CUSTOM_DATA.contains(&name) {
        "custom_profile_fields.name_conflict_custom_data"
    } else if IDENTIFIERS.contains(&name) {
        "custom_profile_fields.name_conflict_sign_in_identifier"
    } else {
        return Ok(());
    };
    Err(fault(
        code,
        format!("{name} is kept for something else: choose another name."),
    ))
}

/// The settings of a field of this type, without members that mean nothing for it.
pub fn check(
    kind: FieldType,
    required: bool,
    config: Option<Config>,
    strictness: Strictness,
) -> Result<Map<String, Value>, Fault> {
    let config = settings(kind, required, config, strictness)?;
    match serde_json::to_value(config) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(invalid("config cannot be written as JSON")),
    }
}

fn settings(
    kind: FieldType,
    required: bool,
    config: Option<Config>,
    strictness: Strictness,
) -> Result<Config, Fault> {
    let is_given = config.is_some();
    let config = config.unwrap_or_default();
    let placeholder = config.placeholder.clone();
    let kept = match kind {
        FieldType::Text => text(&config)?,
        FieldType::Number => number(config)?,
        FieldType::Date if is_given && config.format.is_none() => {
            return Err(invalid("config.format is missing"));
        }
        FieldType::Date => Config {
            format: config.format,
            custom_format: config.custom_format,
            ..Config::default()
        },
        FieldType::Checkbox => return checkbox(&config, required, is_given, strictness),
        FieldType::Select => select(config, strictness)?,
        FieldType::Url => Config::default(),
        FieldType::Regex => regex(config, strictness)?,
        FieldType::Address | FieldType::Fullname => {
            return composite(kind, config, strictness);
        }
    };
    Ok(Config {
        placeholder,
        ..kept
    })
}

fn text(config: &Config) -> Result<Config, Fault> {
    if let (Some(least), Some(most)) = (config.min_length, config.max_length)
        && least > most
    {
        return Err(min_max());
    }
    Ok(Config {
        min_length: config.min_length,
        max_length: config.max_length,
        ..Config::default()
    })
}

fn number(config: Config) -> Result<Config, Fault> {
    let value =
        |number: &Option<serde_json::Number>| number.as_ref().and_then(serde_json::Number::as_f64);
    if let (Some(least), Some(most)) = (value(&config.min_value), value(&config.max_value))
        && least > most
    {
        return Err(min_max());
    }
    Ok(Config {
        min_value: config.min_value,
        max_value: config.max_value,
        ..Config::default()
    })
}

fn checkbox(
    config: &Config,
    required: bool,
    is_given: bool,
    strictness: Strictness,
) -> Result<Config, Fault> {
    if required {
        return Err(invalid("a box cannot be required: required must be false"));
    }
    match config.default_value {
        None if strictness == Strictness::Complete => Err(fault(
            "custom_profile_fields.invalid_default_value",
            "A box needs a default value, true or false.",
        )),
        None if is_given => Err(invalid("config.defaultValue is missing")),
        default_value => Ok(Config {
            default_value,
            ..Config::default()
        }),
    }
}

fn select(config: Config, strictness: Strictness) -> Result<Config, Fault> {
    let options = config
        .options
        .ok_or_else(|| invalid("config.options is missing"))?;
    if options.len() > MOST_CHOICES || (options.is_empty() && strictness == Strictness::Complete) {
        return Err(fault(
            "custom_profile_fields.invalid_options",
            format!("A field to choose from needs 1 to {MOST_CHOICES} options."),
        ));
    }
    Ok(Config {
        options: Some(options),
        ..Config::default()
    })
}

fn regex(config: Config, strictness: Strictness) -> Result<Config, Fault> {
    let format = config
        .format
        .ok_or_else(|| invalid("config.format is missing"))?;
    let is_usable = format.len() <= LONGEST_PATTERN
        && (strictness == Strictness::Draft || regress::Regex::new(&format).is_ok());
    if !is_usable {
        return Err(fault(
            "custom_profile_fields.invalid_regex_format",
            "The format is no regular expression.",
        ));
    }
    Ok(Config {
        format: Some(format),
        ..Config::default()
    })
}

fn composite(kind: FieldType, config: Config, strictness: Strictness) -> Result<Config, Fault> {
    let code = match kind {
        FieldType::Address => "custom_profile_fields.invalid_address_components",
        _ => "custom_profile_fields.invalid_fullname_components",
    };
    let known = kind.parts();
    let parts = config
        .parts
        .ok_or_else(|| invalid("config.parts is missing"))?;
    if parts.is_empty() || parts.len() > known.len() {
        let message = format!("It needs 1 to {} parts.", known.len());
        return Err(fault(code, message));
    }
    if parts.iter().any(|part| part.kind.is_composite()) {
        return Err(fault(
            "custom_profile_fields.invalid_sub_component_type",
            "A part cannot have parts itself.",
        ));
    }
    let parts: Result<Vec<Part>, Fault> = parts
        .into_iter()
        .map(|part| checked(part, known, strictness))
        .collect();
    Ok(Config {
        parts: Some(parts?),
        ..Config::default()
    })
}

fn checked(part: Part, known: &[&str], strictness: Strictness) -> Result<Part, Fault> {
    if !known.contains(&part.name.as_str()) {
        let message = format!("config.parts has no part {:?}", part.name);
        return Err(invalid(message));
    }
    let config = match (part.config, strictness) {
        (None, Strictness::Draft) => None,
        (config, _) => Some(settings(part.kind, part.required, config, strictness)?),
    };
    Ok(Part { config, ..part })
}

fn min_max() -> Fault {
    fault(
        "custom_profile_fields.invalid_min_max_input",
        "The smallest is larger than the largest.",
    )
}

fn invalid(message: impl Into<String>) -> Fault {
    fault("guard.invalid_input", message)
}

fn fault(code: &'static str, message: impl Into<String>) -> Fault {
    Fault {
        code,
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Config, FieldType, Strictness, check, check_name};

    fn read(kind: &str, config: &Value, strictness: Strictness) -> Result<Value, &'static str> {
        let config: Option<Config> = serde_json::from_value(config.clone()).unwrap();
        check(FieldType::parse(kind).unwrap(), false, config, strictness)
            .map(Value::Object)
            .map_err(|fault| {
                fault
                    .code
                    .strip_prefix("custom_profile_fields.")
                    .unwrap_or(fault.code)
            })
    }

    #[test]
    fn names_are_letters_and_digits_that_mean_nothing_else() {
        for name in ["nickname", "a1", "address", "Username"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for (name, code) in [
            ("", "invalid_name"),
            ("shoe size", "invalid_name"),
            ("größe", "invalid_name"),
            ("a_b", "invalid_name"),
            ("preferredUsername", "name_conflict_built_in_prop"),
            ("onboarding", "name_conflict_custom_data"),
            ("username", "name_conflict_sign_in_identifier"),
            ("phone", "name_conflict_sign_in_identifier"),
        ] {
            let fault = check_name(name).unwrap_err();
            assert!(fault.code.ends_with(code), "{name}: {}", fault.code);
        }
    }

    #[test]
    fn a_type_keeps_its_own_settings_only() {
        let all = json!({ "placeholder": "p", "minLength": 1, "maxLength": 2, "minValue": -1.5, "maxValue": 3,
            "format": "^a$", "customFormat": "c", "defaultValue": "true", "options": [{ "value": "v" }] });
        for (kind, kept) in [
            (
                "Text",
                json!({ "placeholder": "p", "minLength": 1, "maxLength": 2 }),
            ),
            (
                "Number",
                json!({ "placeholder": "p", "minValue": -1.5, "maxValue": 3 }),
            ),
            (
                "Date",
                json!({ "placeholder": "p", "format": "^a$", "customFormat": "c" }),
            ),
            ("Checkbox", json!({ "defaultValue": "true" })),
            (
                "Select",
                json!({ "placeholder": "p", "options": [{ "value": "v" }] }),
            ),
            ("Url", json!({ "placeholder": "p" })),
            ("Regex", json!({ "placeholder": "p", "format": "^a$" })),
        ] {
            assert_eq!(read(kind, &all, Strictness::Complete), Ok(kept), "{kind}");
        }
    }

    #[test]
    fn a_draft_may_be_incomplete_and_a_complete_field_may_not() {
        for (kind, config, draft, complete) in [
            ("Checkbox", json!(null), None, "invalid_default_value"),
            ("Select", json!({ "options": [] }), None, "invalid_options"),
            (
                "Regex",
                json!({ "format": "(" }),
                None,
                "invalid_regex_format",
            ),
            (
                "Select",
                json!(null),
                Some("guard.invalid_input"),
                "guard.invalid_input",
            ),
            (
                "Regex",
                json!({}),
                Some("guard.invalid_input"),
                "guard.invalid_input",
            ),
            (
                "Date",
                json!({}),
                Some("guard.invalid_input"),
                "guard.invalid_input",
            ),
            (
                "Text",
                json!({ "minLength": 3, "maxLength": 2 }),
                Some("invalid_min_max_input"),
                "invalid_min_max_input",
            ),
            (
                "Number",
                json!({ "minValue": 0.2, "maxValue": 0.1 }),
                Some("invalid_min_max_input"),
                "invalid_min_max_input",
            ),
            (
                "Address",
                json!({ "parts": [] }),
                Some("invalid_address_components"),
                "invalid_address_components",
            ),
            (
                "Fullname",
                json!({ "parts": [] }),
                Some("invalid_fullname_components"),
                "invalid_fullname_components",
            ),
        ] {
            let read = |strictness| read(kind, &config, strictness).err();
            assert_eq!(read(Strictness::Draft), draft, "{kind} {config}");
            assert_eq!(
                read(Strictness::Complete),
                Some(complete),
                "{kind} {config}"
            );
        }
    }

    #[test]
    fn parts_are_those_of_the_type_and_have_none_themselves() {
        let part = |name: &str, kind: &str, config: Value| {
            json!({ "parts": [{ "enabled": true, "name": name,
            "type": kind, "required": false, "config": config }] })
        };
        let good = part(
            "country",
            "Select",
            json!({ "options": [{ "value": "DE" }], "minLength": 1 }),
        );
        let kept = read("Address", &good, Strictness::Complete).unwrap();
        assert_eq!(
            kept["parts"][0]["config"],
            json!({ "options": [{ "value": "DE" }] })
        );
        for (kind, config, code) in [
            ("Fullname", good, "guard.invalid_input"),
            (
                "Address",
                part("country", "Address", json!(null)),
                "invalid_sub_component_type",
            ),
            (
                "Fullname",
                part("givenName", "Fullname", json!(null)),
                "invalid_sub_component_type",
            ),
            (
                "Address",
                part("country", "Select", json!({ "options": [] })),
                "invalid_options",
            ),
        ] {
            assert_eq!(
                read(kind, &config, Strictness::Complete),
                Err(code),
                "{config}"
            );
        }
    }

    #[test]
    fn a_pattern_is_one_of_browsers() {
        for (pattern, is_one) in [(r"(?<=a)b(?!c)\d", true), ("[", false), ("a{2,1}", false)] {
            let config = json!({ "format": pattern });
            assert_eq!(
                read("Regex", &config, Strictness::Complete).is_ok(),
                is_one,
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_box_is_never_required() {
        let refused = check(FieldType::Checkbox, true, None, Strictness::Draft);
        assert_eq!(refused.unwrap_err().code, "guard.invalid_input");
    }
}
