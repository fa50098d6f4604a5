//! Messages to people: chosen, counted and handed to the tenant's connector.

use connectors::{factory::Purpose, message};
use identity::{
    connector::Connector,
    identifier,
    message::{Template, TemplateType},
};
use protocol::secret::Secret;
use serde_json::{Map, Value, json};
use store::email_template::{self, Wanted};

use crate::{
    app::App,
    error::{self, ApiError},
    hook::{Event, enqueue},
    operation::{self, Refused},
    tenant::Tenant,
};

/// How many messages of a class one recipient gets within [`WINDOW`] (`contract/logto-core.md` §11.2; attack T52).
const MOST: i64 = 10;
/// Seconds.
const WINDOW: i64 = 600;

/// A message on its way.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// An e-mail address, or a phone number in digits.
    pub to: &'a str,
    /// The occasion.
    pub usage: TemplateType,
    /// What the placeholders stand for; `locale` is the language that is tried first.
    pub payload: Map<String, Value>,
    /// The address from which it was asked for.
    pub ip: Option<String>,
}

/// What messages are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Codes.
    VerificationCodeSend,
    /// Everything else.
    MessageSend,
}

impl Class {
    const fn as_str(self) -> &'static str {
        match self {
            Self::VerificationCodeSend => "VerificationCodeSend",
            Self::MessageSend => "MessageSend",
        }
    }
}

/// The tenant's connector for e-mail or SMS.
///
/// # Errors
/// 501 `connector.not_found` when there is none.
pub fn connector(tenant: &Tenant, channel: Purpose) -> Result<&Connector, Refused> {
    let mut connectors = tenant.connectors.iter();
    let found = connectors.find(|known| operation::connector::purpose(known) == Some(channel));
    found.ok_or_else(|| {
        let message = format!("There is no connector that sends {}.", channel.name());
        Refused::new("connector.not_found", message).status(501)
    })
}

/// Counts a message before it is sent. `told` is what webhooks are told of the request when it is one too many.
///
/// A counter that fails lets messages through: sign-ins go before limits.
///
/// # Errors
/// `request.message_rate_limited`.
pub async fn count(
    app: &App,
    tenant: &Tenant,
    class: Class,
    to: &str,
    told: Map<String, Value>,
) -> Result<(), ApiError> {
    let counted = counted(app, tenant, class, to, told).await;
    if counted
        .inspect_err(|failed| drop(error::log(failed)))
        .unwrap_or(0)
        <= MOST
    {
        return Ok(());
    }
    let message = "Too many messages were sent to this recipient; try again later.";
    Err(Refused::new("request.message_rate_limited", message).into())
}

async fn counted(
    app: &App,
    tenant: &Tenant,
    class: Class,
    to: &str,
    mut told: Map<String, Value>,
) -> Result<i64, store::StoreError> {
    let bucket = bucket(class, to);
    let mut tx = app.db().begin().await?;
    let count = store::rate_limit::count(&mut tx, &tenant.id, &bucket, WINDOW, app.now()).await?;
    // Told once for each window: who asks on and on shall not ring on and on.
    if count == MOST + 1 {
        let data = json!({ "action": class.as_str(), "recipient": to });
        told.insert("data".to_owned(), data);
        enqueue(
            app,
            &mut tx,
            tenant,
            Event::MessageRateLimited,
            &bucket,
            told,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// Spellings that reach one mailbox share a bucket: case, and what follows a `+`.
fn bucket(class: Class, to: &str) -> String {
    let folded = identifier::email(to).unwrap_or_else(|| to.to_lowercase());
    let mailbox = match folded.rsplit_once('@') {
        Some((local, domain)) => {
            let local = local.split('+').next().unwrap_or_default();
            format!("{local}@{domain}")
        }
        None => folded,
    };
    format!("{} {}", class.as_str(), Secret::new(mailbox).hash())
}

/// Sends a message with a connector, in the tenant's own words where it has some.
///
/// # Errors
/// When it is not taken, or the database fails.
pub async fn send(
    app: &App,
    tenant: &Tenant,
    connector: &Connector,
    mut outgoing: Outgoing<'_>,
) -> Result<(), ApiError> {
    let fallback = &tenant.experience.language_info.fallback_language;
    let wished = outgoing.payload.get("locale").and_then(Value::as_str);
    let languages = [wished.unwrap_or(fallback).to_owned(), fallback.clone()];
    let template = match operation::connector::purpose(connector) {
        Some(Purpose::Email) => own_template(app, tenant, outgoing.usage, &languages).await?,
        _ => None,
    };
    let [language, _] = languages;
    outgoing
        .payload
        .insert("locale".to_owned(), language.into());
    let message = message::Message {
        to: outgoing.to,
        usage: outgoing.usage,
        payload: &outgoing.payload,
        ip: outgoing.ip.as_deref(),
        template: template.as_ref(),
    };
    let mocks = app.config().mock_messages.as_deref();
    message::send(
        app.http(),
        &connector.factory,
        &connector.config,
        &message,
        mocks,
    )
    .await
    .map_err(|failed| operation::connector::refused(&failed).into())
}

/// The tenant's own template in the first of these languages that has one.
async fn own_template(
    app: &App,
    tenant: &Tenant,
    usage: TemplateType,
    languages: &[String],
) -> Result<Option<Template>, ApiError> {
    let wanted = Wanted {
        template_type: Some(usage),
        language_tag: None,
    };
    let mut known = email_template::list(app.db(), &tenant.id, wanted).await?;
    let place = languages.iter().find_map(|tag| {
        known
            .iter()
            .position(|template| template.language_tag == *tag)
    });
    Ok(place.map(|place| known.swap_remove(place).details))
}

#[cfg(test)]
mod tests {
    use super::{Class, bucket};

    #[test]
    fn t52_spellings_of_one_mailbox_share_a_bucket() {
        let class = Class::VerificationCodeSend;
        let ann = bucket(class, "ann@people.test");
        for same in ["Ann@People.test", "ann+1@people.test", " ann@people.test"] {
            assert_eq!(bucket(class, same), ann, "{same}");
        }
        assert_ne!(bucket(class, "bob@people.test"), ann);
        assert_ne!(bucket(Class::MessageSend, "ann@people.test"), ann);
    }
}
