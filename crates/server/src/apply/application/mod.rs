//! Applications, with what they may do and how they prove themselves.

pub(super) mod access;
pub(super) mod experience;
pub(super) mod secret;

use std::collections::BTreeMap;

use protocol::client::ApplicationType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{
    application::{self, CustomClientMetadata, OidcClientMetadata},
    relation::{
        self, APPLICATION_ROLES, ORGANIZATION_APPLICATION_ROLES, ORGANIZATION_APPLICATIONS,
    },
    role::RoleType,
    seed::Seedling,
};

use self::{access::AccessControl, secret::Secrets};
use super::{
    consent::Consent,
    kind::{Hide, Kind, World, is_default, object, shaped, sized},
    reference,
};
use crate::{
    api::{
        application::{ADMIN_ROLE, Addresses, Settings},
        application_user_consent_scope::Whose,
    },
    operation::{self, OperationError, Refused},
    random,
};

/// An application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Application {
    id: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
    r#type: ApplicationType,
    #[serde(default, skip_serializing_if = "is_default")]
    is_third_party: bool,
    #[serde(default)]
    oidc_client_metadata: OidcClientMetadata,
    #[serde(default)]
    custom_client_metadata: CustomClientMetadata,
    #[serde(default, skip_serializing_if = "is_default")]
    custom_data: Map<String, Value>,
    /// What it is shown as instead of what the tenant's sign-in experience says.
    #[serde(default, skip_serializing_if = "is_default")]
    sign_in_experience: Map<String, Value>,
    /// What a third-party application may ask people for.
    #[serde(default, skip_serializing_if = "is_default")]
    user_consent_scopes: Consent,
    #[serde(default, skip_serializing_if = "is_default")]
    access_control: AccessControl,
    /// Whether it may manage the tenant, by the server's own role for that.
    #[serde(default, skip_serializing_if = "is_default")]
    is_admin: bool,
    /// What else it may do for itself.
    #[serde(default, skip_serializing_if = "is_default")]
    roles: Vec<String>,
    /// By organization that it acts in: its roles there.
    #[serde(default, skip_serializing_if = "is_default")]
    organizations: BTreeMap<String, Vec<String>>,
    /// One is drawn when a new application can keep one and the document does not say which.
    #[serde(default, skip_serializing_if = "is_default")]
    secrets: Secrets,
}

impl Kind for Application {
    const SECTION: &'static str = "applications";
    const NOUN: &'static str = "application";
    const KEYS: &'static [&'static [&'static str]] = &[&["id"], &["name"]];
    const PARTIAL: &'static [&'static str] = &[
        "oidcClientMetadata",
        "customClientMetadata",
        "signInExperience",
        "userConsentScopes",
        "accessControl",
    ];
    const NAMED: &'static [(&'static str, &'static str)] = &[("secrets", "name")];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let memberships = memberships(world).await?;
        let found = application::list(&mut *world.tx, world.tenant).await?;
        let mut applications = Vec::new();
        for found in found {
            // Those have a section of their own, or more to them than a document says.
            if matches!(
                found.kind,
                ApplicationType::Saml | ApplicationType::Protected
            ) {
                continue;
            }
            let organizations = memberships.get(&found.id).cloned();
            let mut application = Self {
                sign_in_experience: experience::read(world, &found.id).await?,
                user_consent_scopes: Consent::read(world, Whose::Application(&found.id)).await?,
                access_control: AccessControl::read(world, &found).await?,
                is_admin: is_admin(world, &found.id).await?,
                roles: reference::roles(world, APPLICATION_ROLES, &found.id).await?,
                organizations: organizations.unwrap_or_default(),
                secrets: Secrets::read(world, &found).await?,
                id: Some(found.id),
                name: found.name,
                description: found.description,
                r#type: found.kind,
                is_third_party: found.is_third_party,
                oidc_client_metadata: found.oidc_client_metadata,
                custom_client_metadata: found.custom_client_metadata,
                custom_data: found.custom_data,
            };
            application.settle();
            applications.push(application);
        }
        applications.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(applications)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        self.check(before)?;
        let tenant = world.tenant;
        let application = application::Application {
            id: self.id.clone().unwrap_or_else(|| random::id(21)),
            name: self.name.clone(),
            description: self.description.clone(),
            kind: self.r#type,
            is_third_party: self.is_third_party,
            access_control_enabled: self.access_control.enabled,
            oidc_client_metadata: self.oidc_client_metadata.clone(),
            custom_client_metadata: self.custom_client_metadata.clone(),
            custom_data: self.custom_data.clone(),
            created_at: world.now,
        };
        match before {
            Some(before) => {
                let settings = Some(&before.custom_client_metadata);
                operation::application::update(world.tx, tenant, &application, settings).await?;
            }
            None => operation::application::register(world.tx, tenant, &application).await?,
        }
        let id = &application.id;
        let held = before.map(|before| &before.secrets);
        self.secrets.write(world, &application, held).await?;
        let held = before.map(|before| &before.sign_in_experience);
        experience::write(world, id, &self.sign_in_experience, held).await?;
        self.write_roles(world, id).await?;
        self.write_organizations(world, id, before).await?;
        let whose = Whose::Application(id);
        self.user_consent_scopes.write(world, whose).await?;
        self.access_control.write(world, id).await
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        match &self.id {
            Some(id) => operation::application::delete(world.tx, world.tenant, id).await,
            None => Ok(()),
        }
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_built_in(&self, tenant: &str) -> bool {
        let application = Seedling::Application {
            id: self.id.as_deref().unwrap_or_default(),
            name: &self.name,
        };
        application.is_seeded(tenant)
    }

