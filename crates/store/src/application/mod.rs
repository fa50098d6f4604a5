//! `applications`: what is registered to sign people in.

pub mod access;
pub mod consentable;
mod metadata;
mod page;
pub mod secret;
pub mod sign_in_experience;

use protocol::{
    client::{ApplicationType, Client},
    jose::SigningAlgorithm,
    scope::ScopeSet,
    time::Time,
};
use serde_json::{Map, Value};

pub use self::{
    metadata::{CustomClientMetadata, OidcClientMetadata},
    page::{FIELDS, Wanted, page},
};
use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
    user::key,
};

/// The text of a query for the applications that `$chosen` selects.
macro_rules! applications {
    ($chosen:literal) => {
        concat!(
            "SELECT tenant_id, id, name, description, type, is_third_party, app_level_access_control_enabled, ",
            "oidc_client_metadata, custom_client_metadata, custom_data, created_at FROM applications ",
            $chosen
        )
    };
}
use applications;

/// Life of an ID token in seconds, unless the application says otherwise.
const ID_TOKEN_TTL: i64 = 3600;
/// Life of a refresh token in seconds, unless the application says otherwise.
const REFRESH_TOKEN_TTL: i64 = 14 * DAY;
const DAY: i64 = 86_400;

/// A registered application.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// The `client_id`: 21 lower-case letters and digits for new ones.
    pub id: String,
    /// What people see it called.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its kind.
    pub kind: ApplicationType,
    /// Whether people are asked for consent before it gets anything.
    pub is_third_party: bool,
    /// Whether only those may use it whom its rules name ([`access`]).
    pub access_control_enabled: bool,
    /// Its addresses.
    pub oidc_client_metadata: OidcClientMetadata,
    /// Its settings.
    pub custom_client_metadata: CustomClientMetadata,
    /// What administrators store.
    pub custom_data: Map<String, Value>,
    /// When it was registered.
    pub created_at: Time,
}

impl Application {
    /// What the rules of the protocol need to know of it, with the defaults filled in. What a third-party application may ask for
    /// stands elsewhere ([`consentable`]).
    pub fn client(&self) -> Client {
        let oidc = &self.oidc_client_metadata;
        let custom = &self.custom_client_metadata;
        Client {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind,
            is_third_party: self.is_third_party,
            user_scopes: ScopeSet::default(),
            redirect_uris: oidc.redirect_uris.clone(),
            post_logout_redirect_uris: oidc.post_logout_redirect_uris.clone(),
            backchannel_logout_uri: oidc.backchannel_logout_uri.clone(),
            logo_uri: oidc.logo_uri.clone(),
            cors_allowed_origins: custom.cors_allowed_origins.clone(),
            auth_method: custom.token_endpoint_auth_method,
            id_token_algorithm: custom
                .id_token_signing_algorithm
                .unwrap_or(SigningAlgorithm::RS256),
            id_token_ttl: custom.id_token_ttl.unwrap_or(ID_TOKEN_TTL),
            refresh_token_ttl: custom
                .refresh_token_ttl_in_days
                .map(|days| days.saturating_mul(DAY))
                .or(custom.refresh_token_ttl)
                .unwrap_or(REFRESH_TOKEN_TTL),
            always_issue_refresh_token: custom.always_issue_refresh_token.unwrap_or(false),
            rotate_refresh_token: custom.rotate_refresh_token.unwrap_or(true),
            max_allowed_grants: custom.max_allowed_grants(),
            is_device_flow: self.kind == ApplicationType::Native && custom.is_on("isDeviceFlow"),
            allow_token_exchange: custom.is_on("allowTokenExchange"),
            default_resource: custom.default_resource.clone(),
        }
    }
}

