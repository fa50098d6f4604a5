//! The three faces of a refusal: to an OpenID Connect client, to a caller of the API, to a person. The only places where an error becomes a response.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::error::{ErrorCode, OAuthError};
use serde_json::{Value, json};

use crate::{
    again::Deadlock,
    arriving::request_id,
    hash::Busy,
    operation::{OperationError, Refused},
    page::{message::Message, show},
};

/// Anything that went wrong on our side: logged once, never shown.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Seconds after which a database that was out of reach or had no room may be asked again.
const DATABASE_RETRY_AFTER: u32 = 2;

/// What a failure of the store is to those outside.
enum Fault {
    /// It passes: it is logged, and the sender may try again after so many seconds.
    Passing(u32),
    /// It is ours.
    Ours(Cause),
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        if error.is_unavailable() {
            log(&error);
            Self::Passing(DATABASE_RETRY_AFTER)
        } else {
            Self::Ours(Box::new(error))
        }
    }
}

/// A refusal to an OpenID Connect client (RFC 6749 §5.2, with Logto's `code` and `message` beside it).
#[derive(Debug)]
pub enum OidcError {
    /// The request was refused.
    Refused {
        /// Why.
        error: OAuthError,
        /// `WWW-Authenticate`, for 401 and 403.
        challenge: Option<String>,
    },
    /// The same with 403: a token endpoint's word about organizations (`contract/logto-core.md` §3.12).
    Forbidden(OAuthError),
    /// Too much work is waiting; the client may try again after so many seconds.
    Busy(u32),
    /// We failed.
    Internal(Cause),
}

impl OidcError {
    /// 401 that asks for HTTP Basic, as a client that used the Authorization header must be told (RFC 6749 §5.2).
    pub fn unauthenticated_client(error: OAuthError, issuer: &str) -> Self {
        Self::Refused {
            error,
            challenge: Some(format!("Basic realm=\"{issuer}\"")),
        }
    }

    /// A refusal at a protected resource, with the challenge of RFC 6750 §3.
    pub fn bearer(error: OAuthError, issuer: &str) -> Self {
        let challenge = format!(
            "Bearer realm=\"{issuer}\", error=\"{}\", error_description=\"{}\"",
            error.code.as_str(),
            error.description
        );
        Self::Refused {
            error,
            challenge: Some(challenge),
        }
    }
}

impl From<OAuthError> for OidcError {
    fn from(error: OAuthError) -> Self {
        Self::Refused {
            error,
            challenge: None,
        }
    }
}

impl From<store::StoreError> for OidcError {
    fn from(error: store::StoreError) -> Self {
        // The account was deleted while it was asked for.
        if matches!(error, store::StoreError::Dangling) {
            return OAuthError::invalid_grant("the account or the grant has just ended").into();
        }
        match Fault::from(error) {
            Fault::Passing(seconds) => Self::Busy(seconds),
            Fault::Ours(cause) => Self::Internal(cause),
        }
    }
}

impl From<NoSuchTenant> for OidcError {
    fn from(_: NoSuchTenant) -> Self {
        OAuthError::invalid_request("no tenant answers at this address").into()
    }
}

impl IntoResponse for OidcError {
    fn into_response(self) -> Response {
        let is_deadlock = matches!(&self, Self::Internal(cause) if is_deadlock(cause.as_ref()));
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let (status, error) = match self {
            Self::Refused { error, challenge } => {
                let challenge =
                    challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok());
                challenge.map(|challenge| headers.insert(header::WWW_AUTHENTICATE, challenge));
                (oauth_status(error.code), error)
            }
            Self::Forbidden(error) => (StatusCode::FORBIDDEN, error),
            Self::Busy(seconds) => {
                headers.insert(header::RETRY_AFTER, seconds.into());
                let error = OAuthError::new(
                    ErrorCode::TemporarilyUnavailable,
                    "too many requests are waiting, try again shortly",
                );
                (StatusCode::SERVICE_UNAVAILABLE, error)
            }
            Self::Internal(cause) => {
                let id = log(cause.as_ref());
                let error = OAuthError::new(
                    ErrorCode::ServerError,
                    format!("the server failed; its log has the cause under request {id}"),
                );
                (StatusCode::INTERNAL_SERVER_ERROR, error)
            }
        };
        let body = oauth_body(&error);
        marked((status, headers, Json(body)).into_response(), is_deadlock)
    }
}

