//! Files in a folder of this machine, and where they are served.

use std::path::{Path as FilePath, PathBuf};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use object_store::{ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Key};

use super::kind::Kind;
use crate::{app::App, error::PageError, extract::tenant::CurrentTenant};

/// Where a tenant's files are served, below its own address.
const ROOT: &str = "/uploads";

/// A folder of this machine.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder with this path; it is made when the first file is put into it.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Puts a file of a tenant into the folder and returns its address.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) async fn put(
        &self,
        endpoint: &str,
        tenant_id: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> object_store::Result<String> {
        let files = self.open()?;
        let parts = [tenant_id].into_iter().chain(name.split('/'));
        let key: Key = parts.collect();
        files.put(&key, PutPayload::from(bytes)).await?;
        Ok(format!("{endpoint}{ROOT}/{name}"))
    }

    async fn read(&self, tenant_id: &str, name: &str) -> Option<bytes::Bytes> {
        if !self.0.is_dir() {
            return None;
        }
        let files = self.open().ok()?;
        let key = Key::parse(format!("{tenant_id}/{name}")).ok()?;
        files.get(&key).await.ok()?.bytes().await.ok()
    }

    fn open(&self) -> object_store::Result<LocalFileSystem> {
        make(&self.0).map_err(|source| object_store::Error::Generic {
            store: "folder",
            source: source.into(),
        })?;
        LocalFileSystem::new_with_prefix(&self.0)
    }
}

fn make(path: &FilePath) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Its route.
pub fn router() -> Router<App> {
    Router::new().route(&format!("{ROOT}/{{*name}}"), get(serve))
}

/// A file that was uploaded, so that no browser takes it for a page of ours.
async fn serve(
    State(app): State<App>,
    CurrentTenant(tenant): CurrentTenant,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let kind = Kind::of_name(&name).ok_or(PageError::NotFound)?;
    let folder = app.config().storage.folder.as_deref();
    let folder = Folder::new(folder.ok_or(PageError::NotFound)?);
    let found = folder.read(&tenant.id, &name).await;
    let bytes = found.ok_or(PageError::NotFound)?;
    Ok((headers(kind), bytes).into_response())
}

fn headers(kind: Kind) -> [(HeaderName, HeaderValue); 6] {
    [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(kind.media_type()),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static(kind.disposition()),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ]
}
