//! A provider of captchas as callers see it.

use connectors::secret::{Confidential, masked};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::captcha_provider::CaptchaProvider;
use utoipa::ToSchema;

use crate::api::{millis::Millis, text::Text};

/// Who tells people from programs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaptchaProvider)]
#[serde(rename_all = "camelCase")]
pub(super) struct CaptchaProviderView {
    tenant_id: String,
    id: String,
    /// Its `secretKey` is shown as `••••••••`; sent back so, it stays what it is.
    #[schema(value_type = CaptchaConfig)]
    config: Value,
    created_at: Millis,
    updated_at: Millis,
}

/// The provider's settings.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "type")]
pub(crate) enum CaptchaConfig {
    /// Cloudflare Turnstile.
    #[serde(rename_all = "camelCase")]
    Turnstile {
        site_key: Text<1, 1024>,
        secret_key: Text<1, 1024>,
    },
    /// Google reCAPTCHA Enterprise.
    #[serde(rename_all = "camelCase")]
    RecaptchaEnterprise {
        site_key: Text<1, 1024>,
        secret_key: Text<1, 1024>,
        project_id: Text<1, 1024>,
        /// `www.google.com` or `www.recaptcha.net`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        domain: Option<Text<1, 256>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mode: Option<CaptchaMode>,
    },
}

/// How it asks.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CaptchaMode {
    /// Not at all.
    Invisible,
    /// With a box to tick.
    Checkbox,
}

/// What is secret in the settings of a provider of captchas.
#[derive(Clone, Copy, Debug)]
pub(super) struct Captcha;

impl Confidential for Captcha {
    fn is_secret(&self, path: &[&str]) -> bool {
        path == ["secretKey"]
    }

    /// The provider is who is asked.
    fn is_destination(&self, path: &[&str], _value: &Value) -> bool {
        path == ["type"] || path == ["domain"]
    }
}

impl CaptchaProviderView {
    /// The provider of a tenant.
    pub(super) fn new(tenant_id: &str, provider: CaptchaProvider) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: provider.id,
            config: match provider.config {
                Value::Object(config) => masked(config, &Captcha).into(),
                other => other,
            },
            created_at: provider.created_at.into(),
            updated_at: provider.updated_at.into(),
        }
    }
}
