//! Webhooks: what happened is queued in the transaction in which it happens (`contract/logto-core.md` §9.1).

pub mod attempt;
pub mod call;
pub mod interaction;
pub mod person;
pub mod sample;

use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{StoreError, Tx, hook::Subscription, hook_delivery::HookDelivery};

use crate::{api::caller::Caller, app::App, tenant::Tenant};

/// Every event and its name.
macro_rules! events {
    ($($name:ident = $text:literal,)+) => {
        /// What a hook can be told of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Event {
            $($name,)+
        }

        impl Event {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The event with this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|event| event.as_str() == name)
            }

            /// Its name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

events! {
    PostRegister = "PostRegister",
    PostSignIn = "PostSignIn",
    PostSignInAdaptiveMfaTriggered = "PostSignInAdaptiveMfaTriggered",
    PostResetPassword = "PostResetPassword",
    UserCreated = "User.Created",
    UserDeleted = "User.Deleted",
    UserDataUpdated = "User.Data.Updated",
    UserSuspensionStatusUpdated = "User.SuspensionStatus.Updated",
    RoleCreated = "Role.Created",
    RoleDeleted = "Role.Deleted",
    RoleDataUpdated = "Role.Data.Updated",
    RoleScopesUpdated = "Role.Scopes.Updated",
    ScopeCreated = "Scope.Created",
    ScopeDeleted = "Scope.Deleted",
    ScopeDataUpdated = "Scope.Data.Updated",
    OrganizationCreated = "Organization.Created",
    OrganizationDeleted = "Organization.Deleted",
    OrganizationDataUpdated = "Organization.Data.Updated",
    OrganizationMembershipUpdated = "Organization.Membership.Updated",
    OrganizationRoleCreated = "OrganizationRole.Created",
    OrganizationRoleDeleted = "OrganizationRole.Deleted",
    OrganizationRoleDataUpdated = "OrganizationRole.Data.Updated",
    OrganizationRoleScopesUpdated = "OrganizationRole.Scopes.Updated",
    OrganizationScopeCreated = "OrganizationScope.Created",
    OrganizationScopeDeleted = "OrganizationScope.Deleted",
    OrganizationScopeDataUpdated = "OrganizationScope.Data.Updated",
    IdentifierLockout = "Identifier.Lockout",
    MessageRateLimited = "Message.RateLimited",
    GrantLimitExceeded = "Grant.LimitExceeded",
}

/// Tells of a change that `caller` makes through the Management API: `data` is what the request is answered with, `status` its status.
///
/// What concerns one `subject` is told in the order in which it happened.
///
/// # Errors
/// When the database fails.
pub async fn raise(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    event: Event,
    subject: &str,
    status: u16,
    data: &impl Serialize,
) -> Result<(), StoreError> {
    if !is_wanted(&caller.tenant, event) {
        return Ok(());
    }
    let mut told = of_request(caller, status);
    told.insert("data".to_owned(), json!(data));
    enqueue(app, tx, &caller.tenant, event, subject, told).await
}

/// What every event tells of the request that `caller` sent and that is answered with `status`.
pub fn of_request(caller: &Caller, status: u16) -> Map<String, Value> {
    let told = json!({
        "ip": caller.ip.to_string(),
        "userAgent": caller.user_agent,
        "path": caller.route.path,
        "method": caller.route.method,
        "params": caller.route.parameters,
        "matchedRoute": caller.route.pattern,
        "status": status,
    });
    told.as_object().cloned().unwrap_or_default()
}

/// Queues an event for every hook of the tenant that wants it.
///
/// # Errors
/// When the database fails.
pub async fn enqueue(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    event: Event,
    subject: &str,
    told: Map<String, Value>,
) -> Result<(), StoreError> {
    let now = app.now();
    let name = event.as_str();
    for hook in wanting(tenant, event) {
        let mut body = Map::new();
        body.insert("hookId".to_owned(), hook.hook_id.clone().into());
        body.insert("event".to_owned(), name.into());
        body.insert("createdAt".to_owned(), now.iso().into());
        body.extend(told.clone());
        let delivery = HookDelivery {
            id: app.random_id(21),
            hook_id: hook.hook_id.clone(),
            event: name.to_owned(),
            subject: subject.to_owned(),
            body: Value::Object(body).to_string(),
            attempts: 0,
        };
        store::hook_delivery::enqueue(tx, &tenant.id, &delivery, now).await?;
    }
    Ok(())
}

/// Whether any hook of the tenant wants to be told of it.
pub fn is_wanted(tenant: &Tenant, event: Event) -> bool {
    wanting(tenant, event).next().is_some()
}

fn wanting(tenant: &Tenant, event: Event) -> impl Iterator<Item = &Subscription> {
    let wants = move |hook: &&Subscription| hook.events.iter().any(|name| name == event.as_str());
    tenant.hooks.iter().filter(wants)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Event;

    #[test]
    fn no_two_events_have_one_name() {
        let names: HashSet<_> = Event::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(names.len(), Event::ALL.len());
    }
}
