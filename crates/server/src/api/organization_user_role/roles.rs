//! Roles of organizations, given by id, by name, or both.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;

use crate::{
    api::{list::Ids, organization::member::USERS},
    error::ApiError,
    operation::{Refused, organization::check_roles},
};

/// What a person becomes in an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OrganizationUserRoles)]
#[serde(rename_all = "camelCase")]
pub(super) struct Roles {
    #[serde(default)]
    organization_role_ids: Ids,
    #[serde(default)]
    organization_role_names: Ids,
}

impl Roles {
    /// The ids of these roles, each once, if people can have them.
    pub(super) async fn ids(&self, tx: &mut Tx, tenant: &str) -> Result<Vec<String>, ApiError> {
        let names = &self.organization_role_names;
        let found = store::organization_role::find_by_names(&mut *tx, tenant, names).await?;
        let missing: Vec<&String> = names
            .iter()
            .filter(|name| found.iter().all(|role| role.name != **name))
            .collect();
        if !missing.is_empty() {
            let message = format!("There are no organization roles with the names {missing:?}.");
            return Err(Refused::new("organization.role_names_not_found", message)
                .with(json!({ "roleNames": missing }))
                .into());
        }
        let ids = self.organization_role_ids.iter().cloned();
        let ids: BTreeSet<String> = ids.chain(found.into_iter().map(|role| role.id)).collect();
        let ids: Vec<String> = ids.into_iter().collect();
        check_roles(&mut *tx, tenant, &ids, USERS.role_type).await?;
        Ok(ids)
    }
}
