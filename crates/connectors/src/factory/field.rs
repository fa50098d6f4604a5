//! One member of a connector's configuration: how it is asked for and how it is checked.

use serde_json::{Value, json};
use url::Url;

/// A member of a configuration.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of the catalogue: each says something of its own"
)]
pub struct Field {
    /// Its name in the configuration.
    pub key: &'static str,
    /// What a form calls it.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether a configuration needs it.
    pub required: bool,
    /// Whether it is a secret.
    pub is_secret: bool,
    /// Whether it is an object without secrets.
    pub is_plain: bool,
    /// Whether secrets are sent where it says.
    pub is_destination: bool,
    /// What is assumed, or shown as an example.
    pub sample: &'static str,
}

/// What a member holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// A text of several lines.
    Lines,
    /// The address of a web page.
    Address,
    /// A number, or digits.
    Number,
    /// Yes or no.
    Switch,
    /// An object.
    Object,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Any of these.
    Choices(&'static [&'static str]),
    /// Messages by `usageType`, each with these texts.
    Templates(&'static [&'static str]),
    /// Messages by `usageType` as members of an object.
    Deliveries,
}

/// The messages that a configuration with templates must include (`contract/logto-core.md` §8.8).
const REQUIRED_TEMPLATES: [&str; 4] = ["SignIn", "Register", "ForgotPassword", "Generic"];

const fn field(key: &'static str, label: &'static str, kind: Kind) -> Field {
    Field {
        key,
        label,
        kind,
        required: true,
        is_secret: false,
        is_plain: false,
        is_destination: matches!(kind, Kind::Address),
        sample: "",
    }
}

pub(super) const fn text(key: &'static str, label: &'static str) -> Field {
    field(key, label, Kind::Text)
}

pub(super) const fn lines(key: &'static str, label: &'static str) -> Field {
    field(key, label, Kind::Lines)
}

pub(super) const fn address(key: &'static str, label: &'static str) -> Field {
    field(key, label, Kind::Address).like("https://example.com")
}

pub(super) const fn number(key: &'static str, label: &'static str) -> Field {
    field(key, label, Kind::Number)
}

pub(super) const fn switch(key: &'static str, label: &'static str) -> Field {
    field(key, label, Kind::Switch).optional()
}

pub(super) const fn object(key: &'static str, label: &'static str) -> Field {
    field(key, label, Kind::Object)
}

pub(super) const fn choice(
    key: &'static str,
    label: &'static str,
    of: &'static [&'static str],
) -> Field {
    field(key, label, Kind::Choice(of))
}

pub(super) const fn choices(
    key: &'static str,
    label: &'static str,
    of: &'static [&'static str],
) -> Field {
    field(key, label, Kind::Choices(of)).optional()
}

pub(super) const fn templates(members: &'static [&'static str]) -> Field {
    field("templates", "Templates", Kind::Templates(members))
}

pub(super) const fn deliveries() -> Field {
    field("deliveries", "Messages by type", Kind::Deliveries)
}

