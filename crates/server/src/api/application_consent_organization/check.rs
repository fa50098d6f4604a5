//! What all of them check.

use store::{
    Tx,
    relation::{self, USER_ORGANIZATIONS},
};

use crate::{
    api::user::find_user,
    operation::{self, OperationError, Refused},
};

/// Whether there is the third-party application, and the person.
pub(super) async fn check(
    tx: &mut Tx,
    tenant: &str,
    application_id: &str,
    user_id: &str,
) -> Result<(), OperationError> {
    operation::application::find_third_party(tx, tenant, application_id).await?;
    find_user(&mut *tx, tenant, user_id).await?;
    Ok(())
}

/// Whether the person belongs to all of these organizations.
pub(super) async fn check_membership(
    tx: &mut Tx,
    tenant: &str,
    user_id: &str,
    organization_ids: &[String],
) -> Result<(), OperationError> {
    let held = relation::children(&mut *tx, USER_ORGANIZATIONS, tenant, &[user_id]).await?;
    if organization_ids.iter().all(|id| held.contains(id)) {
        return Ok(());
    }
    let message = "The user does not belong to all of these organizations.";
    Err(Refused::new("organization.require_membership", message).into())
}