/// The JSON of an OAuth error: the standard members, and `code` and `message` for Logto's SDKs.
pub fn oauth_body(error: &OAuthError) -> Value {
    json!({
        "error": error.code.as_str(),
        "error_description": error.description,
        "code": format!("oidc.{}", error.code.as_str()),
        "message": error.description,
    })
}

/// The status of an OAuth error as `contract/logto-core.md` §3.12 lists them.
pub const fn oauth_status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// A refusal to a caller of the API: `{code, message, data?, details?}` (`contract/logto-api.md` §1.7).
#[derive(Debug)]
pub enum ApiError {
    /// The request was refused.
    Refused(Refused),
    /// The request does not have the form that the route asks for.
    Input {
        /// `body`, `query`, `path` or `file`.
        part: &'static str,
        /// Where and what.
        details: String,
    },
    /// The body is no JSON.
    Syntax(String),
    /// Too much work is waiting; the caller may try again after so many seconds.
    Busy(u32),
    /// We failed.
    Internal(Cause),
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<OperationError> for ApiError {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Refused(refused) => Self::Refused(refused),
            OperationError::Store(error) => match Fault::from(error) {
                Fault::Passing(seconds) => Self::Busy(seconds),
                Fault::Ours(cause) => Self::Internal(cause),
            },
            OperationError::Key(error) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        OperationError::from(error).into()
    }
}

impl From<Busy> for ApiError {
    fn from(_: Busy) -> Self {
        Self::Busy(crate::hash::RETRY_AFTER)
    }
}

impl From<protocol::saml::Refused> for ApiError {
    fn from(refused: protocol::saml::Refused) -> Self {
        Refused::from(refused).into()
    }
}

impl From<OAuthError> for ApiError {
    fn from(error: OAuthError) -> Self {
        Refused::from(error).into()
    }
}

/// At an endpoint that browsers are sent to, what a client is told in other places.
impl From<OidcError> for ApiError {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Refused { error, .. } | OidcError::Forbidden(error) => error.into(),
            OidcError::Busy(seconds) => Self::Busy(seconds),
            OidcError::Internal(cause) => Self::Internal(cause),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let is_deadlock = matches!(&self, Self::Internal(cause) if is_deadlock(cause.as_ref()));
        let (status, body) = match self {
            Self::Refused(refused) => {
                let status = refused
                    .status
                    .and_then(|status| StatusCode::from_u16(status).ok())
                    .unwrap_or_else(|| api_status(refused.code));
                let mut body = json!({ "code": refused.code, "message": refused.message });
                if let (Some(data), Some(members)) = (refused.data, body.as_object_mut()) {
                    members.insert("data".to_owned(), data);
                }
                (status, body)
            }
            Self::Input { part, details } => {
                let message = format!("The request's {part} is invalid.");
                let body = json!({ "code": "guard.invalid_input", "message": message, "details": details });
                (StatusCode::BAD_REQUEST, body)
            }
            Self::Syntax(details) => {
                let body = json!({ "message": "The body is no JSON.", "details": details });
                (StatusCode::BAD_REQUEST, body)
            }
            Self::Busy(seconds) => {
                let body = json!({ "code": "request.general", "message": "Too many requests are waiting, try again shortly." });
                let retry = [(header::RETRY_AFTER, seconds.to_string())];
                return (StatusCode::SERVICE_UNAVAILABLE, retry, Json(body)).into_response();
            }
            Self::Internal(cause) => {
                let id = log(cause.as_ref());
                let message =
                    format!("The server failed; its log has the cause under request {id}.");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    json!({ "message": message }),
                )
            }
        };
        marked((status, Json(body)).into_response(), is_deadlock)
    }
}

