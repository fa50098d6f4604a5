//! What of a tenant's settings the world may know.

use connectors::factory::{self, Factory, Platform, Purpose};
use identity::connector::Connector;
use serde_json::{Map, Value, json};
use store::{captcha_provider::CaptchaProvider, custom_profile_field::CustomProfileField};

use crate::{
    api::custom_profile_field::CustomProfileFieldView, operation::connector::sends, tenant::Tenant,
};

/// Lays the colours, logos and style sheet of an organization or application over the tenant's; what it leaves out stays.
pub(super) fn overlay(
    experience: &mut Map<String, Value>,
    color: &Map<String, Value>,
    branding: &Map<String, Value>,
    custom_css: Option<&str>,
) {
    for (name, over) in [("color", color), ("branding", branding)] {
        let part = experience.entry(name).or_insert_with(|| json!({}));
        if let Some(part) = part.as_object_mut() {
            part.extend(over.clone());
        }
    }
    if let Some(css) = custom_css {
        experience.insert("customCss".to_owned(), css.into());
    }
}

/// The providers that people can sign in with, in the order of the sign-in experience, without settings.
pub fn social_connectors(tenant: &Tenant) -> Vec<Value> {
    let targets = &tenant.experience.social_sign_in_connector_targets;
    let of_target = |target: &String| {
        let connectors = tenant.connectors.iter();
        connectors
            .filter(|connector| connector.target == *target)
            .filter_map(|connector| Some((factory::find(&connector.factory)?, connector)))
            .filter(|(factory, _)| factory.purpose == Purpose::Social)
            .map(|(factory, connector)| social_connector(factory, connector))
            .collect::<Vec<_>>()
    };
    targets.iter().flat_map(of_target).collect()
}

fn social_connector(factory: &Factory, connector: &Connector) -> Value {
    let mut name = connector.name.clone().into_inner();
    name.entry("en".to_owned())
        .or_insert_with(|| factory.name.to_owned());
    json!({
        "id": connector.id,
        "target": connector.target,
        "platform": factory.platform.map(Platform::name),
        "name": name,
        "logo": connector.logo.clone().unwrap_or_else(|| factory.logo()),
        "logoDark": connector.logo_dark,
        "isStandard": factory.is_standard,
    })
}

/// Whether a forgotten password can be set anew over e-mail and phone.
pub(super) fn forgot_password(tenant: &Tenant, methods: Option<&Value>) -> Value {
    let may = |method: &str| {
        methods
            .and_then(Value::as_array)
            .is_none_or(|methods| methods.iter().any(|known| known == method))
    };
    let connectors = &tenant.connectors;
    json!({
        "email": may("EmailVerificationCode") && sends(connectors, Purpose::Email),
        "phone": may("PhoneVerificationCode") && sends(connectors, Purpose::Sms),
    })
}

/// What a page needs to show Google One Tap, when a connector of Google has it turned on.
pub(super) fn google_one_tap(tenant: &Tenant) -> Option<Value> {
    const KNOWN: [&str; 4] = ["isEnabled", "autoSelect", "closeOnTapOutside", "itpSupport"];
    let targets = &tenant.experience.social_sign_in_connector_targets;
    let connector = tenant.connectors.iter().find(|connector| {
        connector.factory == "google-universal" && targets.contains(&connector.target)
    })?;
    let settings = connector.config.get("oneTap")?.as_object()?;
    if settings.get("isEnabled") != Some(&json!(true)) {
        return None;
    }
    let mut shown: Map<String, Value> = settings
        .iter()
        .filter(|(name, _)| KNOWN.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    shown.insert(
        "clientId".to_owned(),
        connector.config.get("clientId")?.clone(),
    );
    shown.insert("connectorId".to_owned(), connector.id.clone().into());
    Some(Value::Object(shown))
}

/// What a page needs to ask the captcha provider: everything but the secret.
pub(super) fn captcha(provider: &CaptchaProvider) -> Value {
    let settings = provider.config.as_object().into_iter().flatten();
    let shown = settings
        .filter(|(name, _)| matches!(name.as_str(), "type" | "siteKey" | "domain" | "mode"));
    Value::Object(
        shown
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// The fields that people fill in when they make an account: all of them, or those that the sign-in experience lists.
pub(super) fn sign_up_fields(
    tenant_id: &str,
    catalog: &[CustomProfileField],
    listed: Option<&Value>,
) -> Vec<CustomProfileFieldView> {
    let fields: Vec<CustomProfileField> = match listed.and_then(Value::as_array) {
        None => catalog.to_vec(),
        Some(names) => {
            let find = |entry: &Value| {
                let mut catalog = catalog.iter();
                catalog.find(|field| entry["name"] == field.name).cloned()
            };
            names.iter().filter_map(find).collect()
        }
    };
    CustomProfileFieldView::list(tenant_id, fields)
}

#[cfg(test)]
mod tests {
    use protocol::time::Time;
    use serde_json::json;
    use store::captcha_provider::CaptchaProvider;

    use super::{captcha, overlay};

    #[test]
    fn what_an_overlay_leaves_out_stays() {
        let mut experience = json!({ "color": { "primaryColor": "#000", "isDarkModeEnabled": true },
            "branding": { "logoUrl": "https://a/logo.png" }, "customCss": "a{}" });
        let color = json!({ "primaryColor": "#fff" });
        let members = experience.as_object_mut().unwrap();
        overlay(
            members,
            color.as_object().unwrap(),
            &serde_json::Map::new(),
            None,
        );
        assert_eq!(
            experience,
            json!({ "color": { "primaryColor": "#fff", "isDarkModeEnabled": true },
                "branding": { "logoUrl": "https://a/logo.png" }, "customCss": "a{}" })
        );
    }

    #[test]
    fn t55_the_secret_of_a_captcha_is_never_shown() {
        let provider = CaptchaProvider {
            id: "c1".to_owned(),
            config: json!({ "type": "Turnstile", "siteKey": "s", "secretKey": "hush", "projectId": "p" }),
            created_at: Time(0),
            updated_at: Time(0),
        };
        assert_eq!(
            captcha(&provider),
            json!({ "type": "Turnstile", "siteKey": "s" })
        );
    }
}
