//! `GET /api/users/{userId}/all-identities`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    find_user,
    sso_identity::{self, SsoIdentityView},
    view::IdentityView,
};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// What others know the person as.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AllIdentities {
    social_identities: Vec<TargetIdentity>,
    sso_identities: Vec<ConnectorIdentity>,
}

/// An account at an enterprise provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConnectorIdentity {
    sso_connector_id: String,
    sso_identity: SsoIdentityView,
}

/// An account at a social provider.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TargetIdentity {
    target: String,
    identity: IdentityView,
}

/// What social and enterprise providers know the person as.
#[utoipa::path(
    get,
    path = "/users/{userId}/all-identities",
    operation_id = "ListUserAllIdentities",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = AllIdentities))
)]
pub(super) async fn all_identities(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AllIdentities>, ApiError> {
    let user = find_user(app.db(), &caller.tenant.id, &id).await?;
    let social = user.identities.into_iter().map(|(target, identity)| {
        let identity = IdentityView {
            user_id: identity.user_id,
            details: identity.details,
        };
        TargetIdentity { target, identity }
    });
    let social_identities = social.collect();
    let identities = sso_identity::of_user(&app, &caller.tenant.id, &id).await?;
    let sso = identities.into_iter().map(|identity| ConnectorIdentity {
        sso_connector_id: identity.sso_connector_id.clone(),
        sso_identity: identity,
    });
    Ok(Json(AllIdentities {
        social_identities,
        sso_identities: sso.collect(),
    }))
}
