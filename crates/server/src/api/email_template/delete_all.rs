//! `DELETE /api/email-templates`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::list::Asked;
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// How many there were.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RowCount {
    row_count: u64,
}

/// Forgets the messages of a language, of an occasion, or of both; one of them has to be named.
#[utoipa::path(
    delete,
    path = "/email-templates",
    operation_id = "DeleteEmailTemplates",
    tag = "Email templates",
    params(Asked),
    responses((status = 200, body = RowCount))
)]
pub(super) async fn delete_all(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<RowCount>, ApiError> {
    let wanted = asked.wanted();
    if wanted.language_tag.is_none() && wanted.template_type.is_none() {
        let message = "Name a language or an occasion: this would delete everything.";
        let code = "connector.email_connector.bulk_deletion_no_filter";
        return Err(Refused::new(code, message).into());
    }
    let mut tx = caller.begin(&app).await?;
    let row_count = store::email_template::delete_all(&mut tx, &caller.tenant.id, wanted).await?;
    app.commit(tx).await?;
    Ok(Json(RowCount { row_count }))
}