impl Field {
    pub(super) const fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }

    pub(super) const fn secret(self) -> Self {
        Self {
            is_secret: true,
            ..self
        }
    }

    pub(super) const fn plain(self) -> Self {
        Self {
            is_plain: true,
            ..self
        }
    }

    pub(super) const fn destination(self) -> Self {
        Self {
            is_destination: true,
            ..self
        }
    }

    pub(super) const fn like(self, sample: &'static str) -> Self {
        Self { sample, ..self }
    }

    /// Whether secrets may stand in it: everything in an object that operators write freely may be one.
    pub(super) const fn may_hold_secrets(&self) -> bool {
        self.is_secret || (matches!(self.kind, Kind::Object) && !self.is_plain)
    }

    /// Says what is wrong with a value.
    pub(super) fn check(&self, value: Option<&Value>) -> Result<(), String> {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return if self.required {
                Err("is required".to_owned())
            } else {
                Ok(())
            };
        };
        let fits = match self.kind {
            Kind::Text | Kind::Lines => value
                .as_str()
                .is_some_and(|text| !self.required || !text.is_empty()),
            Kind::Address => value.as_str().is_some_and(is_address),
            Kind::Number => {
                value.is_u64()
                    || value
                        .as_str()
                        .is_some_and(|text| text.parse::<u32>().is_ok())
            }
            Kind::Switch => value.is_boolean(),
            Kind::Object => value.is_object(),
            Kind::Choice(of) => value.as_str().is_some_and(|text| of.contains(&text)),
            Kind::Choices(of) => is_list_of(value, of),
            Kind::Templates(members) => return check_templates(value, members),
            Kind::Deliveries => return check_deliveries(value),
        };
        if fits {
            return Ok(());
        }
        Err(match self.kind {
            Kind::Text | Kind::Lines => "must be a text".to_owned(),
            Kind::Address => "must be an http or https address".to_owned(),
            Kind::Number => "must be a number".to_owned(),
            Kind::Switch => "must be true or false".to_owned(),
            Kind::Object => "must be an object".to_owned(),
            Kind::Choice(of) => format!("must be one of {}", of.join(", ")),
            _ => format!("must be a list of {}", self.options().join(", ")),
        })
    }

    const fn options(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Choice(of) | Kind::Choices(of) => of,
            _ => &[],
        }
    }

    /// The field as the console draws it.
    pub(super) fn form_item(&self) -> Value {
        let kind = match self.kind {
            Kind::Text | Kind::Address => "Text",
            Kind::Lines => "MultilineText",
            Kind::Number => "Number",
            Kind::Switch => "Switch",
            Kind::Choice(_) => "Select",
            Kind::Choices(_) => "MultiSelect",
            Kind::Object | Kind::Templates(_) | Kind::Deliveries => "Json",
        };
        let mut item = json!({ "key": self.key, "type": kind, "label": self.label, "required": self.required });
        let Some(members) = item.as_object_mut() else {
            return item;
        };
        if self.is_secret {
            members.insert("isConfidential".to_owned(), true.into());
        }
        match self.kind {
            Kind::Text | Kind::Address | Kind::Lines | Kind::Number => {
                members.insert("placeholder".to_owned(), self.sample.into());
            }
            _ => {
                members.insert("defaultValue".to_owned(), self.sample());
            }
        }
        if !self.options().is_empty() {
            let items = self.options().iter();
            let items = items.map(|value| json!({ "value": value, "title": value }));
            members.insert("selectItems".to_owned(), items.collect());
        }
        item
    }

    /// A value that is accepted.
    pub(super) fn sample(&self) -> Value {
        match self.kind {
            Kind::Text | Kind::Lines if self.sample.is_empty() && self.required => {
                format!("<{}>", self.label.to_lowercase()).into()
            }
            Kind::Text | Kind::Lines | Kind::Address => self.sample.into(),
            Kind::Number => self.sample.parse::<u32>().unwrap_or(0).into(),
            Kind::Switch => (self.sample == "true").into(),
            Kind::Object => serde_json::from_str(self.sample).unwrap_or_else(|_| json!({})),
            Kind::Choice(of) => of.first().copied().unwrap_or_default().into(),
            Kind::Choices(of) => json!(of.get(..1).unwrap_or_default()),
            Kind::Templates(members) => sample_templates(members),
            Kind::Deliveries => {
                let html = "<p>Your code is {{code}}. It is good for 10 minutes.</p>";
                REQUIRED_TEMPLATES
                    .iter()
                    .map(|usage| {
                        (
                            (*usage).to_owned(),
                            json!({ "subject": "Your code", "html": html }),
                        )
                    })
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }
        }
    }
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_list_of(value: &Value, of: &[&str]) -> bool {
    value.as_array().is_some_and(|list| {
        list.iter()
            .all(|entry| entry.as_str().is_some_and(|text| of.contains(&text)))
    })
}

fn check_templates(value: &Value, members: &[&str]) -> Result<(), String> {
    let list = value.as_array().ok_or("must be a list")?;
    for (place, template) in list.iter().enumerate() {
        for member in members.iter().chain([&"usageType"]) {
            if !template[*member].is_string() {
                return Err(format!("[{place}].{member} must be a text"));
            }
        }
    }
    let has = |usage: &&str| list.iter().any(|template| template["usageType"] == **usage);
    missing(REQUIRED_TEMPLATES.iter().find(|usage| !has(usage)))
}

fn check_deliveries(value: &Value) -> Result<(), String> {
    let members = value.as_object().ok_or("must be an object")?;
    for (usage, delivery) in members {
        if !delivery.is_object() {
            return Err(format!("{usage} must be an object"));
        }
    }
    let has = |usage: &&str| members.contains_key(*usage);
    missing(REQUIRED_TEMPLATES.iter().find(|usage| !has(usage)))
}

fn missing(usage: Option<&&str>) -> Result<(), String> {
    usage.map_or(Ok(()), |usage| Err(format!("{usage} is missing")))
}

fn sample_templates(members: &[&str]) -> Value {
    let value = |member: &str| match member {
        "subject" => "Your code",
        "contentType" | "type" => "text/plain",
        "content" => "Your code is {{code}}. It is good for 10 minutes.",
        _ => "<template>",
    };
    let template = |usage: &&str| {
        let members = members
            .iter()
            .map(|member| ((*member).to_owned(), Value::from(value(member))));
        let usage = ("usageType".to_owned(), Value::from(*usage));
        Value::Object(members.chain([usage]).collect())
    };
    REQUIRED_TEMPLATES.iter().map(template).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{address, choice, choices, number, object, switch, text};

    #[test]
    fn a_value_of_another_kind_is_refused() {
        let field = |field: super::Field, good: Value, bad: Value| {
            assert_eq!(field.check(Some(&good)), Ok(()), "{good}");
            assert!(field.check(Some(&bad)).is_err(), "{bad}");
        };
        field(text("a", "A"), json!("x"), json!(1));
        field(text("a", "A"), json!("x"), json!(""));
        field(address("a", "A"), json!("http://x"), json!("ftp://x"));
        field(number("a", "A"), json!(587), json!(-1));
        field(number("a", "A"), json!("587"), json!("many"));
        field(switch("a", "A"), json!(true), json!("true"));
        field(object("a", "A"), json!({}), json!([]));
        field(choice("a", "A", &["x", "y"]), json!("y"), json!("z"));
        field(choices("a", "A", &["x", "y"]), json!(["y"]), json!(["z"]));
    }

    #[test]
    fn null_counts_as_left_out() {
        assert!(text("a", "A").check(Some(&Value::Null)).is_err());
        assert!(text("a", "A").optional().check(Some(&Value::Null)).is_ok());
    }
}
