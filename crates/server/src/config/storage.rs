//! Where uploaded files are kept.

use std::{fs, path::PathBuf};

use url::Url;

use super::{ConfigError, Database, reader::Reader};
use crate::asset::s3::S3;

const FOLDER: &str = "HUFU_ASSETS_DIR";
const BUCKET: &str = "HUFU_S3_BUCKET";
const KEY_ID: &str = "HUFU_S3_ACCESS_KEY_ID";
const KEY: &str = "HUFU_S3_SECRET_ACCESS_KEY";
const AUTHORITIES: &str = "HUFU_S3_CA_PATH";

/// Where uploaded files are kept, unless the system setting `storageProvider` says otherwise.
#[derive(Clone, Debug)]
pub struct Storage {
    /// A folder of this machine: beside the SQLite file, and nowhere for PostgreSQL, whose nodes would not find each
    /// other's files.
    pub folder: Option<PathBuf>,
    /// A bucket, which goes before the folder.
    pub s3: Option<S3>,
}

impl Storage {
    pub(super) fn read(reader: &Reader<'_>, database: &Database) -> Result<Self, ConfigError> {
        let beside = || database.file().map(|file| file.with_file_name("assets"));
        let folder = match reader.text(FOLDER) {
            Some(text) if text.eq_ignore_ascii_case("off") => None,
            Some(text) => Some(PathBuf::from(text)),
            None => beside(),
        };
        let s3 = s3(reader)?;
        Ok(Self { folder, s3 })
    }
}

fn s3(reader: &Reader<'_>) -> Result<Option<S3>, ConfigError> {
    let (bucket, access_key_id) = (reader.text(BUCKET), reader.text(KEY_ID));
    let access_secret_key = reader.secret(KEY);
    let endpoint = address(reader, "HUFU_S3_ENDPOINT")?;
    let region = reader.text("HUFU_S3_REGION");
    let force_path_style = reader.flag("HUFU_S3_PATH_STYLE", false)?;
    let public_url = address(reader, "HUFU_S3_PUBLIC_URL")?;
    let certificate_authorities = authorities(reader)?;
    let Some(bucket) = bucket else {
        return Ok(None);
    };
    let (Some(access_key_id), Some(access_secret_key)) = (access_key_id, access_secret_key) else {
        return Err(ConfigError::sentence(format!(
            "{BUCKET} needs {KEY_ID} and {KEY} to be set as well."
        )));
    };
    Ok(Some(S3 {
        bucket,
        access_key_id,
        access_secret_key,
        endpoint,
        region,
        force_path_style,
        certificate_authorities,
        public_url,
    }))
}

fn authorities(reader: &Reader<'_>) -> Result<Option<String>, ConfigError> {
    let Some(path) = reader.text(AUTHORITIES) else {
        return Ok(None);
    };
    let text = fs::read_to_string(&path).map_err(|error| {
        let why = format!("which cannot be read ({error})");
        reader.wrong(AUTHORITIES, &path, &why)
    })?;
    if !text.contains("-----BEGIN CERTIFICATE-----") {
        return Err(reader.wrong(AUTHORITIES, &path, "which holds no certificate"));
    }
    Ok(Some(text))
}

fn address(reader: &Reader<'_>, name: &'static str) -> Result<Option<Url>, ConfigError> {
    let Some(text) = reader.text(name) else {
        return Ok(None);
    };
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() => {
            Ok(Some(url))
        }
        _ => Err(reader.wrong(name, &text, "which is not an http or https address")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::tests::load;

    #[test]
    fn files_are_kept_beside_the_sqlite_file_unless_said_otherwise() {
        let folder = |variables: &[_]| load(variables).unwrap().storage.folder;
        assert_eq!(folder(&[]).as_deref(), Some(Path::new("./data/assets")));
        let elsewhere = [("HUFU_ASSETS_DIR", "/srv/files")];
        assert_eq!(folder(&elsewhere).as_deref(), Some(Path::new("/srv/files")));
        assert_eq!(folder(&[("HUFU_ASSETS_DIR", "off")]), None);
        assert_eq!(folder(&[("DB_URL", "postgres://a:b@c/d")]), None);
    }

    #[test]
    fn a_bucket_needs_its_keys() {
        let keys = [
            ("HUFU_S3_ACCESS_KEY_ID", "ann"),
            ("HUFU_S3_SECRET_ACCESS_KEY", "swordfish"),
        ];
        let bucket = [("HUFU_S3_BUCKET", "files")];
        assert!(load(&bucket).unwrap_err().contains("HUFU_S3_ACCESS_KEY_ID"));
        assert!(load(&keys).unwrap().storage.s3.is_none());
        let both = [&bucket[..], &keys[..]].concat();
        assert_eq!(load(&both).unwrap().storage.s3.unwrap().bucket, "files");
        let nowhere = [&both[..], &[("HUFU_S3_ENDPOINT", "minio")][..]].concat();
        assert!(load(&nowhere).is_err());
    }
}