/// The status that a code has unless a refusal says otherwise (`contract/logto-api.md` §1.7, §11.2).
fn api_status(code: &str) -> StatusCode {
    const UNAUTHORIZED: [&str; 9] = [
        "connector.authorization_failed",
        "connector.social_auth_code_invalid",
        "connector.social_invalid_access_token",
        "connector.social_invalid_id_token",
        "auth.authorization_header_missing",
        "auth.authorization_token_type_not_supported",
        "auth.unauthorized",
        "auth.jwt_sub_missing",
        "verification_record.permission_denied",
    ];
    const FORBIDDEN: [&str; 5] = [
        "auth.forbidden",
        "auth.third_party_application_forbidden",
        "role.internal_role_violation",
        "session.mfa.require_mfa_verification",
        "application.saml.reach_oss_limit",
    ];
    const NOT_FOUND: [&str; 11] = [
        "entity.not_exists_with_id",
        "entity.not_found",
        "entity.not_exists",
        "entity.relation_foreign_key_not_found",
        "user.identity_not_exist",
        "user.user_not_exist",
        "user.enterprise_sso_identity_not_exists",
        "oidc.session_not_found",
        "oidc.key_not_found",
        "oidc.invalid_grant",
        "one_time_token.token_not_found",
    ];
    const CONFLICT: [&str; 3] = [
        "single_sign_on.duplicate_connector_name",
        "localization.cannot_delete_default_language",
        "sign_in_experiences.username_policy_case_conflicts_exist",
    ];
    /// The exceptions among families that otherwise are 422.
    const BAD_REQUEST: [&str; 14] = [
        "application.invalid_third_party_application_type",
        "application.protected_app_metadata_is_required",
        "application.protected_application_only",
        "application.no_legacy_secret_found",
        "user.password_and_digest",
        "user.password_algorithm_required",
        "user.cannot_delete_self",
        "user.last_sign_in_method_required",
        "user.totp_secret_invalid",
        "role.management_api_scopes_not_assignable_to_user_role",
        "scope.name_with_space",
        "resource.cannot_modify_management_api",
        "resource.cannot_delete_management_api",
        "hook.missing_events",
    ];
    const UNPROCESSABLE_FAMILIES: [&str; 9] = [
        "entity.",
        "application.",
        "user.",
        "role.",
        "scope.",
        "resource.",
        "organization.",
        "hook.",
        "jwt_customizer.",
    ];
    const UNPROCESSABLE: [&str; 18] = [
        "application.saml.acs_url_binding_not_supported",
        "application.saml.saml_application_only",
        "custom_profile_fields.name_exists",
        "connector.invalid_type_for_syncing_profile",
        "connector.multiple_target_with_same_platform",
        "connector.not_found_with_connector_id",
        "connector.token_storage_not_supported",
        "single_sign_on.duplicated_domains",
        "single_sign_on.forbidden_domains",
        "session.invalid_credentials",
        "session.invalid_connector_id",
        "password.rejected",
        "oidc.key_required",
        "oidc.only_previous_key_can_be_deleted",
        "localization.invalid_translation_structure",
        "connector.multiple_instances_not_supported",
        "session.mfa.backup_code_can_not_be_alone",
        "connector.email_connector.bulk_deletion_no_filter",
    ];
    if UNAUTHORIZED.contains(&code) {
        StatusCode::UNAUTHORIZED
    } else if FORBIDDEN.contains(&code) {
        StatusCode::FORBIDDEN
    } else if NOT_FOUND.contains(&code) {
        StatusCode::NOT_FOUND
    } else if CONFLICT.contains(&code) {
        StatusCode::CONFLICT
    } else if BAD_REQUEST.contains(&code) {
        StatusCode::BAD_REQUEST
    } else if UNPROCESSABLE.contains(&code)
        || !code.starts_with("application.saml.")
            && UNPROCESSABLE_FAMILIES
                .iter()
                .any(|family| code.starts_with(family))
    {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if code == "request.message_rate_limited" {
        StatusCode::TOO_MANY_REQUESTS
    } else if code == "connector.not_implemented" {
        StatusCode::NOT_IMPLEMENTED
    } else {
        StatusCode::BAD_REQUEST
    }
}

/// A refusal to a person. What the page says is chosen here; [`crate::page`] draws it in the person's language.
#[derive(Debug)]
pub enum PageError {
    /// The sign-in is unknown: too old, or begun in another browser.
    UnknownSession,
    /// The application asked for something that cannot be answered, and there is no proven address to send that to.
    BadRequest(OAuthError),
    /// What a program would be told with a code.
    Refused(Refused),
    /// The form was not sent from our page, or its page is too old.
    Forged,
    /// There is no such page.
    NotFound,
    /// Too much work is waiting; come back after so many seconds.
    Busy(u32),
    /// We failed.
    Internal(Cause),
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> Self {
        // The account was deleted in the middle of its sign-in.
        if matches!(error, store::StoreError::Dangling) {
            return Self::UnknownSession;
        }
        match Fault::from(error) {
            Fault::Passing(seconds) => Self::Busy(seconds),
            Fault::Ours(cause) => Self::Internal(cause),
        }
    }
}

impl From<OAuthError> for PageError {
    fn from(error: OAuthError) -> Self {
        Self::BadRequest(error)
    }
}

/// What the API says to a program, for the person whose browser got it.
impl From<ApiError> for PageError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Refused(refused) => Self::Refused(refused),
            ApiError::Input { details, .. } | ApiError::Syntax(details) => {
                OAuthError::invalid_request(details).into()
            }
            ApiError::Busy(seconds) => Self::Busy(seconds),
            ApiError::Internal(cause) => Self::Internal(cause),
        }
    }
}

