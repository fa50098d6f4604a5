//! Files that people upload: pictures of accounts, logos. In a folder of this machine, or in a bucket.

pub mod folder;
pub mod kind;
pub mod s3;
mod svg;
pub mod upload;

use object_store::ClientOptions;
use serde_json::Value;
use store::StoreError;

use self::{folder::Folder, kind::Kind, s3::S3};
use crate::{app::App, tenant::Tenant};

/// The system setting that says where files are kept, as Logto calls it.
pub const SETTING: &str = "logto.storageProvider";

/// Where files are kept.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In a folder of this machine.
    Folder(Folder),
    /// In a bucket.
    S3(Box<S3>),
}

impl Storage {
    /// Where files are kept now: what the system setting says, else what the environment says. `None`: nowhere.
    ///
    /// # Errors
    /// When the setting cannot be read.
    pub async fn find(app: &App) -> Result<Option<Self>, StoreError> {
        let setting = store::system::find_sealed(app.db(), app.vault(), SETTING).await?;
        if let Some(setting) = setting {
            return Ok(Self::read(&setting)
                .inspect_err(|fault| {
                    tracing::error!("the system setting storageProvider has no effect: {fault}");
                })
                .ok());
        }
        let configured = &app.config().storage;
        let bucket = configured.s3.clone().map(|s3| Self::S3(Box::new(s3)));
        let folder = || Some(Self::Folder(Folder::new(configured.folder.clone()?)));
        Ok(bucket.or_else(folder))
    }

    /// Reads the system setting `storageProvider`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn read(setting: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(setting).map_err(|error| error.to_string())?;
        match value.get("provider").and_then(Value::as_str) {
            Some("S3Storage") => serde_json::from_value(value)
                .map(|s3| Self::S3(Box::new(s3)))
                .map_err(|error| error.to_string()),
            other => Err(format!(
                "the provider is {}, and only S3Storage is known; Azure and Google can be used through gateways that speak S3",
                other.unwrap_or("missing")
            )),
        }
    }

    /// Puts a file there and returns its public address. `name` is unguessable and made of safe characters.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn put(
        &self,
        tenant: &Tenant,
        name: &str,
        kind: Kind,
        bytes: Vec<u8>,
    ) -> object_store::Result<String> {
        match self {
            Self::Folder(folder) => folder.put(&tenant.endpoint, &tenant.id, name, bytes).await,
            Self::S3(s3) => {
                let name = format!("{}/{name}", tenant.id);
                s3.put(ClientOptions::new(), &name, kind, bytes).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Storage;

    #[test]
    fn only_buckets_can_be_set() {
        let s3 = r#"{"provider":"S3Storage","bucket":"b","accessKeyId":"a","accessSecretKey":"s"}"#;
        assert!(matches!(Storage::read(s3), Ok(Storage::S3(_))));
        for wrong in [
            "",
            "{}",
            r#"{"provider":"S3Storage"}"#,
            r#"{"provider":"AzureStorage","connectionString":"c","container":"c"}"#,
            r#"{"provider":"S3Storage","bucket":"b","accessKeyId":"a","accessSecretKey":"s","endpoint":"nowhere"}"#,
        ] {
            assert!(Storage::read(wrong).is_err(), "{wrong}");
        }
    }
}
