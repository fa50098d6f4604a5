//! The audit log: what happened at sign-ins, with tokens and in scripts (`contract/logto-core.md` §9.2).
//!
//! A request only leaves an [`Entry`] in memory; a job writes them to the database in batches (`job/audit.rs`). When more happens than
//! can be written, requests wait a little for room; what then still finds none is counted, and the count itself is logged.

mod buffer;
mod row;
pub mod signin;
pub mod token;

use std::{borrow::Cow, cell::RefCell, sync::Arc};

use protocol::parameters::Parameters;
use serde_json::{Map, Value};

pub use self::buffer::Recorder;
use crate::{
    app::App,
    arriving::Sender,
    error::{ApiError, Failure},
    tenant::Tenant,
};

/// Something that happened, as a request leaves it.
#[derive(Clone, Debug)]
pub struct Entry {
    id: String,
    at: i64,
    tenant: Arc<Tenant>,
    key: Cow<'static, str>,
    sender: Sender,
    user_id: Option<String>,
    application_id: Option<String>,
    cimd_client_id: Option<String>,
    session_id: Option<String>,
    fault: Option<(Cow<'static, str>, String)>,
    parameters: Parameters,
    more: Map<String, Value>,
}

tokio::task_local! {
    static ABOUT: RefCell<About>;
}

/// Whom the request being answered turned out to be about.
#[derive(Clone, Debug, Default)]
struct About {
    user_id: Option<String>,
    session_id: Option<String>,
}

/// Runs the answering of a request, and remembers for its entries whom it is [about].
pub async fn scope<T>(answering: impl Future<Output = T>) -> T {
    ABOUT.scope(RefCell::default(), answering).await
}

/// Says whom the request being answered is about.
pub fn about(user_id: &str, session_id: Option<&str>) {
    let _ = ABOUT.try_with(|about| {
        *about.borrow_mut() = About {
            user_id: Some(user_id.to_owned()),
            session_id: session_id.map(str::to_owned),
        };
    });
}

impl Entry {
    /// Something that went well just now, in the request that is being answered.
    pub fn new(app: &App, tenant: &Arc<Tenant>, key: impl Into<Cow<'static, str>>) -> Self {
        let about = ABOUT
            .try_with(|about| about.borrow().clone())
            .unwrap_or_default();
        Self {
            id: format!("{}{}", app.audit().next(), app.random_id(16)),
            at: app.now_millis(),
            tenant: Arc::clone(tenant),
            key: key.into(),
            sender: Sender::current(),
            user_id: about.user_id,
            application_id: None,
            cimd_client_id: None,
            session_id: about.session_id,
            fault: None,
            parameters: Parameters::default(),
            more: Map::new(),
        }
    }

    /// The person it concerns.
    #[must_use]
    pub fn user(mut self, id: impl Into<String>) -> Self {
        self.user_id = Some(id.into());
        self
    }

    /// The application it concerns; one that nobody registered stands in a place of its own (`contract/logto-core.md` §9.2).
    #[must_use]
    pub fn application(mut self, id: impl Into<String>) -> Self {
        let id = Some(id.into());
        if id.as_ref().is_some_and(|id| self.tenant.is_document(id)) {
            self.cimd_client_id = id;
        } else {
            self.application_id = id;
        }
        self
    }

    /// The sign-in in progress, or the session.
    #[must_use]
    pub fn session(mut self, id: impl Into<String>) -> Self {
        self.session_id = Some(id.into());
        self
    }

    /// It did not go well.
    #[must_use]
    pub fn failed(
        mut self,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        self.fault = Some((code.into(), message.into()));
        self
    }

    /// It was refused.
    #[must_use]
    pub fn refused(self, error: &ApiError) -> Self {
        match error {
            ApiError::Refused(refused) => self.failed(refused.code, refused.message.clone()),
            ApiError::Input { details, .. } | ApiError::Syntax(details) => {
                self.failed("guard.invalid_input", details.clone())
            }
            ApiError::Failed(Failure::Busy(_)) => {
                self.failed("request.general", "too much is waiting")
            }
            ApiError::Failed(Failure::Internal(_)) => {
                self.failed("request.general", "the server failed")
            }
        }
    }

    /// What was sent. Only values that are known to be harmless are written down.
    #[must_use]
    pub fn parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self
    }

    /// Something more of its kind. It must hold no secret.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }
}