/// Registers an application.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    application: &Application,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO applications (tenant_id, id, name, name_key, description, type, is_third_party, \
        app_level_access_control_enabled, oidc_client_metadata, custom_client_metadata, custom_data, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let texts = Texts::of(application)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&application.id)
        .bind(&application.name).bind(key(&application.name)).bind(&application.description)
        .bind(json::name("applications.type", &application.kind)?).bind(application.is_third_party)
        .bind(application.access_control_enabled).bind(&texts.oidc).bind(&texts.custom).bind(&texts.data).bind(application.created_at.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Writes everything that may change: not the kind, nor whether it is third-party. `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    application: &Application,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE applications SET name = $3, name_key = $4, description = $5, \
        oidc_client_metadata = $6, custom_client_metadata = $7, custom_data = $8, \
        app_level_access_control_enabled = $9 WHERE tenant_id = $1 AND id = $2";
    let texts = Texts::of(application)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&application.id)
        .bind(&application.name).bind(key(&application.name)).bind(&application.description)
        .bind(&texts.oidc).bind(&texts.custom).bind(&texts.data).bind(application.access_control_enabled)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// The application with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Application>, StoreError> {
    const SQL: &str = applications!("WHERE tenant_id = $1 AND id = $2");
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).fetch_optional(conn).await)?;
    Ok(row
        .map(Row::into_pair)
        .transpose()?
        .map(|(_, application)| application))
}

/// All applications of the tenant, newest first.
pub async fn list(source: impl Source, tenant_id: &str) -> Result<Vec<Application>, StoreError> {
    const SQL: &str = applications!("WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC");
    let rows: Vec<Row> =
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter().map(|row| Ok(row.into_pair()?.1)).collect()
}

/// How many applications the tenant has.
pub async fn count(source: impl Source, tenant_id: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM applications WHERE tenant_id = $1";
    Ok(on!(source, conn => sqlx::query_scalar(SQL).bind(tenant_id).fetch_one(conn).await)?)
}

/// Forgets an application with its secrets, its grants and what people allowed it; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const APPLICATION: &str = "DELETE FROM applications WHERE tenant_id = $1 AND id = $2";
    const GRANTS: &str = "DELETE FROM grants WHERE tenant_id = $1 AND application_id = $2";
    let rows = on!(tx, conn => sqlx::query(APPLICATION).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    on!(tx, conn => sqlx::query(GRANTS).bind(tenant_id).bind(id).execute(conn).await.map(drop))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Tenant and application of every tenant.
pub(crate) async fn load(source: impl Source) -> Result<Vec<(String, Application)>, StoreError> {
    const SQL: &str = applications!("ORDER BY tenant_id, created_at, id");
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_pair).collect()
}

struct Texts {
    oidc: String,
    custom: String,
    data: String,
}

impl Texts {
    fn of(application: &Application) -> Result<Self, StoreError> {
        Ok(Self {
            oidc: json::write(
                "applications.oidc_client_metadata",
                &application.oidc_client_metadata,
            )?,
            custom: json::write(
                "applications.custom_client_metadata",
                &application.custom_client_metadata,
            )?,
            data: json::write("applications.custom_data", &application.custom_data)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: String,
    id: String,
    name: String,
    description: Option<String>,
    r#type: String,
    is_third_party: bool,
    app_level_access_control_enabled: bool,
    oidc_client_metadata: String,
    custom_client_metadata: String,
    custom_data: String,
    created_at: i64,
}

impl Row {
    fn into_pair(self) -> Result<(String, Application), StoreError> {
        let application = Application {
            id: self.id,
            name: self.name,
            description: self.description,
            kind: json::named("applications.type", self.r#type)?,
            is_third_party: self.is_third_party,
            access_control_enabled: self.app_level_access_control_enabled,
            oidc_client_metadata: json::read(
                "applications.oidc_client_metadata",
                &self.oidc_client_metadata,
            )?,
            custom_client_metadata: json::read(
                "applications.custom_client_metadata",
                &self.custom_client_metadata,
            )?,
            custom_data: json::read("applications.custom_data", &self.custom_data)?,
            created_at: Time(self.created_at),
        };
        Ok((self.tenant_id, application))
    }
}
