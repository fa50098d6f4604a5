//! `saml_applications`: what is registered of applications that take SAML answers, beside what every application has.

use protocol::saml::service_provider::ServiceProvider;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

const VALUE: &str = "saml_applications.value";

/// Writes what is registered of an application. Fails with [`StoreError::Dangling`] when there is no such application.
pub async fn set(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    provider: &ServiceProvider,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO saml_applications (tenant_id, application_id, value) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant_id, application_id) DO UPDATE SET value = excluded.value";
    let value = json::write(VALUE, provider)?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(application_id).bind(&value)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// What is registered of an application; `None` when it takes no SAML answers.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
) -> Result<Option<ServiceProvider>, StoreError> {
    const SQL: &str =
        "SELECT value FROM saml_applications WHERE tenant_id = $1 AND application_id = $2";
    let value: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).fetch_optional(conn).await)?;
    value.map(|text| json::read(VALUE, &text)).transpose()
}
