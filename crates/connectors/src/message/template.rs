//! Which template a message gets (`contract/logto-core.md` §8.8).

use identity::message::{ContentType, Template, TemplateType};
use serde_json::{Map, Value};

use super::Message;
use crate::error::ConnectorError;

/// The tenant's own template, else the connector's for the occasion, else the connector's for any.
pub(super) fn choose(
    config: &Map<String, Value>,
    message: &Message<'_>,
) -> Result<Template, ConnectorError> {
    if let Some(own) = message.template {
        return Ok(own.clone());
    }
    let usages = [message.usage, TemplateType::Generic];
    let found = usages.into_iter().find_map(|usage| find(config, usage));
    found.ok_or(ConnectorError::TemplateNotFound(message.usage.as_str()))
}

fn find(config: &Map<String, Value>, usage: TemplateType) -> Option<Template> {
    let mut templates = config.get("templates")?.as_array()?.iter();
    let template =
        templates.find(|template| text(template, "usageType") == Some(usage.as_str()))?;
    // What is not said to be HTML is not: a text shown as HTML would lose its lines.
    let content_type = match text(template, "contentType") {
        Some("text/html") => ContentType::Html,
        _ => ContentType::Plain,
    };
    Some(Template {
        subject: text(template, "subject").unwrap_or_default().to_owned(),
        content: text(template, "content")?.to_owned(),
        content_type: Some(content_type),
        reply_to: None,
        send_from: None,
    })
}

fn text<'a>(template: &'a Value, member: &str) -> Option<&'a str> {
    template.get(member)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    #[test]
    fn the_tenants_own_template_goes_before_the_connectors_and_generic_comes_last() {
        let config = json!({ "templates": [
            { "usageType": "Generic", "contentType": "text/html", "subject": "g", "content": "generic" },
            { "usageType": "SignIn", "contentType": "text/plain", "subject": "s", "content": "sign in" },
        ] });
        let config = config.as_object().unwrap();
        let payload = Map::new();
        let own = Template {
            subject: String::new(),
            content: "own".to_owned(),
            content_type: None,
            reply_to: None,
            send_from: None,
        };
        let chosen = |config: &Map<String, Value>, usage, template| {
            let message = Message {
                to: "a@b.test",
                usage,
                payload: &payload,
                ip: None,
                template,
            };
            choose(config, &message).map(|template| template.content)
        };
        let sign_in = TemplateType::SignIn;
        assert_eq!(chosen(config, sign_in, Some(&own)).unwrap(), "own");
        assert_eq!(chosen(config, sign_in, None).unwrap(), "sign in");
        assert_eq!(
            chosen(config, TemplateType::BindMfa, None).unwrap(),
            "generic"
        );
        let error = chosen(&Map::new(), sign_in, None).unwrap_err();
        assert_eq!(error.code(), "connector.template_not_found");
    }
}
