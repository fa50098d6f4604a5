//! Where a hook is told, as operators write it.

use std::collections::BTreeMap;

use connectors::secret::{Confidential, masked, unmask};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::hook::HookConfig;
use url::Url;
use utoipa::ToSchema;

use crate::{api::text::Text, error::ApiError, hook::call::is_header};

/// The most headers of an operator's.
const HEADERS: usize = 50;

/// Where a hook is told, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = HookConfigInput)]
pub(crate) struct HookConfigInput {
    /// An http or https address.
    url: Text<1, 2048>,
    /// Headers sent with every call. `••••••••` stands for the value that is stored, as long as `url` stays.
    #[schema(nullable = false)]
    headers: Option<BTreeMap<String, Text<0, 4096>>>,
    /// How often a call that failed is tried again; 3 unless it is set.
    #[schema(minimum = 0, maximum = 3, nullable = false)]
    retries: Option<i64>,
}

impl HookConfigInput {
    /// The configuration, when it can be one; values of headers may be those of the configuration before.
    pub(crate) fn check(self, before: Option<&HookConfig>) -> Result<HookConfig, ApiError> {
        let wrong = |details: String| ApiError::Input {
            part: "body",
            details,
        };
        let url = Url::parse(&self.url).ok();
        let url = url.filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        });
        if url.is_none() {
            return Err(wrong(
                "config.url: expected an http or https address without a user name".to_owned(),
            ));
        }
        let headers = self.headers.unwrap_or_default().into_iter();
        let headers = headers.map(|(name, value)| (name, value.into()));
        let headers = kept(&self.url, &headers.collect(), before).map_err(wrong)?;
        if headers.len() > HEADERS {
            return Err(wrong(format!(
                "config.headers: too_big: at most {HEADERS} headers"
            )));
        }
        if let Some((name, _)) = headers.iter().find(|(name, value)| !is_header(name, value)) {
            return Err(wrong(format!(
                "config.headers: {name:?} cannot be sent as a header"
            )));
        }
        if self
            .retries
            .is_some_and(|retries| !(0..=3).contains(&retries))
        {
            return Err(wrong(
                "config.retries: expected a number from 0 to 3".to_owned(),
            ));
        }
        Ok(HookConfig {
            url: self.url.into(),
            headers: Some(headers).filter(|headers| !headers.is_empty()),
            retries: self.retries,
        })
    }
}

/// What is secret in a hook's configuration: the values of headers, by which we prove ourselves to whoever is told.
struct Headers;

impl Confidential for Headers {
    fn is_secret(&self, path: &[&str]) -> bool {
        path.first() == Some(&"headers")
    }

    fn is_destination(&self, path: &[&str], _value: &Value) -> bool {
        path == ["url"]
    }
}

/// The headers as callers see them.
pub(super) fn shown(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    headers_of(masked(members("", headers), &Headers))
}

/// The headers with what is stored in place of masks.
fn kept(
    url: &str,
    headers: &BTreeMap<String, String>,
    before: Option<&HookConfig>,
) -> Result<BTreeMap<String, String>, String> {
    let mut config = members(url, headers);
    let none = BTreeMap::new();
    let before =
        before.map(|before| members(&before.url, before.headers.as_ref().unwrap_or(&none)));
    unmask(&mut config, before.as_ref(), &Headers).map_err(|why| format!("config: {why}"))?;
    Ok(headers_of(config))
}

fn members(url: &str, headers: &BTreeMap<String, String>) -> Map<String, Value> {
    let members = [("url", json!(url)), ("headers", json!(headers))];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    members.into_iter().collect()
}

fn headers_of(mut config: Map<String, Value>) -> BTreeMap<String, String> {
    let headers = config.remove("headers").unwrap_or_default();
    serde_json::from_value(headers).unwrap_or_default()
}
