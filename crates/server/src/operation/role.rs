//! Roles and the scopes they allow (`contract/logto-api.md` §3.1).

use store::{
    Source, Tx,
    relation::{self, ROLE_SCOPES},
    resource,
    role::{self, INTERNAL, Role, RoleType},
    seed::is_management_api,
};

use super::{OperationError, Refused};

/// The role with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find(source: impl Source, tenant: &str, id: &str) -> Result<Role, OperationError> {
    role::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_exists("role", id).into())
}

/// The role with this id, if administrators may change it.
///
/// # Errors
/// When there is none, it belongs to the server, or the database fails.
pub async fn find_changeable(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<Role, OperationError> {
    let role = find(source, tenant, id).await?;
    check_name(&role.name)?;
    Ok(role)
}

/// Refuses the names of the server's own roles.
///
/// # Errors
/// `role.internal_role_violation`.
pub fn check_name(name: &str) -> Result<(), Refused> {
    if name.starts_with(INTERNAL) {
        return Err(Refused::new(
            "role.internal_role_violation",
            "The server's own roles cannot be changed or used.",
        ));
    }
    Ok(())
}

/// Lets a role allow more scopes; those that it allows already are passed over. Returns those that are new.
///
/// # Errors
/// When a scope does not exist, a role for people is to allow managing the tenant, or the database fails.
pub async fn allow(
    tx: &mut Tx,
    tenant: &str,
    role: &Role,
    scope_ids: &[String],
) -> Result<Vec<String>, OperationError> {
    let scopes = resource::find_scopes(&mut *tx, tenant, scope_ids).await?;
    if let Some(missing) = scope_ids
        .iter()
        .find(|id| scopes.iter().all(|(scope, _)| scope.id != **id))
    {
        return Err(Refused::not_exists("scope", missing).into());
    }
    let manages = scopes
        .iter()
        .any(|(_, resource)| is_management_api(&resource.indicator));
    if manages && role.kind == RoleType::User {
        return Err(Refused::new(
            "role.management_api_scopes_not_assignable_to_user_role",
            "A role for people cannot allow the Management API: give it to a machine-to-machine role.",
        )
        .into());
    }
    Ok(relation::add(tx, ROLE_SCOPES, tenant, &[&role.id], scope_ids).await?)
}

/// Checks that these roles exist, are not the server's own, and can be had by such holders.
///
/// # Errors
/// When one does not, or the database fails.
pub async fn check_kind(
    tx: &mut Tx,
    tenant: &str,
    role_ids: &[String],
    kind: RoleType,
) -> Result<(), OperationError> {
    for id in role_ids {
        let role = find_changeable(&mut *tx, tenant, id).await?;
        if role.kind != kind {
            let (code, message) = match kind {
                RoleType::User => (
                    "user.invalid_role_type",
                    "A machine-to-machine role cannot be given to people.",
                ),
                RoleType::MachineToMachine => (
                    "application.invalid_role_type",
                    "A role for people cannot be given to applications.",
                ),
            };
            return Err(Refused::new(code, message).into());
        }
    }
    Ok(())
}
