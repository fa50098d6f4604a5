//! `POST /api/resources`.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use store::resource::Resource;
use utoipa::ToSchema;

use super::ResourceView;
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation,
};

/// An API to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewResource {
    name: Text<1, 256>,
    /// An absolute URI without a fragment (RFC 8707 §2).
    indicator: Text<1, 256>,
    /// Life of its access tokens in seconds.
    #[schema(minimum = 1, maximum = 31_536_000)]
    access_token_ttl: Option<i64>,
}

/// Registers an API.
#[utoipa::path(
    post,
    path = "/resources",
    operation_id = "CreateResource",
    tag = "Resources",
    request_body = NewResource,
    responses((status = 201, body = ResourceView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewResource>,
) -> Result<(StatusCode, Json<ResourceView>), ApiError> {
    let tenant = &caller.tenant.id;
    let resource = Resource {
        id: app.random_id(21),
        name: new.name.into(),
        indicator: operation::resource::check(&new.indicator)?.to_owned(),
        is_default: false,
        access_token_ttl: operation::resource::check_life(new.access_token_ttl)?.unwrap_or(3600),
        signing_algorithm: None,
    };
    let mut tx = caller.begin(&app).await?;
    store::resource::insert(&mut tx, tenant, &resource).await?;
    app.commit(tx).await?;
    let view = ResourceView::new(tenant, resource).with(Vec::new());
    Ok((StatusCode::CREATED, Json(view)))
}
