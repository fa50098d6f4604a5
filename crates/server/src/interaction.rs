//! A sign-in in progress: what an application asked for and how far the person has come.
//!
//! It is a row. Its id is in the address of every page, and it opens only in the browser that began it: several tabs may
//! sign in at once, and an address sent to somebody else is worth nothing (T25, T30).

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use connectors::social::Started;
use protocol::{
    authorize::{decide::Progress, request::AuthorizationRequest},
    secret::Secret,
    time::Time,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, interaction::StoredInteraction};
use url::form_urlencoded;

use crate::{app::App, csrf, error::PageError, extract::browser::Browser};

/// Seconds after which an interaction is forgotten.
pub const LIFE: i64 = 3600;

/// What is remembered of a sign-in in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Interaction {
    /// What the application asks for.
    pub request: AuthorizationRequest,
    /// What the person has done for it.
    #[serde(default)]
    pub progress: Progress,
    /// Hash of the pushed request that this is, if it is one; used up when the code is issued.
    #[serde(default)]
    pub pushed: Option<String>,
    /// Where a sign-in with a provider stands.
    #[serde(default)]
    pub social: Option<SocialStep>,
    /// The device that waits for the answer, where no application does (RFC 8628).
    #[serde(default)]
    pub device: Option<DeviceStep>,
    /// The organization that the person lets an unregistered client act in.
    #[serde(default)]
    pub organization: Option<String>,
}

/// A device that waits for somebody to sign in for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceStep {
    /// Hash of its device code.
    pub code_hash: String,
    /// The code that it shows.
    pub user_code: String,
    /// Whether the person said that it is theirs.
    pub is_confirmed: bool,
}

/// A sign-in with a provider, under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum SocialStep {
    /// The person is with the provider.
    Away {
        /// The connector's id.
        connector: String,
        /// What ties the return to this departure; used once.
        started: Started,
    },
    /// The provider proved an address or a number that an account has; its holder shall prove the account (T32: bound to this sign-in, this
    /// connector, this identity and this account, and gone after one success).
    Link {
        /// The connector's id.
        connector: String,
        /// The provider's id of the person.
        identity: String,
        /// The account.
        user: String,
        /// The proven address, or the number with `+`.
        identifier: String,
    },
}

/// An interaction that this browser began.
#[derive(Clone, Debug)]
pub struct CurrentInteraction {
    /// The browser.
    pub browser: Browser,
    /// [`Secret::hash`] of its id.
    pub id_hash: String,
    /// What is remembered. Changes last once they are [saved](Self::save).
    pub interaction: Interaction,
    /// What the person does. It is not remembered: the page on which it is done says so.
    pub event: InteractionEvent,
    /// Whether signing in changes the account, such as by linking an identity.
    pub changes_user: bool,
    /// Its id, when the address named it.
    id: Option<String>,
}

/// What a person does on our pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InteractionEvent {
    /// Signing in.
    #[default]
    SignIn,
    /// Making an account.
    Register,
    /// Setting a new password.
    ForgotPassword,
}

impl InteractionEvent {
    /// Its name in webhooks and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "SignIn",
            Self::Register => "Register",
            Self::ForgotPassword => "ForgotPassword",
        }
    }
}

impl CurrentInteraction {
    /// Remembers a new interaction, bound to `browser`, which gets a secret for that if it has none.
    pub async fn begin(
        app: &App,
        mut browser: Browser,
        interaction: Interaction,
        now: Time,
    ) -> Result<Self, StoreError> {
        let id = app.random_secret();
        let secret = browser
            .secret()
            .cloned()
            .unwrap_or_else(|| app.random_secret());
        let row = StoredInteraction {
            id_hash: id.hash(),
            browser_hash: secret.hash(),
            value: write(&interaction),
            created_at: now,
            expires_at: now.plus(LIFE),
        };
        let mut tx = app.db().begin().await?;
        store::interaction::insert(&mut tx, &browser.tenant.id, &row).await?;
        tx.commit().await?;
        browser.bind(secret);
        Ok(Self {
            browser,
            id_hash: row.id_hash,
            interaction,
            event: InteractionEvent::default(),
            changes_user: false,
            id: Some(id.reveal().to_owned()),
        })
    }

