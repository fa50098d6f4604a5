//! Applications whose needs are known: what to register for them, and what to paste into their settings (`contract/clients.md` §7).
//!
//! Each application is a [`Recipe`] of data beside the function that writes its block of variables.

mod block;
mod generic;
mod librechat;
mod lobechat;
mod logto_sdk;
mod open_webui;

use protocol::{client::ApplicationType, jose::SigningAlgorithm, secret::Secret};
use store::application::{CustomClientMetadata, OidcClientMetadata};
use thiserror::Error;
use url::Url;

pub use self::block::{Block, Line};

/// An application that can be registered by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// LibreChat
    #[value(name = "librechat")]
    LibreChat,
    /// Open WebUI
    #[value(name = "open-webui")]
    OpenWebUi,
    /// LobeChat (LobeHub)
    #[value(name = "lobechat")]
    LobeChat,
    /// A web application built with one of Logto's SDKs
    #[value(name = "logto-sdk")]
    LogtoSdk,
    /// An application in the browser
    #[value(name = "spa")]
    Spa,
    /// An application on a device
    #[value(name = "native")]
    Native,
    /// A program that acts for itself
    #[value(name = "m2m")]
    MachineToMachine,
}

/// What is registered for an application. Paths follow the application's own address.
#[derive(Debug)]
struct Recipe {
    name: &'static str,
    kind: ApplicationType,
    redirect_paths: &'static [&'static str],
    logout_paths: &'static [&'static str],
    backchannel_path: Option<&'static str>,
    /// Registered whatever the application's address is.
    fixed_redirect_uris: &'static [&'static str],
    id_token_ttl: Option<i64>,
    refresh_token_days: Option<i64>,
    always_refresh: bool,
    algorithm: Option<SigningAlgorithm>,
    /// The application cannot ask for an API by itself, so the API is assumed.
    assumes_audience: bool,
    block: fn(&Facts<'_>) -> Block,
}

impl Recipe {
    /// The recipe that the others differ from.
    const PLAIN: Self = Self {
        name: "",
        kind: ApplicationType::Traditional,
        redirect_paths: &[],
        logout_paths: &["", "/"],
        backchannel_path: None,
        fixed_redirect_uris: &[],
        id_token_ttl: None,
        refresh_token_days: None,
        always_refresh: false,
        algorithm: None,
        assumes_audience: false,
        block: |_| Block::default(),
    };
}

/// What an application is registered with.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// Its kind.
    pub kind: ApplicationType,
    /// Addresses.
    pub oidc: OidcClientMetadata,
    /// Lives of tokens, algorithm.
    pub custom: CustomClientMetadata,
}

/// What a block of variables is made of.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The application's address without a trailing slash; empty when it has none.
    pub url: &'a str,
    /// The tenant's public address.
    pub endpoint: &'a str,
    /// The tenant's issuer.
    pub issuer: &'a str,
    /// `client_id`.
    pub client_id: &'a str,
    /// The secret; public applications have none.
    pub client_secret: Option<&'a Secret>,
    /// The API that access tokens are for.
    pub audience: Option<&'a str>,
    /// A random text for the application's own session cookie.
    pub session_secret: &'a Secret,
}

/// Why an application's address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadUrl {
    /// There has to be one.
    #[error(
        "--url is missing: give the address at which people open the application, for example --url https://chat.example.com"
    )]
    Missing,
    /// It is not what a browser opens.
    #[error(
        "--url must be the address at which people open the application, without query and fragment, for example https://chat.example.com"
    )]
    NotWeb,
}

impl Preset {
    /// What the application is called unless the operator says otherwise.
    pub fn name(self) -> &'static str {
        self.recipe().name
    }

    /// What to register for the application at `url`.
    ///
    /// # Errors
    /// When the address is missing or is not one.
    pub fn registration(
        self,
        url: Option<&str>,
        audience: Option<&str>,
    ) -> Result<Registration, BadUrl> {
        let recipe = self.recipe();
        let url = url.map(str::trim).filter(|url| !url.is_empty());
        let oidc = match url {
            Some(url) if self == Self::Native && !is_web(url) => custom_scheme(recipe, url)?,
            Some(url) => addresses(recipe, &base(url)?),
            None if matches!(self, Self::Native | Self::MachineToMachine) => addresses(recipe, ""),
            None => return Err(BadUrl::Missing),
        };
        let custom = CustomClientMetadata {
            id_token_ttl: recipe.id_token_ttl,
            refresh_token_ttl_in_days: recipe.refresh_token_days,
            always_issue_refresh_token: recipe.always_refresh.then_some(true),
            id_token_signing_algorithm: recipe.algorithm,
            default_resource: audience
                .filter(|_| recipe.assumes_audience)
                .map(str::to_owned),
            ..CustomClientMetadata::default()
        };
        Ok(Registration {
            kind: recipe.kind,
            oidc,
            custom,
        })
    }

    /// The variables that make the application sign in here.
    pub fn block(self, facts: &Facts<'_>) -> Block {
        (self.recipe().block)(facts)
    }

    fn recipe(self) -> &'static Recipe {
        match self {
            Self::LibreChat => &librechat::RECIPE,
            Self::OpenWebUi => &open_webui::RECIPE,
            Self::LobeChat => &lobechat::RECIPE,
            Self::LogtoSdk => &logto_sdk::RECIPE,
            Self::Spa => &generic::SPA,
            Self::Native => &generic::NATIVE,
            Self::MachineToMachine => &generic::MACHINE,
        }
    }
}

/// The address of an application without its trailing slash.
///
/// # Errors
/// When it is not an http or https address, or has a query or fragment.
pub fn base(url: &str) -> Result<String, BadUrl> {
    let parsed = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let parsed = parsed.filter(|url| {
        url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    parsed
        .map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or(BadUrl::NotWeb)
}

fn is_web(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn addresses(recipe: &Recipe, base: &str) -> OidcClientMetadata {
    let under = |paths: &[&str]| -> Vec<String> {
        let mut all = Vec::<String>::new();
        for path in paths.iter().filter(|_| !base.is_empty()) {
            let address = format!("{base}{path}");
            // `https://a` and `https://a/` are one address; `https://a/b` and `https://a/b/` are two.
            let known = |other: &String| Url::parse(other).ok() == Url::parse(&address).ok();
            if !all.iter().any(known) {
                all.push(address);
            }
        }
        all
    };
    let fixed = recipe
        .fixed_redirect_uris
        .iter()
        .map(|uri| (*uri).to_owned());
    OidcClientMetadata {
        redirect_uris: under(recipe.redirect_paths)
            .into_iter()
            .chain(fixed)
            .collect(),
        post_logout_redirect_uris: under(recipe.logout_paths),
        backchannel_logout_uri: recipe.backchannel_path.map(|path| format!("{base}{path}")),
        ..OidcClientMetadata::default()
    }
}

fn custom_scheme(recipe: &Recipe, url: &str) -> Result<OidcClientMetadata, BadUrl> {
    if protocol::redirect_uri::validate(url).is_err() {
        return Err(BadUrl::NotWeb);
    }
    let mut oidc = addresses(recipe, "");
    oidc.redirect_uris.insert(0, url.to_owned());
    oidc.post_logout_redirect_uris = vec![url.to_owned()];
    Ok(oidc)
}

#[cfg(test)]
mod tests;
