//! What a new installation begins with (`contract/logto-core.md` §5).

use protocol::{
    client::ApplicationType,
    jose::{KeyStatus, SigningKey},
    secret::Secret,
    time::Time,
};
use serde_json::{Map, Value, json};

use crate::{
    account_center,
    application::{
        self, Application, CustomClientMetadata, OidcClientMetadata,
        secret::{self, ApplicationSecret},
    },
    config,
    cookie_key::{self, CookieKey},
    db::{Db, Tx},
    error::StoreError,
    organization::{self, Organization},
    organization_role::{self, OrganizationRole},
    organization_scope::{self, OrganizationScope},
    relation::{self, ORGANIZATION_ROLE_SCOPES},
    resource::{self, Resource, Scope},
    role::{self, Role, RoleType},
    sign_in_experience,
    signing_key::{self, StoredSigningKey},
    system, tenant,
    vault::Vault,
};

/// The tenant for people who use applications.
pub const DEFAULT_TENANT: &str = "default";
/// The tenant for administrators.
pub const ADMIN_TENANT: &str = "admin";

/// The row of `systems` that says the database is seeded.
const SEEDED: &str = "seeded_at";
/// The row of `systems` that says the seed has its organizations and account centers: the first release had none.
const EXTENDED: &str = "seeded_organizations_at";

/// The organization of the admin tenant whose members manage the default tenant.
pub const DEFAULT_ORGANIZATION: &str = "t-default";
/// The role of those who may do everything in it.
pub const ADMIN_ROLE: &str = "admin";
const COLLABORATOR_ROLE: &str = "collaborator";
const CLOUD_API: &str = "https://cloud.logto.io/api";
const CLOUD_SERVICE: &str = "Cloud Service";
/// The role of the default tenant for applications that manage it.
const API_ROLE: &str = "Logto Management API access";
/// The roles of the admin tenant.
const ADMIN_ROLES: [&str; 5] = [
    "machine:mapi:default",
    "machine:mapi:admin",
    "tenantApplication",
    "user",
    "default:admin",
];
/// The applications of the admin tenant, but for the one whose id is drawn.
const APPLICATIONS: [&str; 3] = ["admin-console", "m-default", "m-admin"];

/// What the members of the admin tenant's organizations can do; collaborators do the first four.
const ORGANIZATION_SCOPES: [&str; 8] = [
    "read:data",
    "write:data",
    "delete:data",
    "read:member",
    "invite:member",
    "remove:member",
    "update:member:role",
    "manage:tenant",
];

/// What the cloud API can allow: the first two go to everybody, see the role `user`.
const CLOUD_SCOPES: [&str; 8] = [
    "create:tenant",
    "manage:tenant:self",
    "send:email",
    "send:sms",
    "fetch:custom:jwt",
    "report:subscription:updates",
    "create:affiliate",
    "manage:affiliate",
];

/// The Management API of the default tenant.
pub const MANAGEMENT_API: &str = "https://default.logto.app/api";
const ADMIN_MANAGEMENT_API: &str = "https://admin.logto.app/api";
const ME_API: &str = "https://admin.logto.app/me";

/// Whether an API is one of those that manage tenants.
pub fn is_management_api(indicator: &str) -> bool {
    indicator
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_suffix(".logto.app/api"))
        .is_some_and(|tenant| !tenant.is_empty() && !tenant.contains(['.', '/']))
}