    fn settle(&mut self) {
        reference::unique(&mut self.roles);
        self.organizations.values_mut().for_each(reference::unique);
        self.user_consent_scopes.settle();
        self.access_control.settle();
        self.secrets.settle();
    }

    fn conceal(&mut self, hide: Hide<'_>) {
        self.secrets.conceal(&self.name, hide);
    }
}

impl Application {
    fn check(&self, before: Option<&Self>) -> Result<(), Refused> {
        let invalid = |message: &str| Err(Refused::new("guard.invalid_input", message));
        if let Some(id) = &self.id {
            sized("id", id, 1, 256)?;
            if !id.bytes().all(|byte| byte.is_ascii_graphic()) {
                return invalid("an `id` has letters, digits and punctuation only");
            }
        }
        if self.r#type == ApplicationType::Saml {
            return invalid(
                "a SAML application stands in `samlApplications`, not with a `type` here",
            );
        }
        if before.is_some_and(|before| before.r#type != self.r#type) {
            return invalid("the `type` of an application cannot change");
        }
        if before.is_some_and(|before| before.is_third_party != self.is_third_party) {
            return invalid("`isThirdParty` of an application cannot change");
        }
        if self.r#type.is_public() && !self.secrets.is_empty() {
            return invalid("an application that runs with people has no `secrets`");
        }
        if self.r#type != ApplicationType::MachineToMachine {
            if !self.organizations.is_empty() {
                return invalid("only machine-to-machine applications act in `organizations`");
            }
            if !self.roles.is_empty() {
                return invalid("only machine-to-machine applications have `roles`");
            }
            if self.is_admin {
                return invalid("only for machine-to-machine applications there is `isAdmin`");
            }
        }
        if !self.is_third_party && !is_default(&self.user_consent_scopes) {
            return invalid("only third-party applications have `userConsentScopes`");
        }
        self.secrets.check()?;
        shaped::<Addresses>("oidcClientMetadata", &object(&self.oidc_client_metadata))?;
        let settings = object(&self.custom_client_metadata);
        let settings: Settings = shaped("customClientMetadata", &settings)?;
        settings.read().map(drop)
    }

    async fn write_roles(&self, world: &mut World<'_>, id: &str) -> Result<(), OperationError> {
        let tenant = world.tenant;
        let mut ids = reference::role_ids(world, &self.roles).await?;
        let kind = RoleType::MachineToMachine;
        operation::role::check_kind(world.tx, tenant, &ids, kind).await?;
        // The server's own roles are not the document's, but for one of them.
        let held = relation::children(&mut *world.tx, APPLICATION_ROLES, tenant, &[id]).await?;
        for role in store::role::list(&mut *world.tx, tenant).await? {
            let is_internal = operation::role::check_name(&role.name).is_err();
            if is_internal && role.id != ADMIN_ROLE && held.contains(&role.id) {
                ids.push(role.id);
            }
        }
        if self.is_admin {
            store::role::find(&mut *world.tx, tenant, ADMIN_ROLE)
                .await?
                .ok_or_else(|| {
                    let message = "the applications of this tenant cannot have `isAdmin`";
                    Refused::new("guard.invalid_input", message)
                })?;
            ids.push(ADMIN_ROLE.to_owned());
        }
        relation::replace(world.tx, APPLICATION_ROLES, tenant, &[id], &ids).await?;
        Ok(())
    }

    async fn write_organizations(
        &self,
        world: &mut World<'_>,
        id: &str,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        let tenant = world.tenant;
        let all = reference::organizations(world).await?;
        let held = before.iter().flat_map(|before| before.organizations.keys());
        for name in held.filter(|name| !self.organizations.contains_key(*name)) {
            let parent = reference::organization_id(&all, name)?;
            relation::remove(world.tx, ORGANIZATION_APPLICATIONS, tenant, &[&parent], id).await?;
        }
        for (name, roles) in &self.organizations {
            let parent = reference::organization_id(&all, name)?;
            let member = [id.to_owned()];
            let members = ORGANIZATION_APPLICATIONS;
            relation::add(world.tx, members, tenant, &[&parent], &member).await?;
            let roles = reference::find_organization_roles(world, roles).await?;
            let ids: Vec<String> = roles.into_iter().map(|role| role.id).collect();
            let kind = RoleType::MachineToMachine;
            operation::organization::check_roles(&mut *world.tx, tenant, &ids, kind).await?;
            let roles = ORGANIZATION_APPLICATION_ROLES;
            relation::replace(world.tx, roles, tenant, &[&parent, id], &ids).await?;
        }
        Ok(())
    }
}

async fn is_admin(world: &mut World<'_>, id: &str) -> Result<bool, OperationError> {
    let roles = APPLICATION_ROLES;
    let held = relation::children(&mut *world.tx, roles, world.tenant, &[id]).await?;
    Ok(held.iter().any(|role| role == ADMIN_ROLE))
}

/// By application: the organizations that it acts in, with its roles there.
async fn memberships(
    world: &mut World<'_>,
) -> Result<BTreeMap<String, BTreeMap<String, Vec<String>>>, OperationError> {
    let mut found = BTreeMap::<String, BTreeMap<_, _>>::new();
    let all = reference::organizations(world).await?;
    for organization in &all {
        let parent = [organization.id.as_str()];
        let members = ORGANIZATION_APPLICATIONS;
        for id in relation::children(&mut *world.tx, members, world.tenant, &parent).await? {
            let roles = ORGANIZATION_APPLICATION_ROLES;
            let parent = [organization.id.as_str(), id.as_str()];
            let roles = reference::organization_roles(world, roles, &parent).await?;
            let name = reference::organization_name(&all, &organization.id);
            found.entry(id).or_default().insert(name, roles);
        }
    }
    Ok(found)
}
