//! Messages to people: their occasions, their templates, and how a template is filled (`contract/logto-core.md` §8.8, §10.3).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The occasion of a message; each has templates of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TemplateType {
    /// A code to sign in with.
    SignIn,
    /// A code to register with.
    Register,
    /// A code to set a new password with.
    ForgotPassword,
    /// Somebody is asked to join an organization.
    OrganizationInvitation,
    /// Any other code, and what takes the place of a template that is missing.
    Generic,
    /// A code that proves who changes an account.
    UserPermissionValidation,
    /// A code for a new address or number.
    BindNewIdentifier,
    /// A code as a second factor.
    MfaVerification,
    /// A code to set the second factor up.
    BindMfa,
}

impl TemplateType {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::SignIn,
        Self::Register,
        Self::ForgotPassword,
        Self::OrganizationInvitation,
        Self::Generic,
        Self::UserPermissionValidation,
        Self::BindNewIdentifier,
        Self::MfaVerification,
        Self::BindMfa,
    ];

    /// Its name in Logto's API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "SignIn",
            Self::Register => "Register",
            Self::ForgotPassword => "ForgotPassword",
            Self::OrganizationInvitation => "OrganizationInvitation",
            Self::Generic => "Generic",
            Self::UserPermissionValidation => "UserPermissionValidation",
            Self::BindNewIdentifier => "BindNewIdentifier",
            Self::MfaVerification => "MfaVerification",
            Self::BindMfa => "BindMfa",
        }
    }

    /// The occasion with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// What a message says. Texts may hold `{{ placeholders }}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The subject of an e-mail.
    pub subject: String,
    /// The text.
    pub content: String,
    /// Whether the text is HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<ContentType>,
    /// Where answers go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Whom the message is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_from: Option<String>,
}

/// `contentType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContentType {
    /// HTML.
    #[serde(rename = "text/html")]
    Html,
    /// As it is written.
    #[serde(rename = "text/plain")]
    Plain,
}

impl Template {
    /// Whether the text is HTML, which it is unless the template says otherwise.
    pub fn is_html(&self) -> bool {
        self.content_type != Some(ContentType::Plain)
    }

    /// The message for these values. In HTML they cannot become markup, in headers they cannot begin a line.
    #[must_use]
    pub fn fill(&self, values: &Map<String, Value>) -> Self {
        let header = |text: &String| fill(text, values, one_line);
        let content = if self.is_html() {
            escaped
        } else {
            str::to_owned
        };
        Self {
            subject: header(&self.subject),
            content: fill(&self.content, values, content),
            content_type: self.content_type,
            reply_to: self.reply_to.as_ref().map(header),
            send_from: self.send_from.as_ref().map(header),
        }
    }
}

/// A text for these values, each of which goes through `safe` first.
///
/// `{{ a.b }}` stands for the member `b` of the value `a`. Where there is no value `a` it stays as it is, where `a` has no
/// member `b` it is empty.
pub fn fill(text: &str, values: &Map<String, Value>, safe: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let found =
            placeholder(after).and_then(|(path, after)| Some((value(path.trim(), values)?, after)));
        if let Some((value, after)) = found {
            filled.push_str(&safe(&value));
            rest = after;
        } else {
            filled.push_str("{{");
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// What stands before the next `}}` and what comes after it; a placeholder has 200 bytes at most.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let mut pairs = text.bytes().take(200).zip(text.bytes().skip(1));
    let end = pairs.position(|pair| pair == (b'}', b'}'))?;
    Some((text.get(..end)?, text.get(end + 2..)?))
}

/// `None` when the path is none, or its first name is unknown.
fn value(path: &str, values: &Map<String, Value>) -> Option<String> {
    let is_path = path
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.'));
    let mut names = path.split('.');
    let root = values.get(names.next().filter(|_| is_path)?)?;
    let leaf = names.try_fold(root, |value, name| value.get(name));
    Some(match leaf {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    })
}

/// A text that means itself in HTML, within tags and within quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A text without control characters: in a header it cannot begin another.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{ContentType, Template, TemplateType, escaped, fill};

    fn values() -> Map<String, Value> {
        let values = json!({
            "code": "123456",
            "user": { "name": "Ann <b>", "profile": { "locale": "de" }, "age": 7 },
            "link": "https://a.test/?b=1&c=2",
            "none": null,
        });
        values.as_object().unwrap().clone()
    }

    #[test]
    fn placeholders_are_filled_as_the_contract_says() {
        for (text, expected) in [
            ("{{code}}", "123456"),
            ("a {{ code }} b {{code}}", "a 123456 b 123456"),
            ("{{user.name}}", "Ann <b>"),
            ("{{user.profile.locale}}{{user.age}}", "de7"),
            // A known root with a missing leaf is empty, an unknown root stays.
            ("[{{user.phone}}][{{user.name.first}}][{{none}}]", "[][][]"),
            (
                "{{application.name}} {{ x }}",
                "{{application.name}} {{ x }}",
            ),
            ("{{user.profile}}", r#"{"locale":"de"}"#),
            ("{{}} {{ }} {{co-de}} {{code", "{{}} {{ }} {{co-de}} {{code"),
            ("{{{code}}}", "{{{code}}}"),
            ("{{ {{code}}", "{{ 123456"),
        ] {
            assert_eq!(fill(text, &values(), str::to_owned), expected, "{text}");
        }
    }

    #[test]
    fn a_value_in_html_cannot_become_markup() {
        let mut template = Template {
            subject: "Hi {{user.name}}".to_owned(),
            content: "<p>{{user.name}}</p><a href=\"{{link}}\">".to_owned(),
            content_type: None,
            reply_to: None,
            send_from: None,
        };
        let html = template.fill(&values());
        assert_eq!(html.subject, "Hi Ann <b>");
        assert_eq!(
            html.content,
            "<p>Ann &lt;b&gt;</p><a href=\"https://a.test/?b=1&amp;c=2\">"
        );
        template.content_type = Some(ContentType::Plain);
        let plain = template.fill(&values());
        assert!(plain.content.starts_with("<p>Ann <b></p>"));
    }

    #[test]
    fn a_value_in_a_header_cannot_begin_another() {
        let template = Template {
            subject: "{{name}}".to_owned(),
            content: String::new(),
            content_type: None,
            reply_to: Some("{{name}}".to_owned()),
            send_from: Some("{{name}} <a@b.test>".to_owned()),
        };
        let values = json!({ "name": "x\r\nBcc: eve@evil.test\u{85}" });
        let filled = template.fill(values.as_object().unwrap());
        for header in [Some(filled.subject), filled.reply_to, filled.send_from] {
            assert!(!header.unwrap().chars().any(char::is_control));
        }
    }

    #[test]
    fn every_occasion_reads_back_from_its_name() {
        for known in TemplateType::ALL {
            assert_eq!(TemplateType::named(known.as_str()), Some(known));
            assert_eq!(json!(known), json!(known.as_str()));
        }
        assert_eq!(TemplateType::named("signin"), None);
    }

    proptest! {
        #[test]
        fn a_text_without_placeholders_stays(text in "[^{]{0,60}") {
            prop_assert_eq!(fill(&text, &values(), escaped), text);
        }

        #[test]
        fn whatever_is_filled_in_is_escaped(value in ".{0,40}", text in "[a-z {}.]{0,40}") {
            let values = json!({ "a": value });
            let filled = fill(&format!("{text}{{{{a}}}}"), values.as_object().unwrap(), escaped);
            prop_assert!(!filled.contains(['<', '>', '"', '\'']));
        }
    }
}
