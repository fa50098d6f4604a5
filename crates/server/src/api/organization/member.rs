//! What people and applications have in common as members of an organization (`contract/logto-api.md` §3.3).

use protocol::client::ApplicationType;
use store::{
    Tx,
    relation::{
        self, ORGANIZATION_APPLICATION_ROLES, ORGANIZATION_APPLICATIONS, ORGANIZATION_USER_ROLES,
        ORGANIZATION_USERS, Relation, Replaced,
    },
    role::RoleType,
};

use super::{membership, relation::refused};
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook,
    operation::{self, Refused},
};

/// A kind of member.
#[derive(Debug)]
pub struct Kind {
    /// Who belongs to an organization.
    pub members: Relation,
    /// Which roles a member has there.
    pub roles: Relation,
    /// What its roles must be for.
    pub role_type: RoleType,
    /// What an event calls those who joined.
    pub added: &'static str,
    /// What an event calls those who left.
    pub removed: &'static str,
}

/// People.
pub const USERS: Kind = Kind {
    members: ORGANIZATION_USERS,
    roles: ORGANIZATION_USER_ROLES,
    role_type: RoleType::User,
    added: "addedUserIds",
    removed: "removedUserIds",
};

/// Machine-to-machine applications.
pub const APPLICATIONS: Kind = Kind {
    members: ORGANIZATION_APPLICATIONS,
    roles: ORGANIZATION_APPLICATION_ROLES,
    role_type: RoleType::MachineToMachine,
    added: "addedApplicationIds",
    removed: "removedApplicationIds",
};

/// Lets members join; those that belong already are passed over.
pub async fn add(
    app: &App,
    caller: &Caller,
    kind: &Kind,
    organization_id: &str,
    ids: &[String],
) -> Result<(), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    check(&mut tx, tenant, kind, ids).await?;
    let added = relation::add(&mut tx, kind.members, tenant, &[organization_id], ids).await;
    let change = Replaced {
        added: added.map_err(refused)?,
        removed: Vec::new(),
    };
    tell(app, &mut tx, caller, kind, organization_id, &change, 201).await?;
    Ok(app.commit(tx).await?)
}

/// Makes these the members. Those who stay keep their roles.
pub async fn replace(
    app: &App,
    caller: &Caller,
    kind: &Kind,
    organization_id: &str,
    ids: &[String],
) -> Result<(), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    operation::organization::find(&mut tx, tenant, organization_id).await?;
    check(&mut tx, tenant, kind, ids).await?;
    let change = relation::replace(&mut tx, kind.members, tenant, &[organization_id], ids).await;
    let change = change.map_err(refused)?;
    tell(app, &mut tx, caller, kind, organization_id, &change, 204).await?;
    Ok(app.commit(tx).await?)
}

/// Lets a member go, with its roles.
pub async fn remove(
    app: &App,
    caller: &Caller,
    kind: &Kind,
    organization_id: &str,
    id: &str,
) -> Result<(), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    if !relation::remove(&mut tx, kind.members, tenant, &[organization_id], id).await? {
        return Err(Refused::not_found("member", id).into());
    }
    let change = Replaced {
        added: Vec::new(),
        removed: vec![id.to_owned()],
    };
    tell(app, &mut tx, caller, kind, organization_id, &change, 204).await?;
    Ok(app.commit(tx).await?)
}

/// Gives every one of these members every one of these roles.
pub async fn give_roles(
    app: &App,
    caller: &Caller,
    kind: &Kind,
    organization_id: &str,
    ids: &[String],
    role_ids: &[String],
) -> Result<(), ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(app).await?;
    operation::organization::check_roles(&mut tx, tenant, role_ids, kind.role_type).await?;
    let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    // Everybody writes them in the same order: two at once wait for each other, and never in a circle.
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let parent = [organization_id, id];
        let added = relation::add(&mut tx, kind.roles, tenant, &parent, role_ids).await;
        added.map_err(refused)?;
    }
    Ok(app.commit(tx).await?)
}

/// Begins a change of a member's roles.
pub async fn begin(
    app: &App,
    caller: &Caller,
    kind: &Kind,
    organization_id: &str,
    id: &str,
) -> Result<Tx, ApiError> {
    let mut tx = caller.begin(app).await?;
    let tenant = &caller.tenant.id;
    let members = kind.members;
    operation::organization::check_member(&mut tx, tenant, members, organization_id, id).await?;
    Ok(tx)
}

/// Only machine-to-machine applications act in organizations.
async fn check(tx: &mut Tx, tenant: &str, kind: &Kind, ids: &[String]) -> Result<(), ApiError> {
    if kind.role_type == RoleType::User {
        return Ok(());
    }
    for id in ids {
        let found = store::application::find(&mut *tx, tenant, id).await?;
        let found = found.ok_or_else(|| operation::organization::unknown("application", id))?;
        if found.kind != ApplicationType::MachineToMachine {
            let message = "Only machine-to-machine applications act in organizations.";
            return Err(Refused::new("entity.db_constraint_violated", message).into());
        }
    }
    Ok(())
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    kind: &Kind,
    organization_id: &str,
    change: &Replaced,
    status: u16,
) -> Result<(), ApiError> {
    let told = hook::of_request(caller, status);
    let tenant = &caller.tenant;
    membership::tell(app, tx, tenant, kind, organization_id, change, told).await?;
    Ok(())
}
