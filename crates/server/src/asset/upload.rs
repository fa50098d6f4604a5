//! Taking a file from a form, whoever sends it.

use axum::extract::{
    Multipart,
    multipart::{Field, MultipartError, MultipartRejection},
};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::{
    Storage,
    kind::{Kind, MEDIA_TYPES},
};
use crate::{
    app::App,
    error::{self, ApiError},
    operation::Refused,
    tenant::Tenant,
};

/// The largest file in bytes (`contract/logto-api.md` §5.3).
pub const LARGEST: usize = 20 * 1024 * 1024;
/// The largest form: the file and what stands around it.
pub const LARGEST_FORM: usize = LARGEST + 64 * 1024;

/// Files that are held in memory at once; others wait.
static UPLOADS: Semaphore = Semaphore::const_new(8);

/// Whether files can be uploaded, and which.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserAssetsServiceStatus {
    /// `ready` or `not_configured`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, nullable = false)]
    allow_upload_mime_types: Option<[&'static str; 10]>,
    /// In bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    max_upload_file_size: Option<usize>,
    is_experience_avatar_upload_enabled: bool,
}

/// Where a file is.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserAsset {
    /// The file's public address.
    pub url: String,
}

/// A form with a file, for the document.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct UploadForm {
    /// A picture, or a ZIP file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Whether files can be uploaded now.
///
/// # Errors
/// When the database fails.
pub async fn status(app: &App) -> Result<UserAssetsServiceStatus, ApiError> {
    let is_ready = Storage::find(app).await?.is_some();
    Ok(UserAssetsServiceStatus {
        status: if is_ready { "ready" } else { "not_configured" },
        allow_upload_mime_types: is_ready.then_some(MEDIA_TYPES),
        max_upload_file_size: is_ready.then_some(LARGEST),
        is_experience_avatar_upload_enabled: true,
    })
}

/// Stores the file of a form for `actor_id`, under an address that nobody can guess.
///
/// # Errors
/// When there is nowhere to store it, it is too large or no picture, or it cannot be written.
pub async fn store(
    app: &App,
    tenant: &Tenant,
    actor_id: &str,
    form: Multipart,
) -> Result<UserAsset, ApiError> {
    let storage = Storage::find(app).await?.ok_or_else(|| {
        Refused::new(
            "storage.not_configured",
            "There is nowhere to keep files: set HUFU_ASSETS_DIR, HUFU_S3_BUCKET or the system setting storageProvider.",
        )
    })?;
    let _turn = UPLOADS.acquire().await;
    let (kind, bytes) = read(form).await?;
    let name = name(app, actor_id, kind);
    match storage.put(tenant, &name, kind, bytes).await {
        Ok(url) => Ok(UserAsset { url }),
        Err(cause) => {
            let id = error::log(&cause);
            let message =
                format!("The file could not be stored; the log has the cause under request {id}.");
            Err(Refused::new("storage.upload_error", message)
                .status(500)
                .into())
        }
    }
}

/// `USER/2026/11/21/RANDOM.png`. Nothing of it comes from the sender but the id, whose other characters go.
fn name(app: &App, actor_id: &str, kind: Kind) -> String {
    let actor: String = actor_id
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    let actor = if actor.is_empty() { "unknown" } else { &actor };
    let day: String = app.now().iso().chars().take(10).collect();
    let day = day.replace('-', "/");
    format!("{actor}/{day}/{}.{}", app.random_id(21), kind.extension())
}

async fn read(mut form: Multipart) -> Result<(Kind, Vec<u8>), ApiError> {
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|error| unread(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        if file.is_some() {
            return Err(input("expected one file, received several"));
        }
        file = Some(read_file(field).await?);
    }
    file.ok_or_else(|| input("the form has no part named file"))
}

async fn read_file(mut field: Field<'_>) -> Result<(Kind, Vec<u8>), ApiError> {
    let declared = field.content_type().unwrap_or_default();
    let declared = declared.split(';').next().unwrap_or_default().trim();
    // What is declared can only rule a file out.
    if !declared.is_empty()
        && declared != "application/octet-stream"
        && !MEDIA_TYPES.contains(&declared.to_ascii_lowercase().as_str())
    {
        return Err(not_allowed());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| unread(&error))? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    let kind = Kind::of(&bytes).ok_or_else(not_allowed)?;
    Ok((kind, bytes))
}

/// The refusal of a body that is no form with files.
pub fn no_form(refused: &MultipartRejection) -> ApiError {
    input(&refused.body_text())
}

fn unread(error: &MultipartError) -> ApiError {
    if error.status().as_u16() == 413 {
        return too_large();
    }
    input(&error.body_text())
}

fn too_large() -> ApiError {
    let message = format!("The file is larger than {LARGEST} bytes.");
    Refused::new("guard.file_size_exceeded", message).into()
}

fn not_allowed() -> ApiError {
    let message = format!(
        "The file is none of {}, or it can run or load something.",
        MEDIA_TYPES.join(", ")
    );
    Refused::new("guard.mime_type_not_allowed", message).into()
}

fn input(details: &str) -> ApiError {
    ApiError::Input {
        part: "file",
        details: details.to_owned(),
    }
}
