//! The rules as callers see and send them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use store::application::access::Rules;
use utoipa::ToSchema;

use crate::{api::list::Ids, operation::Refused};

/// The most that one list may name.
const MOST: usize = 1000;

/// Who may use an application: whoever meets one of the rules.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ApplicationAccessControl)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessControl {
    user_ids: Ids,
    user_role_ids: Ids,
    organization_ids: Ids,
    #[schema(max_items = 2000)]
    organization_role_rules: Vec<OrganizationRoleRule>,
}

/// Members of an organization who have one of these roles there.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationRoleRule {
    organization_id: String,
    organization_role_ids: Ids,
}

impl AccessControl {
    /// The rules, every id once.
    pub(super) fn read(self) -> Result<Rules, Refused> {
        let mut organization_roles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for rule in self.organization_role_rules {
            if rule.organization_role_ids.is_empty() {
                let message =
                    "A rule about the roles in an organization must name at least one role.";
                return Err(invalid(message));
            }
            let roles = organization_roles.entry(rule.organization_id).or_default();
            roles.extend(rule.organization_role_ids.iter().cloned());
        }
        let rules = Rules {
            users: unique(&self.user_ids),
            roles: unique(&self.user_role_ids),
            organizations: unique(&self.organization_ids),
            organization_roles: organization_roles
                .into_iter()
                .map(|(id, roles)| (id, roles.into_iter().collect()))
                .collect(),
        };
        let named: usize = rules.organization_roles.values().map(Vec::len).sum();
        let lists = [
            rules.users.len(),
            rules.roles.len(),
            rules.organizations.len(),
            named,
        ];
        if lists.iter().any(|length| *length > MOST) {
            return Err(invalid("A list may name at most 1000 things."));
        }
        Ok(rules)
    }
}

impl From<Rules> for AccessControl {
    fn from(rules: Rules) -> Self {
        let rule = |(organization_id, roles): (String, Vec<String>)| OrganizationRoleRule {
            organization_id,
            organization_role_ids: roles.into(),
        };
        Self {
            user_ids: rules.users.into(),
            user_role_ids: rules.roles.into(),
            organization_ids: rules.organizations.into(),
            organization_role_rules: rules.organization_roles.into_iter().map(rule).collect(),
        }
    }
}

fn unique(ids: &[String]) -> Vec<String> {
    let ids: BTreeSet<&String> = ids.iter().collect();
    ids.into_iter().cloned().collect()
}

fn invalid(message: &str) -> Refused {
    Refused::new("request.invalid_input", message).status(422)
}
