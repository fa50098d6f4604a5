//! What pruning must not break, and what it changes beside the things that go.

use identity::{connector::Connector, user::User};
use serde_json::{Map, Value};
use store::{
    application::secret,
    relation::{self, ROLE_APPLICATIONS, ROLE_SCOPES, ROLE_USERS},
    resource,
    role::{self, Role, RoleType},
    seed::{ADMIN_TENANT, MANAGEMENT_API},
};

use super::{
    account_center,
    change::{Change, Shown},
    cimd, experience,
    given::Given,
    kind::World,
};
use crate::{
    operation::{
        OperationError, Refused,
        connector::{check_recovery, purpose, sends},
    },
    text,
};
use connectors::factory::Purpose;

/// How a tenant was before anything was taken away.
pub(super) struct Guard {
    is_manageable: bool,
    experience: Map<String, Value>,
    account_center: Map<String, Value>,
    cimd: Map<String, Value>,
}

impl Guard {
    pub(super) async fn new(world: &mut World<'_>) -> Result<Self, OperationError> {
        Ok(Self {
            is_manageable: is_manageable(world).await?,
            experience: experience::read(world).await?,
            account_center: account_center::read(world).await?,
            cimd: cimd::read(world).await?,
        })
    }

    /// What went from lists of what a tenant has one of, together with what it named.
    pub(super) async fn consequences(
        &mut self,
        world: &mut World<'_>,
        changes: &mut Vec<Change>,
    ) -> Result<(), OperationError> {
        let experience = experience::read(world).await?;
        let account_center = account_center::read(world).await?;
        let cimd = cimd::read(world).await?;
        for (kind, before, after) in [
            (experience::NOUN, &mut self.experience, experience),
            (
                account_center::NOUN,
                &mut self.account_center,
                account_center,
            ),
            (cimd::NOUN, &mut self.cimd, cimd),
        ] {
            if *before != after {
                let was = Shown::open(std::mem::take(before));
                let name = world.tenant.to_owned();
                let is = Shown::open(after);
                changes.push(Change::between(
                    kind,
                    name,
                    Some(&was),
                    &is,
                    &Given::default(),
                ));
            }
        }
        Ok(())
    }

    /// Refuses what pruning has led to when it cannot stay so.
    pub(super) async fn check(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        let experience = experience::read(world).await?;
        let (tenant, vault) = (world.tenant, world.vault);
        let connectors = store::connector::list(&mut *world.tx, vault, tenant).await?;
        check_recovery(&experience, &connectors)?;
        let custom = store::custom_phrase::languages(&mut *world.tx, tenant).await?;
        let fallback = experience
            .get("languageInfo")
            .and_then(|info| info["fallbackLanguage"].as_str());
        let is_known =
            |tag: &str| text::tags().contains(&tag) || custom.iter().any(|known| known == tag);
        if let Some(tag) = fallback.filter(|tag| !is_known(tag)) {
            let message = format!(
                "pruning would take the fallback language {tag:?} of the sign-in experience away: choose another one, or keep its custom phrases"
            );
            let code = "localization.cannot_delete_default_language";
            return Err(Refused::new(code, message).into());
        }
        if self.is_manageable && !is_manageable(world).await? {
            return Err(Refused::new("guard.invalid_input", locked_out(tenant)).into());
        }
        Ok(())
    }
}

fn locked_out(tenant: &str) -> String {
    if tenant == ADMIN_TENANT {
        return "pruning would leave no administrator who can sign in: keep the roles and connectors that they need, or give one a password first".to_owned();
    }
    format!(
        "pruning would leave nobody who can manage the tenant {tenant:?}: keep an application with a secret and a role that allows `all` of {}, or make an administrator first",
        api_of(tenant)
    )
}

fn api_of(tenant: &str) -> String {
    format!("https://{tenant}.logto.app/api")
}

/// Whether somebody can manage the tenant over the network: an application of its own that may call its Management API and can prove
/// itself, or an administrator who can sign in.
async fn is_manageable(world: &mut World<'_>) -> Result<bool, OperationError> {
    // The application that came with the admin tenant stays whatever happens, but nobody has its secret.
    Ok(
        (world.tenant != ADMIN_TENANT && has_application(world).await?)
            || has_administrator(world).await?,
    )
}

async fn has_application(world: &mut World<'_>) -> Result<bool, OperationError> {
    let tenant = world.tenant;
    let kind = RoleType::MachineToMachine;
    for role in managing_roles(world, tenant, kind, &api_of(tenant)).await? {
        let holders = ROLE_APPLICATIONS;
        for id in relation::children(&mut *world.tx, holders, tenant, &[&role.id]).await? {
            let secrets = secret::list(&mut *world.tx, tenant, &id).await?;
            let is_good = |end: protocol::time::Time| end > world.now;
            if secrets
                .iter()
                .any(|secret| secret.expires_at.is_none_or(is_good))
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn has_administrator(world: &mut World<'_>) -> Result<bool, OperationError> {
    const T: &str = ADMIN_TENANT;
    let connectors = store::connector::list(&mut *world.tx, world.vault, T).await?;
    for role in managing_roles(world, T, RoleType::User, MANAGEMENT_API).await? {
        for id in relation::children(&mut *world.tx, ROLE_USERS, T, &[&role.id]).await? {
            let Some(user) = store::user::find(&mut *world.tx, T, &id).await? else {
                continue;
            };
            let sso = store::user_sso_identity::list(&mut *world.tx, T, &id).await?;
            if !user.is_suspended && (!sso.is_empty() || can_sign_in(&user, &connectors)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// By password, by a provider, or by a code.
fn can_sign_in(user: &User, connectors: &[Connector]) -> bool {
    let is_known = |target: &String| {
        connectors
            .iter()
            .any(|it| it.target == *target && purpose(it) == Some(Purpose::Social))
    };
    user.password.is_some()
        || user.identities.keys().any(is_known)
        || user.primary_email.is_some() && sends(connectors, Purpose::Email)
        || user.primary_phone.is_some() && sends(connectors, Purpose::Sms)
}

/// The roles of a tenant that allow everything of an API.
async fn managing_roles(
    world: &mut World<'_>,
    tenant: &str,
    kind: RoleType,
    indicator: &str,
) -> Result<Vec<Role>, OperationError> {
    let mut managing = Vec::new();
    for role in role::list(&mut *world.tx, tenant).await? {
        if role.kind != kind {
            continue;
        }
        let ids = relation::children(&mut *world.tx, ROLE_SCOPES, tenant, &[&role.id]).await?;
        let scopes = resource::find_scopes(&mut *world.tx, tenant, &ids).await?;
        let mut scopes = scopes.iter();
        if scopes.any(|(scope, api)| scope.name == "all" && api.indicator == indicator) {
            managing.push(role);
        }
    }
    Ok(managing)
}
