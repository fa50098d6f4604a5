//! Where a hook is told, as operators write it.

use std::collections::BTreeMap;

use serde::Deserialize;
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
    /// Headers sent with every call.
    #[schema(nullable = false)]
    headers: Option<BTreeMap<String, Text<0, 4096>>>,
    /// How often a call that failed is tried again; 3 unless it is set.
    #[schema(minimum = 0, maximum = 3, nullable = false)]
    retries: Option<i64>,
}

impl HookConfigInput {
    /// The configuration, when it can be one.
    pub(crate) fn check(self) -> Result<HookConfig, ApiError> {
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
        let headers = self.headers.unwrap_or_default();
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
        let headers: BTreeMap<_, _> = headers
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        Ok(HookConfig {
            url: self.url.into(),
            headers: Some(headers).filter(|headers| !headers.is_empty()),
            retries: self.retries,
        })
    }
}