/// Something of a tenant that may have come with the server, by what the seed knows it by.
#[derive(Clone, Copy, Debug)]
pub enum Seedling<'a> {
    /// An application.
    Application {
        /// Its id.
        id: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// An API, by its indicator.
    Resource(&'a str),
    /// A role, by its name.
    Role(&'a str),
    /// An organization, by its id.
    Organization(&'a str),
    /// An organization role, by its name.
    OrganizationRole(&'a str),
    /// An organization scope, by its name.
    OrganizationScope(&'a str),
}

impl Seedling<'_> {
    /// Whether it came with the server.
    pub fn is_seeded(self, tenant: &str) -> bool {
        let is_admin = tenant == ADMIN_TENANT;
        match self {
            Self::Application { id, name } => {
                is_admin && (APPLICATIONS.contains(&id) || name == CLOUD_SERVICE)
            }
            Self::Resource(indicator) => {
                is_management_api(indicator) || is_admin && [ME_API, CLOUD_API].contains(&indicator)
            }
            Self::Role(name) if name.starts_with(role::INTERNAL) => true,
            Self::Role(name) if is_admin => ADMIN_ROLES.contains(&name),
            Self::Role(name) => name == API_ROLE,
            Self::Organization(id) => is_admin && [DEFAULT_ORGANIZATION, "t-admin"].contains(&id),
            Self::OrganizationRole(name) => {
                is_admin && [ADMIN_ROLE, COLLABORATOR_ROLE].contains(&name)
            }
            Self::OrganizationScope(name) => is_admin && ORGANIZATION_SCOPES.contains(&name),
        }
    }
}

/// Values that the caller draws.
pub struct Seed<'a> {
    /// For the default tenant.
    pub default: TenantSeed,
    /// For the admin tenant.
    pub admin: TenantSeed,
    /// Of the application `m-default`: 32 letters and digits.
    pub m_default_secret: Secret,
    /// Of the application `m-admin`.
    pub m_admin_secret: Secret,
    /// Draws ids of 21 lower-case letters and digits.
    pub new_id: &'a mut (dyn FnMut() -> String + Send),
}

/// Values for one tenant.
pub struct TenantSeed {
    /// One that signs for each algorithm, and those before it.
    pub signing_keys: Vec<(KeyStatus, SigningKey)>,
    /// Sign cookies and forms; the newest goes first.
    pub cookie_keys: Vec<CookieKey>,
    /// The sign-in experience.
    pub sign_in_experience: Value,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// The database was empty.
    New,
    /// It was seeded before and is as it was.
    Existing,
}

/// Writes what a new installation begins with, in one transaction. Of several callers at once one does it.
///
/// A database that was seeded before is left alone: with `skip_when_exists` that is an answer, without it an error.
pub async fn seed(
    db: &Db,
    vault: &Vault,
    seed: Seed<'_>,
    skip_when_exists: bool,
    now: Time,
) -> Result<Seeded, StoreError> {
    let mut tx = db.begin().await?;
    tx.lock("hufu seed").await?;
    if system::find(&mut tx, SEEDED).await?.is_some() {
        return if skip_when_exists {
            Ok(Seeded::Existing)
        } else {
            Err(StoreError::AlreadySeeded)
        };
    }
    let mut seeding = Seeding {
        tx: &mut tx,
        vault,
        new_id: seed.new_id,
        now,
    };
    seeding.tenant(DEFAULT_TENANT, seed.default).await?;
    seeding.tenant(ADMIN_TENANT, seed.admin).await?;
    seeding.default_tenant().await?;
    seeding
        .admin_tenant(&seed.m_default_secret, &seed.m_admin_secret)
        .await?;
    seeding.organizations().await?;
    system::set(&mut tx, SEEDED, &now.0.to_string()).await?;
    system::set(&mut tx, EXTENDED, &now.0.to_string()).await?;
    tx.commit().await?;
    Ok(Seeded::New)
}

/// Adds what a database that an earlier release has seeded lacks. Of several callers at once one does it.
pub async fn extend(
    db: &Db,
    vault: &Vault,
    new_id: &mut (dyn FnMut() -> String + Send),
    now: Time,
) -> Result<(), StoreError> {
    if system::find(db, EXTENDED).await?.is_some() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    tx.lock("hufu seed").await?;
    if system::find(&mut tx, EXTENDED).await?.is_some() {
        return Ok(());
    }
    let mut seeding = Seeding {
        tx: &mut tx,
        vault,
        new_id,
        now,
    };
    seeding.organizations().await?;
    system::set(&mut tx, EXTENDED, &now.0.to_string()).await?;
    tx.commit().await
}

/// Whether the database is seeded.
pub async fn is_seeded(db: &Db) -> Result<bool, StoreError> {
    Ok(system::find(db, SEEDED).await?.is_some())
}

struct Seeding<'a> {
    tx: &'a mut Tx,
    vault: &'a Vault,
    new_id: &'a mut (dyn FnMut() -> String + Send),
    now: Time,
}

impl Seeding<'_> {
    /// What every tenant has.
    async fn tenant(&mut self, id: &str, seed: TenantSeed) -> Result<(), StoreError> {
        tenant::insert(self.tx, id, self.now).await?;
        for (status, key) in seed.signing_keys {
            let stored = StoredSigningKey {
                key,
                status,
                created_at: self.now,
            };
            signing_key::insert(self.tx, self.vault, id, &stored).await?;
        }
        for key in &seed.cookie_keys {
            cookie_key::insert(self.tx, self.vault, id, key).await?;
        }
        sign_in_experience::set(self.tx, id, &seed.sign_in_experience).await?;
        let console = json!({ "signInExperienceCustomized": false, "organizationCreated": false });
        config::set(self.tx, id, "adminConsole", &console).await?;
        let id_token =
            json!({ "enabledExtendedClaims": ["roles", "organizations", "organization_roles"] });
        config::set(self.tx, id, "idToken", &id_token).await
    }

    async fn default_tenant(&mut self) -> Result<(), StoreError> {
        const T: &str = DEFAULT_TENANT;
        self.resource(T, "management-api", "Logto Management API", MANAGEMENT_API)
            .await?;
        let all = self
            .scope(T, "management-api-all", "management-api", "all")
            .await?;
        self.role(
            T,
            "admin-role",
            "#internal:admin",
            RoleType::MachineToMachine,
            &[&all],
        )
        .await?;
        let id = (self.new_id)();
        self.role(T, &id, API_ROLE, RoleType::MachineToMachine, &[&all])
            .await
    }

    async fn admin_tenant(
        &mut self,
        m_default: &Secret,
        m_admin: &Secret,
    ) -> Result<(), StoreError> {
        const T: &str = ADMIN_TENANT;
        const M2M: RoleType = RoleType::MachineToMachine;
        let default_api = self
            .api(T, "Logto Management API for tenant default", MANAGEMENT_API)
            .await?;
        let admin_api = self
            .api(
                T,
                "Logto Management API for tenant admin",
                ADMIN_MANAGEMENT_API,
            )
            .await?;
        let me_api = self.api(T, "Logto Me API", ME_API).await?;

        self.role(T, "m-default", "machine:mapi:default", M2M, &[&default_api])
            .await?;
        self.role(T, "m-admin", "machine:mapi:admin", M2M, &[&admin_api])
            .await?;
        let id = (self.new_id)();
        self.role(T, &id, "tenantApplication", M2M, &[]).await?;
        let id = (self.new_id)();
        self.role(T, &id, "user", RoleType::User, &[&me_api])
            .await?;
        let id = (self.new_id)();
        self.role(T, &id, "default:admin", RoleType::User, &[&default_api])
            .await?;

        self.application("admin-console", "Admin Console", ApplicationType::Spa)
            .await?;
        for (id, secret) in [("m-default", m_default), ("m-admin", m_admin)] {
            let name = format!("Management API access for {}", id.trim_start_matches("m-"));
            self.application(id, &name, ApplicationType::MachineToMachine)
                .await?;
            self.secret(id, secret).await?;
            role::give_application(self.tx, T, id, id).await?;
        }
        Ok(())
    }

    /// The organizations of the admin tenant, what belongs to the cloud API, and the account centers.
    async fn organizations(&mut self) -> Result<(), StoreError> {
        const T: &str = ADMIN_TENANT;
        for (id, name) in [
            (DEFAULT_ORGANIZATION, "Tenant default"),
            ("t-admin", "Tenant admin"),
        ] {
            let organization = Organization {
                id: id.to_owned(),
                name: name.to_owned(),
                description: None,
                custom_data: Map::new(),
                is_mfa_required: false,
                color: Map::new(),
                branding: Map::new(),
                custom_css: None,
                created_at: self.now,
            };
            organization::insert(self.tx, T, &organization).await?;
        }
        let id = |name: &str| name.replace(':', "-");
        for name in ORGANIZATION_SCOPES {
            let scope = OrganizationScope {
                id: id(name),
                name: name.to_owned(),
                description: None,
            };
            organization_scope::insert(self.tx, T, &scope).await?;
        }
        for (name, scopes) in [(ADMIN_ROLE, 8), (COLLABORATOR_ROLE, 4)] {
            let role = OrganizationRole {
                id: name.to_owned(),
                name: name.to_owned(),
                description: None,
                kind: RoleType::User,
            };
            organization_role::insert(self.tx, T, &role).await?;
            let scopes: Vec<String> = ORGANIZATION_SCOPES
                .iter()
                .take(scopes)
                .map(|name| id(name))
                .collect();
            relation::add(self.tx, ORGANIZATION_ROLE_SCOPES, T, &[name], &scopes).await?;
        }
        self.cloud().await?;
        self.account_centers().await
    }

    /// Logto's own service, as its console looks for it. Nothing here answers at its address.
    async fn cloud(&mut self) -> Result<(), StoreError> {
        const T: &str = ADMIN_TENANT;
        let resource_id = (self.new_id)();
        self.resource(T, &resource_id, "Logto Cloud API", CLOUD_API)
            .await?;
        let user_role = role::find_by_name(&mut *self.tx, T, "user").await?;
        for (number, name) in CLOUD_SCOPES.into_iter().enumerate() {
            let id = (self.new_id)();
            let scope = self.scope(T, &id, &resource_id, name).await?;
            if let Some(role) = user_role.as_ref().filter(|_| number < 2) {
                role::add_scope(self.tx, T, &role.id, &scope).await?;
            }
        }
        let id = (self.new_id)();
        self.application(&id, CLOUD_SERVICE, ApplicationType::MachineToMachine)
            .await?;
        let connection = json!({ "appId": id, "appSecret": "", "resource": CLOUD_API });
        config::set(self.tx, DEFAULT_TENANT, "cloudConnection", &connection).await
    }

    async fn account_centers(&mut self) -> Result<(), StoreError> {
        let everything = [
            "name",
            "avatar",
            "profile",
            "email",
            "phone",
            "password",
            "username",
            "social",
            "customData",
            "mfa",
        ];
        let fields: Map<String, Value> = everything
            .into_iter()
            .map(|field| (field.to_owned(), "Edit".into()))
            .collect();
        for (tenant, value) in [
            (DEFAULT_TENANT, json!({ "enabled": false, "fields": {} })),
            (ADMIN_TENANT, json!({ "enabled": true, "fields": fields })),
        ] {
            if let (Value::Object(value), None) =
                (value, account_center::find(&mut *self.tx, tenant).await?)
            {
                account_center::set(self.tx, tenant, &value).await?;
            }
        }
        Ok(())
    }

    /// An API with the one scope `all`; returns the scope's id.
    async fn api(
        &mut self,
        tenant: &str,
        name: &str,
        indicator: &str,
    ) -> Result<String, StoreError> {
        let (resource, scope) = ((self.new_id)(), (self.new_id)());
        self.resource(tenant, &resource, name, indicator).await?;
        self.scope(tenant, &scope, &resource, "all").await
    }

    async fn resource(
        &mut self,
        tenant: &str,
        id: &str,
        name: &str,
        indicator: &str,
    ) -> Result<(), StoreError> {
        let resource = Resource {
            id: id.to_owned(),
            name: name.to_owned(),
            indicator: indicator.to_owned(),
            is_default: false,
            access_token_ttl: 3600,
            signing_algorithm: None,
        };
        resource::insert(self.tx, tenant, &resource).await
    }

    async fn scope(
        &mut self,
        tenant: &str,
        id: &str,
        resource_id: &str,
        name: &str,
    ) -> Result<String, StoreError> {
        let scope = Scope {
            id: id.to_owned(),
            resource_id: resource_id.to_owned(),
            name: name.to_owned(),
            description: Some("Everything this API offers.".to_owned()),
            created_at: self.now,
        };
        resource::insert_scope(self.tx, tenant, &scope).await?;
        Ok(scope.id)
    }

    async fn role(
        &mut self,
        tenant: &str,
        id: &str,
        name: &str,
        kind: RoleType,
        scopes: &[&str],
    ) -> Result<(), StoreError> {
        let role = Role {
            id: id.to_owned(),
            name: name.to_owned(),
            description: format!("Made with the tenant: {name}."),
            kind,
            // Everybody in the admin tenant may manage their own account.
            is_default: tenant == ADMIN_TENANT && name == "user",
        };
        role::insert(self.tx, tenant, &role).await?;
        for scope in scopes {
            role::add_scope(self.tx, tenant, id, scope).await?;
        }
        Ok(())
    }

    async fn application(
        &mut self,
        id: &str,
        name: &str,
        kind: ApplicationType,
    ) -> Result<(), StoreError> {
        let application = Application {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
            kind,
            is_third_party: false,
            access_control_enabled: false,
            oidc_client_metadata: OidcClientMetadata::default(),
            custom_client_metadata: CustomClientMetadata::default(),
            custom_data: Map::new(),
            created_at: self.now,
        };
        application::insert(self.tx, ADMIN_TENANT, &application).await
    }

    async fn secret(&mut self, application_id: &str, value: &Secret) -> Result<(), StoreError> {
        let record = ApplicationSecret {
            name: "Default secret".to_owned(),
            hash: value.hash(),
            expires_at: None,
            created_at: self.now,
        };
        secret::insert(
            self.tx,
            self.vault,
            ADMIN_TENANT,
            application_id,
            &record,
            value,
        )
        .await
    }
}