    /// The interaction with this id, or without one the newest of the browser.
    pub async fn find(
        app: &App,
        browser: Browser,
        id: Option<String>,
        now: Time,
    ) -> Result<Option<Self>, StoreError> {
        let Some(secret) = browser.secret() else {
            return Ok(None);
        };
        let (tenant_id, browser_hash) = (&browser.tenant.id, secret.hash());
        let row = match &id {
            Some(id) => {
                let id_hash = Secret::new(id.as_str()).hash();
                store::interaction::find(app.db(), tenant_id, &id_hash, &browser_hash, now).await?
            }
            None => {
                store::interaction::newest_of_browser(app.db(), tenant_id, &browser_hash, now)
                    .await?
            }
        };
        // A row of an older release that no longer reads is as good as forgotten.
        Ok(row.and_then(|row| {
            let interaction = serde_json::from_str(&row.value).ok()?;
            Some(Self {
                browser,
                id_hash: row.id_hash,
                interaction,
                event: InteractionEvent::default(),
                changes_user: false,
                id,
            })
        }))
    }

    /// Writes what the interaction has come to; `false` when it is gone.
    pub async fn save(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        store::interaction::update(
            tx,
            &self.browser.tenant.id,
            &self.id_hash,
            &write(&self.interaction),
        )
        .await
    }

    /// Ends it. `true` for one of racing callers.
    pub async fn end(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        store::interaction::delete(tx, &self.browser.tenant.id, &self.id_hash).await
    }

    /// The address of the page at `path` for this interaction, with what Logto's pages are told beside it.
    pub fn page(&self, path: &str) -> String {
        let request = &self.interaction.request;
        let hints = &request.hints;
        let identifier = Some(hints.identifier.join(" ")).filter(|list| !list.is_empty());
        let fields = [
            ("i", &self.id),
            ("app_id", &Some(request.client_id.clone())),
            ("organization_id", &hints.organization_id),
            ("ui_locales", &hints.ui_locales),
            ("one_time_token", &hints.one_time_token),
            ("login_hint", &hints.login_hint),
            ("identifier", &identifier),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        format!("{path}?{query}")
    }

    /// Its id, or what stands for the newest interaction of the browser.
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(NEWEST)
    }

    /// The token for the forms of its pages.
    pub fn csrf(&self) -> String {
        self.csrf_about("")
    }

    /// The token for a form that holds for `person` only: the id of a session.
    pub fn csrf_about(&self, person: &str) -> String {
        csrf::token(&self.browser.tenant.cookie_keys, &self.about(person))
    }

    /// Checks the token that came with a form.
    pub fn check_csrf(&self, token: Option<&str>) -> Result<(), PageError> {
        self.check_csrf_about("", token)
    }

    /// Checks the token of a form that holds for `person` only.
    pub fn check_csrf_about(&self, person: &str, token: Option<&str>) -> Result<(), PageError> {
        csrf::check(&self.browser.tenant.cookie_keys, &self.about(person), token)
    }

    fn about<'a>(&'a self, person: &'a str) -> [&'a str; 3] {
        let browser = self.browser.secret().map_or("", Secret::reveal);
        [&self.id_hash, browser, person]
    }

    /// Where the browser goes when a step is done: the authorization endpoint decides the next one.
    pub fn resume(&self) -> String {
        format!("/oidc/auth/{}", self.id())
    }
}

/// In place of an id in [`CurrentInteraction::resume`]: the newest interaction of the browser.
pub const NEWEST: &str = "newest";

fn write(interaction: &Interaction) -> String {
    // Texts, numbers and lists: this cannot fail.
    serde_json::to_string(interaction).unwrap_or_default()
}

impl FromRequestParts<App> for CurrentInteraction {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let found = <Self as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        found.ok_or(PageError::UnknownSession)
    }
}

impl OptionalFromRequestParts<App> for CurrentInteraction {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, PageError> {
        let browser = <Browser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let query = parts.uri.query().unwrap_or_default();
        let id = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "i")
            .map(|(_, value)| value.into_owned());
        Ok(Self::find(app, browser, id, app.now()).await?)
    }
}
