//! Files in a bucket of Amazon S3, or of another service that speaks its language: Alibaba Cloud OSS, `MinIO`, R2, ….

use std::{fmt, time::Duration};

use object_store::{
    Attribute, Attributes, Certificate, ClientOptions, ObjectStore, PutOptions, PutPayload,
    RetryConfig, aws::AmazonS3Builder, path::Path as Key,
};
use protocol::secret::Secret;
use serde::Deserialize;
use url::{Host, Url};

use super::kind::Kind;

/// The region that services without regions go by.
const REGION: &str = "us-east-1";
const TIMEOUT: Duration = Duration::from_secs(30);

/// A bucket and who may write into it, as Logto's system setting `storageProvider` has it (`contract/logto-core.md` §2).
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct S3 {
    /// Its name.
    pub bucket: String,
    /// Who writes into it.
    pub access_key_id: String,
    /// The proof.
    #[serde(deserialize_with = "secret")]
    pub access_secret_key: Secret,
    /// The address of the service, without the bucket; Amazon's when left out.
    #[serde(default, deserialize_with = "web")]
    pub endpoint: Option<Url>,
    /// Where the bucket is.
    pub region: Option<String>,
    /// Whether the bucket stands in the path (`MinIO`), not in the host name (Amazon, Alibaba Cloud OSS).
    #[serde(default)]
    pub force_path_style: bool,
    /// Whom to trust beside the system's authorities when the service proves who it is, as PEM.
    #[serde(default)]
    pub certificate_authorities: Option<String>,
    /// Where browsers read its files; the address they are written to when left out.
    #[serde(default, deserialize_with = "web")]
    pub public_url: Option<Url>,
}

fn secret<'de, D: serde::Deserializer<'de>>(text: D) -> Result<Secret, D::Error> {
    String::deserialize(text).map(Secret::new)
}

/// An address of the web; an empty text counts as none.
fn web<'de, D: serde::Deserializer<'de>>(text: D) -> Result<Option<Url>, D::Error> {
    let text = Option::<String>::deserialize(text)?;
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() => {
            Ok(Some(url))
        }
        _ => Err(serde::de::Error::custom(format!(
            "{text:?} is not an http or https address"
        ))),
    }
}

impl S3 {
    /// Puts a file into the bucket and returns its public address.
    ///
    /// # Errors
    /// When the service does not take it.
    pub async fn put(
        &self,
        client: ClientOptions,
        name: &str,
        kind: Kind,
        bytes: Vec<u8>,
    ) -> object_store::Result<String> {
        let mut client = client.with_timeout(TIMEOUT).with_allow_http(true);
        let authorities = self.certificate_authorities.as_deref();
        for authority in Certificate::from_pem_bundle(authorities.unwrap_or_default().as_bytes())? {
            client = client.with_root_certificate(authority);
        }
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_access_key_id(&self.access_key_id)
            .with_secret_access_key(self.access_secret_key.reveal())
            .with_region(self.region())
            .with_endpoint(self.address())
            .with_virtual_hosted_style_request(!self.in_path())
            // Plain http is for services in the operator's own network.
            .with_client_options(client)
            .with_retry(RetryConfig {
                max_retries: 2,
                retry_timeout: TIMEOUT,
                ..RetryConfig::default()
            });
        let bucket = builder.build()?;
        let options = PutOptions {
            attributes: Attributes::from_iter([
                (Attribute::ContentType, kind.media_type()),
                (Attribute::ContentDisposition, kind.disposition()),
                (
                    Attribute::CacheControl,
                    "public, max-age=31536000, immutable",
                ),
            ]),
            ..PutOptions::default()
        };
        let key: Key = name.split('/').collect();
        bucket
            .put_opts(&key, PutPayload::from(bytes), options)
            .await?;
        Ok(self.public_address(name))
    }

    /// Where browsers read the file with this name.
    fn public_address(&self, name: &str) -> String {
        let base = match &self.public_url {
            Some(address) => address.as_str().trim_end_matches('/').to_owned(),
            None if self.in_path() => format!("{}/{}", self.address(), self.bucket),
            None => self.address(),
        };
        format!("{base}/{name}")
    }

    /// Where requests go: with the bucket in the host name unless it stands in the path.
    fn address(&self) -> String {
        let amazon = || format!("https://s3.{}.amazonaws.com", self.region());
        let service = self.endpoint.as_ref();
        let service = service.map_or_else(amazon, Url::to_string);
        let service = service.trim_end_matches('/');
        match service.split_once("://") {
            Some((scheme, host)) if !self.in_path() => {
                format!("{scheme}://{}.{host}", self.bucket)
            }
            _ => service.to_owned(),
        }
    }

    /// An address made of numbers has no names below it.
    fn in_path(&self) -> bool {
        let host = self.endpoint.as_ref().and_then(Url::host);
        self.force_path_style || matches!(host, Some(Host::Ipv4(_) | Host::Ipv6(_)))
    }

    fn region(&self) -> &str {
        self.region.as_deref().unwrap_or(REGION)
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint.as_ref().map(Url::as_str))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::S3;

    fn read(other: Value) -> S3 {
        let mut value =
            json!({ "bucket": "files", "accessKeyId": "ann", "accessSecretKey": "swordfish" });
        let members = value.as_object_mut().unwrap();
        members.extend(other.as_object().unwrap().clone());
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_bucket_stands_in_the_host_name_or_in_the_path() {
        for (other, written, public) in [
            (
                json!({}),
                "https://files.s3.us-east-1.amazonaws.com",
                "https://files.s3.us-east-1.amazonaws.com/a.png",
            ),
            (
                json!({ "region": "eu-central-1" }),
                "https://files.s3.eu-central-1.amazonaws.com",
                "https://files.s3.eu-central-1.amazonaws.com/a.png",
            ),
            (
                json!({ "endpoint": "https://oss-cn-hangzhou.aliyuncs.com" }),
                "https://files.oss-cn-hangzhou.aliyuncs.com",
                "https://files.oss-cn-hangzhou.aliyuncs.com/a.png",
            ),
            (
                json!({ "endpoint": "https://minio.test:9000/", "forcePathStyle": true }),
                "https://minio.test:9000",
                "https://minio.test:9000/files/a.png",
            ),
            (
                json!({ "endpoint": "http://10.0.0.7:9000" }),
                "http://10.0.0.7:9000",
                "http://10.0.0.7:9000/files/a.png",
            ),
            (
                json!({ "endpoint": "http://10.0.0.7:9000", "publicUrl": "https://cdn.test/x/" }),
                "http://10.0.0.7:9000",
                "https://cdn.test/x/a.png",
            ),
        ] {
            let s3 = read(other);
            assert_eq!(s3.address(), written);
            assert_eq!(s3.public_address("a.png"), public);
        }
    }

    #[test]
    fn t55_the_secret_is_not_shown() {
        assert!(!format!("{:?}", read(json!({}))).contains("swordfish"));
    }
}