impl From<Busy> for PageError {
    fn from(_: Busy) -> Self {
        Self::Busy(crate::hash::RETRY_AFTER)
    }
}

impl From<NoSuchTenant> for PageError {
    fn from(_: NoSuchTenant) -> Self {
        Self::NotFound
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::UnknownSession => show(Message::UnknownSession),
            Self::BadRequest(error) => show(Message::BadRequest(error.to_string())),
            Self::Refused(refused) => show(message(refused)),
            Self::Forged => show(Message::Forged),
            Self::NotFound => show(Message::NotFound),
            Self::Busy(seconds) => {
                let mut response = show(Message::Busy);
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, seconds.into());
                response
            }
            Self::Internal(cause) => {
                let is_deadlock = is_deadlock(cause.as_ref());
                marked(show(Message::Failed(log(cause.as_ref()))), is_deadlock)
            }
        }
    }
}

/// The page for a refusal that has a code.
fn message(refused: Refused) -> Message {
    match refused.code {
        "oidc.access_denied" => Message::NotAdmitted,
        "application.saml.state_mismatch"
        | "oidc.invalid_grant"
        | "application.saml.sp_initiated_saml_sso_session_not_found"
        | "application.saml.sp_initiated_saml_sso_session_not_found_in_cookies" => {
            Message::UnknownSession
        }
        code if api_status(code) == StatusCode::NOT_FOUND => Message::NotFound,
        code => Message::BadRequest(format!("{code}: {refused}")),
    }
}

/// The request was sent to an address at which no tenant answers.
#[derive(Clone, Copy, Debug)]
pub struct NoSuchTenant;

impl IntoResponse for NoSuchTenant {
    fn into_response(self) -> Response {
        PageError::from(self).into_response()
    }
}

/// Writes the cause and its sources to the log and gives the id it stands under.
pub fn log(cause: &(dyn std::error::Error + 'static)) -> String {
    let id = request_id();
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    if is_deadlock(cause) {
        tracing::warn!(request = %id, "{text}");
    } else {
        tracing::error!(request = %id, "{text}");
    }
    id
}

/// Whether all that went wrong is that two transactions waited for each other.
fn is_deadlock(cause: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(cause);
    while let Some(error) = cause {
        if error
            .downcast_ref::<store::StoreError>()
            .is_some_and(store::StoreError::is_deadlock)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn marked(mut response: Response, is_deadlock: bool) -> Response {
    if is_deadlock {
        response.extensions_mut().insert(Deadlock);
    }
    response
}
