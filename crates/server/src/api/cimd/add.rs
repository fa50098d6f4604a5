//! `POST /api/cimd/user-consent-scopes`.

use axum::{extract::State, http::StatusCode};

use crate::{
    api::{
        application_user_consent_scope::{Added, Whose, let_ask},
        caller::Caller,
        input::Input,
    },
    app::App,
    error::ApiError,
};

/// Lets clients ask people for more that are known by the address of their metadata document.
#[utoipa::path(
    post,
    path = "/cimd/user-consent-scopes",
    operation_id = "CreateCimdUserConsentScope",
    tag = "Applications",
    request_body = Added,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<Added>,
) -> Result<(StatusCode, &'static str), ApiError> {
    let mut tx = caller.begin(&app).await?;
    let_ask(&mut tx, &caller.tenant.id, Whose::Cimd, &body).await?;
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, "Created"))
}
