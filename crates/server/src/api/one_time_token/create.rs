//! `POST /api/one-time-tokens`.

use axum::{Json, extract::State, http::StatusCode};
use identity::{
    identifier,
    one_time_token::{Context, InteractionEvent, LIFE, OneTimeToken, Status},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OneTimeTokenView;
use crate::{
    api::{caller::Caller, input::Input, list::Ids, text::Text},
    app::App,
    error::ApiError,
    operation::{Refused, organization::unknown},
    random,
};

/// The longest life of a token in seconds: ten years.
const LONGEST: i64 = 315_360_000;

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewOneTimeToken {
    #[schema(format = Email)]
    email: Text<1, 128>,
    /// How long it works, in seconds; 600 unless given.
    #[schema(minimum = 1, maximum = 315_360_000, nullable = false)]
    expires_in: Option<i64>,
    #[schema(nullable = false)]
    context: Option<NewContext>,
}

/// What the token is for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OneTimeTokenContext)]
#[serde(rename_all = "camelCase")]
struct NewContext {
    /// The organizations that its owner joins.
    #[schema(nullable = false)]
    jit_organization_ids: Option<Ids>,
    /// The only kind of sign-in in which it counts: `SignIn`, `Register` or `ForgotPassword`.
    #[schema(value_type = Option<String>, nullable = false)]
    interaction_event: Option<InteractionEvent>,
}

/// Makes a token that proves an e-mail address once; the caller puts it into a link.
#[utoipa::path(
    post,
    path = "/one-time-tokens",
    operation_id = "AddOneTimeTokens",
    tag = "One-time tokens",
    request_body = NewOneTimeToken,
    responses((status = 201, body = OneTimeTokenView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewOneTimeToken>,
) -> Result<(StatusCode, Json<OneTimeTokenView>), ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    let life = new.expires_in.unwrap_or(LIFE);
    if identifier::email(&new.email).is_none() {
        return Err(Refused::new("guard.invalid_input", "email is no e-mail address").into());
    }
    if !(1..=LONGEST).contains(&life) {
        let message = format!("expiresIn must be one of 1 to {LONGEST} seconds");
        return Err(Refused::new("guard.invalid_input", message).into());
    }
    let token = OneTimeToken {
        id: app.random_id(21),
        email: new.email.into(),
        token: random::application_secret(),
        context: new.context.map(NewContext::read).unwrap_or_default(),
        status: Status::Active,
        created_at: now,
        expires_at: now.plus(life),
    };
    let mut tx = caller.begin(&app).await?;
    for id in token.context.jit_organization_ids.iter().flatten() {
        let known = store::organization::find(&mut tx, tenant, id).await?;
        known.ok_or_else(|| unknown("organization", id))?;
    }
    store::one_time_token::insert(&mut tx, app.vault(), tenant, &token).await?;
    app.commit(tx).await?;
    let view = OneTimeTokenView::new(tenant, token, now);
    Ok((StatusCode::CREATED, Json(view)))
}

impl NewContext {
    fn read(self) -> Context {
        Context {
            jit_organization_ids: self.jit_organization_ids.map(|ids| ids.to_vec()),
            interaction_event: self.interaction_event,
        }
    }
}
