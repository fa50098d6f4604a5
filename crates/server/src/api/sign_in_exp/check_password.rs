//! `POST /api/sign-in-exp/default/check-password`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use identity::password::policy::Rejection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, document::ErrorBody, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
    signin::new_password,
};

/// A password that somebody may choose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Candidate {
    password: Text<1, 1024>,
    /// Whose it would be: it must not contain the person's names.
    user_id: Option<String>,
}

/// What is said of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Checked {
    /// Whether it may be chosen.
    result: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    issues: Vec<Issue>,
}

/// What 400 says: what speaks against the password, or what is wrong with the request.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the document reads it")]
enum Refusal {
    Checked(Checked),
    Error(ErrorBody),
}

/// What speaks against it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Issue {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    interpolation: Option<Value>,
}

/// Checks a password against the tenant's policy: 200 when it may be chosen, 400 when not.
#[utoipa::path(
    post,
    path = "/sign-in-exp/default/check-password",
    operation_id = "CheckPasswordWithDefaultSignInExperience",
    tag = "Sign-in experience",
    request_body = Candidate,
    responses((status = 200, body = Checked), (status = 400, body = inline(Refusal)))
)]
pub(super) async fn check_password(
    State(app): State<App>,
    caller: Caller,
    Input(candidate): Input<Candidate>,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant;
    let user = match &candidate.user_id {
        Some(id) => {
            let found = store::user::find(app.db(), &tenant.id, id).await?;
            Some(found.ok_or_else(|| Refused::not_found("user", id))?)
        }
        None if tenant.experience.password_policy.rejects.user_info => {
            let message =
                "userId is needed: the policy refuses passwords with the person's own names";
            return Err(Refused::new("request.invalid_input", message).into());
        }
        None => None,
    };
    let own = user.as_ref().map(own_names).unwrap_or_default();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let rejections = new_password::check(&app, tenant, &candidate.password, &own).await;
    let status = if rejections.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let checked = Checked {
        result: rejections.is_empty(),
        issues: rejections
            .into_iter()
            .map(|rejection| Issue {
                interpolation: interpolation(rejection),
                code: rejection.code(),
            })
            .collect(),
    };
    Ok((status, Json(checked)).into_response())
}

fn interpolation(rejection: Rejection) -> Option<Value> {
    match rejection {
        Rejection::TooShort(min) | Rejection::CharacterTypes(min) => Some(json!({ "min": min })),
        Rejection::TooLong(max) => Some(json!({ "max": max })),
        _ => None,
    }
}

fn own_names(user: &identity::user::User) -> Vec<String> {
    [
        &user.username,
        &user.primary_email,
        &user.primary_phone,
        &user.name,
    ]
    .into_iter()
    .flatten()
    .cloned()
    .collect()
}
