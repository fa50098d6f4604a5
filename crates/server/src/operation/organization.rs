//! Organizations, their roles and members (`contract/logto-api.md` §3.3, §3.4).

use store::{
    Source,
    organization::{self, Organization},
    organization_invitation::{self, OrganizationInvitation},
    organization_role::{self, OrganizationRole},
    organization_scope::{self, OrganizationScope},
    relation::{self, Relation},
    role::RoleType,
};

use super::{OperationError, Refused};

/// The organization with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<Organization, OperationError> {
    organization::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_exists("organization", id).into())
}

/// The organization role with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find_role(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<OrganizationRole, OperationError> {
    organization_role::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_found("organization role", id).into())
}

/// Checks that somebody belongs to an organization.
///
/// # Errors
/// `organization.require_membership` when not; also when the database fails.
pub async fn check_member(
    source: impl Source,
    tenant: &str,
    members: Relation,
    organization_id: &str,
    member: &str,
) -> Result<(), OperationError> {
    let members = relation::children(source, members, tenant, &[organization_id]).await?;
    if members.iter().any(|known| known == member) {
        return Ok(());
    }
    Err(Refused::new(
        "organization.require_membership",
        format!("{member:?} does not belong to the organization."),
    )
    .into())
}

/// The organization scope with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find_scope(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<OrganizationScope, OperationError> {
    organization_scope::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_exists("organization scope", id).into())
}

/// The invitation with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find_invitation(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<OrganizationInvitation, OperationError> {
    organization_invitation::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_found("organization invitation", id).into())
}

/// Something that is named does not exist; this family answers 422 and not 404 (`contract/logto-api.md` §1.7).
pub fn unknown(what: &str, id: &str) -> Refused {
    Refused::new(
        "entity.relation_foreign_key_not_found",
        format!("There is no {what} {id:?}."),
    )
    .status(422)
}

/// Checks that these organization roles exist and can be had by such members.
///
/// # Errors
/// When one does not, or the database fails.
pub async fn check_roles(
    source: impl Source,
    tenant: &str,
    ids: &[String],
    kind: RoleType,
) -> Result<(), OperationError> {
    let roles = organization_role::find_by_ids(source, tenant, ids).await?;
    for id in ids {
        let role = roles.iter().find(|role| role.id == *id);
        let role = role.ok_or_else(|| unknown("organization role", id))?;
        if role.kind != kind {
            let message = match kind {
                RoleType::User => "A machine-to-machine role cannot be given to people.",
                RoleType::MachineToMachine => "A role for people cannot be given to applications.",
            };
            return Err(Refused::new("entity.db_constraint_violated", message).into());
        }
    }
    Ok(())
}
