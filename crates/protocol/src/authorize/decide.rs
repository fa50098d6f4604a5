//! What has to happen before an authorization request can be answered.

use serde::{Deserialize, Serialize};

use super::request::{AuthorizationRequest, FirstScreen, Subject};
use crate::{
    client::Client,
    error::{ErrorCode, OAuthError},
    record::{Consent, Session},
    scope::ScopeSet,
    time::Time,
};

/// What the person has already done for this one request, by the id of the session in which it was done.
///
/// It is bound to the session so that a step taken as one person never counts for another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Proved who they are.
    pub signed_in: Option<String>,
    /// Chose to go on with the account of the session.
    pub chose_account: Option<String>,
    /// Agreed to what the application asks for.
    pub consented: Option<String>,
}

/// Who is there, and what they did so far.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The browser's session.
    pub session: Option<&'a Session>,
    /// Whether the account of that session may still be used: it exists and is not suspended.
    pub user_is_active: bool,
    /// Whether that person may use the application (`contract/logto-core.md` §3.15).
    pub is_admitted: bool,
    /// What that person allowed the application before.
    pub consent: Option<&'a Consent>,
    /// What was done for this request.
    pub progress: &'a Progress,
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Issue a code.
    Issue,
    /// Have the person sign in or register.
    SignIn {
        /// Why.
        reason: Reason,
        /// Where to begin.
        screen: FirstScreen,
    },
    /// Ask whether the application may have this.
    Consent {
        /// What was not allowed before; everything when `prompt=consent` asks again.
        missing: Consent,
    },
    /// Ask whether to go on with the account of the session.
    SelectAccount,
    /// Tell the application this error.
    Refuse(OAuthError),
}

/// Why a person must sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody is signed in at this browser.
    NoSession,
    /// `prompt=login` or `prompt=create`.
    Prompt,
    /// The last sign-in is older than `max_age`.
    MaxAge,
    /// The application means another person.
    OtherPerson,
}

/// Decides the next step for `request` (Core §3.1.2.3 and §3.1.2.4).
pub fn decide(
    request: &AuthorizationRequest,
    client: &Client,
    standing: Standing<'_>,
    now: Time,
) -> Decision {
    let live = standing
        .session
        .filter(|session| now < session.expires_at && standing.user_is_active);
    let Some(session) = live else {
        return sign_in(request, Reason::NoSession);
    };
    let done_here = |step: &Option<String>| step.as_ref() == Some(&session.id);
    let signed_in_here = done_here(&standing.progress.signed_in);

    if let Some(reason) = reason_to_sign_in(request, session, signed_in_here, now) {
        if signed_in_here {
            // The person of the hint had the chance to sign in, and another did.
            return Decision::Refuse(login_required("another person is signed in"));
        }
        return sign_in(request, reason);
    }
    let chosen = signed_in_here || done_here(&standing.progress.chose_account);
    if request.prompt.select_account && !chosen {
        return Decision::SelectAccount;
    }
    if !standing.is_admitted {
        return Decision::Refuse(not_admitted());
    }
    let consented = done_here(&standing.progress.consented);
    match missing_consent(request, client, standing.consent, consented) {
        None => Decision::Issue,
        Some(_) if request.prompt.none => Decision::Refuse(OAuthError::new(
            ErrorCode::ConsentRequired,
            "the person has to consent first",
        )),
        Some(missing) => Decision::Consent { missing },
    }
}

/// What an application is told whose access control does not let the person in.
pub fn not_admitted() -> OAuthError {
    OAuthError::new(
        ErrorCode::AccessDenied,
        "the person may not use this application",
    )
}

fn sign_in(request: &AuthorizationRequest, reason: Reason) -> Decision {
    if request.prompt.none {
        return Decision::Refuse(login_required("the person has to sign in first"));
    }
    Decision::SignIn {
        reason,
        screen: request.hints.first_screen,
    }
}

fn login_required(description: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::LoginRequired, description)
}

/// A sign-in made for this very request satisfies everything but a hint at another person (T29).
fn reason_to_sign_in(
    request: &AuthorizationRequest,
    session: &Session,
    signed_in_here: bool,
    now: Time,
) -> Option<Reason> {
    let is_meant = match &request.subject {
        Subject::Anyone => true,
        Subject::Only(subject) => *subject == session.user_id,
        // An unreadable hint stops a silent answer; a person who looks at a page knows who they are.
        Subject::Unknown => !request.prompt.none,
    };
    if !is_meant {
        return Some(Reason::OtherPerson);
    }
    if signed_in_here {
        return None;
    }
    if request.prompt.login || request.prompt.create {
        return Some(Reason::Prompt);
    }
    request
        .max_age
        .is_some_and(|seconds| seconds == 0 || now.since(session.authenticated_at) > seconds)
        .then_some(Reason::MaxAge)
}

/// First-party applications are trusted; others are asked for once, and again for what is new (`contract/logto-core.md` §3.15).
fn missing_consent(
    request: &AuthorizationRequest,
    client: &Client,
    before: Option<&Consent>,
    consented_here: bool,
) -> Option<Consent> {
    if !client.is_third_party || consented_here {
        return None;
    }
    let asks_for = Consent {
        scope: request.scope.clone(),
        resources: request.resources.clone(),
    };
    let Some(before) = before.filter(|_| !request.prompt.consent) else {
        return Some(asks_for);
    };
    let missing = Consent {
        scope: asks_for
            .scope
            .filtered(|scope| !before.scope.contains(scope)),
        resources: asks_for
            .resources
            .into_iter()
            .filter(|resource| !before.resources.contains(resource))
            .collect(),
    };
    (!missing.is_empty()).then_some(missing)
}

impl Consent {
    /// Whether it allows nothing.
    pub fn is_empty(&self) -> bool {
        self.scope.is_empty() && self.resources.is_empty()
    }

    /// This and what the request asks for: to be remembered once the person agreed.
    #[must_use]
    pub fn extended(mut self, request: &AuthorizationRequest) -> Self {
        self.scope = self
            .scope
            .iter()
            .chain(request.scope.iter())
            .collect::<ScopeSet>();
        for resource in &request.resources {
            if !self.resources.contains(resource) {
                self.resources.push(resource.clone());
            }
        }
        self
    }
}

#[cfg(test)]
mod tests;
