//! `POST /api/subject-tokens`.

use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    grant::exchange::{SUBJECT_TOKEN_LIFE, SUBJECT_TOKEN_PREFIX},
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::subject_token::{self, SubjectToken};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
};

/// For whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSubjectToken {
    user_id: Text<1, 128>,
    /// What the script for token claims is told.
    #[serde(default)]
    #[schema(value_type = Object)]
    context: Map<String, Value>,
}

/// The token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubjectToken)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectTokenView {
    /// It is shown this once.
    subject_token: String,
    /// In seconds.
    expires_in: i64,
}

/// Makes a token that an application may exchange once for an access token of the user.
#[utoipa::path(
    post,
    path = "/subject-tokens",
    operation_id = "CreateSubjectToken",
    tag = "Subject tokens",
    request_body = NewSubjectToken,
    responses((status = 201, body = SubjectTokenView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewSubjectToken>,
) -> Result<(StatusCode, Json<SubjectTokenView>), ApiError> {
    let now = app.now();
    let text = format!("{SUBJECT_TOKEN_PREFIX}{}", app.random_id(21));
    let token = SubjectToken {
        user_id: new.user_id.into(),
        creator_id: caller.actor.id().to_owned(),
        context: new.context,
        created_at: now,
        expires_at: now.plus(SUBJECT_TOKEN_LIFE),
    };
    let hash = Secret::new(&*text).hash();
    let mut tx = caller.begin(&app).await?;
    subject_token::insert(&mut tx, &caller.tenant.id, &hash, &token).await?;
    app.commit(tx).await?;
    let view = SubjectTokenView {
        subject_token: text,
        expires_in: SUBJECT_TOKEN_LIFE,
    };
    Ok((StatusCode::CREATED, Json(view)))
}
