//! `POST /api/connectors/{factoryId}/test`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use connectors::factory::Purpose;
use identity::{
    connector::{Connector, Names},
    identifier,
    message::TemplateType,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    message::{self, Outgoing},
    operation::{self, Refused, connector::pruned},
};

/// What is tried, and who gets the message.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ConnectorTest)]
pub(super) struct Trial {
    #[schema(nullable = false)]
    phone: Option<Text<1, 128>>,
    #[schema(nullable = false)]
    email: Option<Text<1, 256>>,
    /// `••••••••` stands for the secret that the tenant's connector of this kind has.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    /// The language of the message.
    #[schema(nullable = false)]
    locale: Option<Text<1, 64>>,
}

/// Sends a message with a configuration that need not be stored.
#[utoipa::path(
    post,
    path = "/connectors/{factoryId}/test",
    operation_id = "CreateConnectorTest",
    tag = "Connectors",
    params(("factoryId" = String, Path)),
    request_body = Trial,
    responses((status = 204))
)]
pub(super) async fn test(
    State(app): State<App>,
    caller: Caller,
    Path(factory_id): Path<String>,
    Input(trial): Input<Trial>,
) -> Result<StatusCode, ApiError> {
    let (to, channel) = trial.recipient()?;
    let factory = operation::connector::factory(app.config(), &factory_id);
    let factory = factory.ok_or_else(|| {
        let message = format!("There is no kind of connector {factory_id:?}.");
        Refused::new("connector.not_found", message)
    })?;
    if factory.purpose != channel {
        let message = format!("This kind of connector does not send {}.", channel.name());
        return Err(Refused::new("connector.unexpected_type", message).into());
    }
    let mut config = pruned(trial.config);
    let known = store::connector::list(app.db(), app.vault(), &caller.tenant.id).await?;
    let stored = known.iter().find(|known| known.factory == factory.id);
    let stored = stored.map(|stored| &stored.config);
    operation::connector::unmask(factory, &mut config, stored)?;
    let checked = factory.check(&config);
    checked.map_err(|error| operation::connector::refused(&error))?;
    let connector = Connector {
        id: String::new(),
        factory: factory.id.to_owned(),
        target: factory.target.to_owned(),
        name: Names::default(),
        logo: None,
        logo_dark: None,
        config,
        sync_profile: false,
        stores_tokens: false,
    };
    let locale = trial
        .locale
        .map(|locale| ("locale".to_owned(), Value::from(String::from(locale))));
    let code = ("code".to_owned(), Value::from("000000"));
    let outgoing = Outgoing {
        to: &to,
        usage: TemplateType::Generic,
        payload: locale.into_iter().chain([code]).collect(),
        ip: Some(caller.ip.to_string()),
    };
    message::send(&app, &caller.tenant, &connector, outgoing).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Trial {
    fn recipient(&self) -> Result<(String, Purpose), Refused> {
        let refused = |message: &str| Refused::new("guard.invalid_input", message);
        if let Some(phone) = &self.phone {
            let phone = identifier::phone(phone);
            let phone = phone.ok_or_else(|| refused("phone must be a phone number."))?;
            return Ok((phone, Purpose::Sms));
        }
        let email = self.email.as_deref();
        let email = email.filter(|email| identifier::email(email).is_some());
        let email = email.ok_or_else(|| refused("phone or email must be given."))?;
        Ok((email.trim().to_owned(), Purpose::Email))
    }
}
