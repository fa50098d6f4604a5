//! The browser that a request comes from: its tenant and its cookies.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, request::Parts},
};
use protocol::{record::Session, secret::Secret, time::Time};
use store::StoreError;

use super::tenant::CurrentTenant;
use crate::{
    app::App, arriving::Arriving, cookie, error::NoSuchTenant, interaction, tenant::Tenant,
};

/// A browser. Its cookies are what it claims to be; the database says whether that is so.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The tenant it came to.
    pub tenant: Arc<Tenant>,
    /// Whether its connection is encrypted.
    pub https: bool,
    session: Option<Secret>,
    interaction: Option<Secret>,
    /// What it says of an account that was used at it before.
    pub known: Option<String>,
}

impl Browser {
    /// Reads the cookies of a request.
    pub fn read(tenant: Arc<Tenant>, headers: &HeaderMap, https: bool) -> Self {
        let secret = |base| cookie::read_secret(headers, &cookie::name(base, &tenant.id));
        Self {
            session: secret(cookie::SESSION),
            interaction: secret(cookie::INTERACTION),
            known: cookie::read(headers, &cookie::name(cookie::BROWSER, &tenant.id)),
            https,
            tenant,
        }
    }

    /// The session of its cookie, if that is alive.
    pub async fn session(&self, app: &App, now: Time) -> Result<Option<Session>, StoreError> {
        match &self.session {
            Some(secret) => {
                store::session::find(app.db(), &self.tenant.id, &secret.hash(), now).await
            }
            None => Ok(None),
        }
    }

    /// The secret of its interaction cookie: what sign-ins in progress are bound to.
    pub const fn secret(&self) -> Option<&Secret> {
        self.interaction.as_ref()
    }

    /// Sets the session cookie.
    pub fn set_session(&self, secret: &Secret) -> HeaderValue {
        self.set(cookie::SESSION, secret.reveal(), self.tenant.session_ttl)
    }

    /// Sets the session cookie again as it came, so that it lasts as long as the session that is used.
    pub fn keep_session(&self) -> Option<HeaderValue> {
        self.session.as_ref().map(|secret| self.set_session(secret))
    }

    /// Takes the session cookie away.
    pub fn clear_session(&self) -> HeaderValue {
        self.set(cookie::SESSION, "", 0)
    }

    /// Gives it a secret for its sign-ins; [`Self::keep_interaction`] tells it.
    pub fn bind(&mut self, secret: Secret) {
        self.interaction = Some(secret);
    }

    /// Sets the interaction cookie, for as long as an interaction that begins now.
    pub fn keep_interaction(&self) -> Option<HeaderValue> {
        let secret = self.interaction.as_ref()?;
        Some(self.set(cookie::INTERACTION, secret.reveal(), interaction::LIFE))
    }

    /// Sets a cookie of this tenant for so many seconds.
    pub fn set(&self, base: &str, value: &str, seconds: i64) -> HeaderValue {
        cookie::set(
            cookie::name(base, &self.tenant.id),
            value,
            seconds,
            self.https,
        )
    }
}

impl FromRequestParts<App> for Browser {
    type Rejection = NoSuchTenant;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, NoSuchTenant> {
        let CurrentTenant(tenant) = CurrentTenant::from_request_parts(parts, app).await?;
        let https = parts
            .extensions
            .get::<Arriving>()
            .is_some_and(|arriving| arriving.https);
        Ok(Self::read(tenant, &parts.headers, https))
    }
}
