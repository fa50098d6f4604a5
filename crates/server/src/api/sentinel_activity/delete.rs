//! `POST /api/sentinel-activities/delete`.

use axum::{extract::State, http::StatusCode};
use identity::{
    identifier::{Identifier, bucket},
    user::User,
};
use serde::Deserialize;
use store::{StoreError, Tx, failed_attempt, user::UsernameCase};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds},
    app::App,
    error::ApiError,
    tenant::Tenant,
};

/// The most identifiers of one request.
const MOST: usize = 100;

/// Who is let in again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Unlocked {
    target_type: TargetType,
    /// User names, e-mail addresses or phone numbers: up to 100.
    targets: SomeIds,
}

/// Whose failures were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
enum TargetType {
    /// A person's.
    User,
    /// An application's: none are counted.
    App,
}

/// Forgets failed attempts, so that those who are locked out may try again.
#[utoipa::path(
    post,
    path = "/sentinel-activities/delete",
    operation_id = "DeleteSentinelActivities",
    tag = "Sentinel activities",
    request_body = Unlocked,
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Input(unlocked): Input<Unlocked>,
) -> Result<StatusCode, ApiError> {
    if unlocked.targets.len() > MOST {
        let details = format!("targets: expected at most {MOST} entries");
        let part = "body";
        return Err(ApiError::Input { part, details });
    }
    if unlocked.target_type == TargetType::User {
        let mut tx = caller.begin(&app).await?;
        for target in unlocked.targets.iter() {
            unlock(&mut tx, &caller.tenant, target).await?;
        }
        app.commit(tx).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Failures are counted by account; those before there was one, by what was typed.
async fn unlock(tx: &mut Tx, tenant: &Tenant, target: &str) -> Result<(), StoreError> {
    let user = find(tx, tenant, target).await?;
    let buckets = [
        Some(bucket(None, target)),
        user.map(|user| bucket(Some(&user), target)),
    ];
    for bucket in buckets.into_iter().flatten() {
        failed_attempt::reset_all(tx, &tenant.id, &bucket).await?;
    }
    Ok(())
}

async fn find(tx: &mut Tx, tenant: &Tenant, target: &str) -> Result<Option<User>, StoreError> {
    let case = if tenant.experience.username_policy.case_sensitive {
        UsernameCase::Sensitive
    } else {
        UsernameCase::Insensitive
    };
    let id = &tenant.id;
    match Identifier::parse(target) {
        Some(Identifier::Username(name)) => {
            store::user::find_by_username(&mut *tx, id, &name, case).await
        }
        Some(Identifier::Email(email)) => store::user::find_by_email(&mut *tx, id, &email).await,
        Some(Identifier::Phone(phone)) => {
            match store::user::find_by_phone(&mut *tx, id, &phone).await? {
                None => store::user::find_by_username(&mut *tx, id, &phone, case).await,
                found => Ok(found),
            }
        }
        None => Ok(None),
    }
}
