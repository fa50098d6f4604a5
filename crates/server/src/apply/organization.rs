//! Organizations, without their members: those are people.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{
    organization,
    relation::{
        self, ORGANIZATION_JIT_EMAIL_DOMAINS, ORGANIZATION_JIT_ROLES,
        ORGANIZATION_JIT_SSO_CONNECTORS,
    },
    role::RoleType,
    seed::Seedling,
};

use super::{
    kind::{Kind, World, is_default, shaped, sized},
    reference,
};
use crate::{
    api::sign_in_exp::{Branding, PartialColor},
    operation::{self, OperationError, Refused},
    random,
};

/// An organization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Organization {
    id: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    custom_data: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_default")]
    is_mfa_required: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    color: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_default")]
    branding: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_default")]
    custom_css: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    jit: JustInTime,
}

/// Who joins by themselves, and as what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct JustInTime {
    email_domains: Vec<String>,
    roles: Vec<String>,
    /// By name.
    sso_connectors: Vec<String>,
}

impl Kind for Organization {
    const SECTION: &'static str = "organizations";
    const NOUN: &'static str = "organization";
    const KEYS: &'static [&'static [&'static str]] = &[&["id"], &["name"]];
    const PARTIAL: &'static [&'static str] = &["jit", "color", "branding"];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let tenant = world.tenant;
        let mut organizations = Vec::new();
        for found in organization::list(&mut *world.tx, tenant).await? {
            let parent = [found.id.as_str()];
            let domains = ORGANIZATION_JIT_EMAIL_DOMAINS;
            let email_domains =
                relation::children(&mut *world.tx, domains, tenant, &parent).await?;
            let roles =
                reference::organization_roles(world, ORGANIZATION_JIT_ROLES, &parent).await?;
            let sso_connectors = reference::sso_connectors(world, &found.id).await?;
            let mut organization = Self {
                id: Some(found.id),
                name: found.name,
                description: found.description,
                custom_data: found.custom_data,
                is_mfa_required: found.is_mfa_required,
                color: found.color,
                branding: found.branding,
                custom_css: found.custom_css,
                jit: JustInTime {
                    email_domains,
                    roles,
                    sso_connectors,
                },
            };
            organization.settle();
            organizations.push(organization);
        }
        organizations.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(organizations)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        self.check()?;
        let tenant = world.tenant;
        let organization = organization::Organization {
            id: self.id.clone().unwrap_or_else(|| random::id(12)),
            name: self.name.clone(),
            description: self.description.clone(),
            custom_data: self.custom_data.clone(),
            is_mfa_required: self.is_mfa_required,
            color: self.color.clone(),
            branding: self.branding.clone(),
            custom_css: self.custom_css.clone(),
            created_at: world.now,
        };
        if before.is_some() {
            organization::update(world.tx, tenant, &organization).await?;
        } else {
            organization::insert(world.tx, tenant, &organization).await?;
        }
        let parent = [organization.id.as_str()];
        let domains = ORGANIZATION_JIT_EMAIL_DOMAINS;
        relation::replace(world.tx, domains, tenant, &parent, &self.jit.email_domains).await?;
        let roles = reference::find_organization_roles(world, &self.jit.roles).await?;
        let ids: Vec<String> = roles.into_iter().map(|role| role.id).collect();
        operation::organization::check_roles(&mut *world.tx, tenant, &ids, RoleType::User).await?;
        relation::replace(world.tx, ORGANIZATION_JIT_ROLES, tenant, &parent, &ids).await?;
        let ids = reference::sso_connector_ids(world, &self.jit.sso_connectors).await?;
        let joining = ORGANIZATION_JIT_SSO_CONNECTORS;
        relation::replace(world.tx, joining, tenant, &parent, &ids).await?;
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        if let Some(id) = &self.id {
            organization::delete(world.tx, world.tenant, id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_built_in(&self, tenant: &str) -> bool {
        let id = self.id.as_deref();
        id.is_some_and(|id| Seedling::Organization(id).is_seeded(tenant))
    }

    fn settle(&mut self) {
        for domain in &mut self.jit.email_domains {
            *domain = domain.to_lowercase();
        }
        reference::unique(&mut self.jit.email_domains);
        reference::unique(&mut self.jit.roles);
        reference::unique(&mut self.jit.sso_connectors);
    }
}

impl Organization {
    fn check(&self) -> Result<(), Refused> {
        if let Some(id) = &self.id {
            sized("id", id, 1, 21)?;
            check_plain(id)?;
        }
        sized("name", &self.name, 1, 128)?;
        sized(
            "description",
            self.description.as_deref().unwrap_or_default(),
            0,
            256,
        )?;
        sized(
            "customCss",
            self.custom_css.as_deref().unwrap_or_default(),
            0,
            262_144,
        )?;
        for domain in &self.jit.email_domains {
            sized("emailDomains", domain, 1, 128)?;
        }
        shaped::<PartialColor>("color", &self.color)?;
        shaped::<Branding>("branding", &self.branding)?;
        Ok(())
    }
}

/// Ids stand in addresses and tokens.
pub(super) fn check_plain(id: &str) -> Result<(), Refused> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.bytes().all(is_plain) {
        return Ok(());
    }
    let message = format!("{id:?} is no id: those are letters, digits, hyphens and underscores");
    Err(Refused::new("guard.invalid_input", message))
}
