//! `/user-assets` and the files behind them (`contract/logto-api.md` §5.3), in a folder and in a bucket.

use std::path::Path;

use object_store::{ClientOptions, ObjectStoreExt, aws::AmazonS3Builder, path::Path as Key};
use serde_json::{Value, json};
use server::asset::{SETTING, kind::Kind, s3::S3};
use store::{on_both, testing::TestDb};

use crate::{
    bucket::{self, Bucket},
    manager::Manager,
    support::{Answer, Raw},
};

on_both!(
    a_file_is_stored_in_the_folder_and_served,
    t45_a_picture_is_never_a_page,
    t45_what_is_no_picture_is_refused,
    t53_strange_forms_are_refused,
    t53_a_file_that_is_too_large_is_refused,
    t56_files_of_another_tenant_are_not_found,
    without_a_place_nothing_is_stored,
    a_file_is_stored_in_a_bucket_of_the_environment,
    a_file_is_stored_in_the_bucket_of_the_system_setting,
    a_bucket_that_refuses_is_an_error_of_ours,
    a_bucket_over_tls_needs_an_authority_that_is_known,
);

const PATH: &str = "/user-assets";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>"#;

/// Sends a form with one part for each file: its name, what it is called, its type, its bytes.
async fn send(manager: &Manager, parts: &[(&str, &str, &str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, kind, bytes) in parts {
        let head = format!(
            "--xyz\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\ncontent-type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    let kind = "multipart/form-data; boundary=xyz";
    manager.send_bytes("POST", PATH, kind, body).await
}

async fn upload(manager: &Manager, file: &str, kind: &str, bytes: &[u8]) -> Answer {
    send(manager, &[("file", file, kind, bytes)]).await
}

async fn in_folder(db: TestDb) -> (Manager, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("files");
    let variables = [("HUFU_ASSETS_DIR", path.to_str().unwrap())];
    (Manager::start_with(db, &variables).await, folder)
}

/// What a browser gets.
async fn read(manager: &Manager, path: &str) -> Raw {
    let server = &manager.server;
    server.send_bytes("GET", path, &[], Vec::new()).await
}

fn header<'a>(answer: &'a Raw, name: &str) -> &'a str {
    let value = answer.headers.get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// The path below the endpoint.
fn below(url: &Value) -> String {
    let url = url["url"].as_str().unwrap();
    url.strip_prefix("http://id.test").unwrap().to_owned()
}

async fn a_file_is_stored_in_the_folder_and_served(db: TestDb) {
    let (manager, _folder) = in_folder(db).await;
    let status = manager.get("/user-assets/service-status").await.with(200);
    assert_eq!(
        status,
        json!({ "status": "ready", "maxUploadFileSize": 20_971_520, "isExperienceAvatarUploadEnabled": true,
            "allowUploadMimeTypes": ["image/jpeg", "image/png", "image/gif", "image/vnd.microsoft.icon", "image/x-icon",
                "image/svg+xml", "image/tiff", "image/webp", "image/bmp", "application/zip"] })
    );
    let url = upload(&manager, "../../me.html", "image/png", PNG).await;
    let path = below(&url.with(200));
    let parts: Vec<&str> = path.split('/').collect();
    assert_eq!(parts[..6], ["", "uploads", "worker", "2027", "01", "15"]);
    assert_eq!((parts.len(), parts[6].len()), (7, 25), "{path}");
    assert_eq!(Kind::of_name(parts[6]), Some(Kind::Png));
    let served = read(&manager, &path).await;
    assert_eq!((served.status, served.body.as_slice()), (200, PNG));
    let again = below(&upload(&manager, "me.png", "image/png", PNG).await.with(200));
    assert_ne!(again, path);
}

async fn t45_a_picture_is_never_a_page(db: TestDb) {
    let (manager, _folder) = in_folder(db).await;
    for (bytes, kind, disposition) in [
        (PNG, "image/png", "inline"),
        (SVG.as_bytes(), "image/svg+xml", "attachment"),
        (b"PK\x03\x04<script>", "application/zip", "attachment"),
        // A picture that is a script as well is served as a picture.
        (b"GIF89a/*\0*/=1;alert(1)//", "image/gif", "inline"),
    ] {
        let url = upload(&manager, "page.html", kind, bytes).await.with(200);
        let served = read(&manager, &below(&url)).await;
        assert_eq!(served.status, 200, "{kind}");
        for (name, value) in [
            ("content-type", kind),
            ("content-disposition", disposition),
            ("x-content-type-options", "nosniff"),
            (
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            ),
            ("cache-control", "public, max-age=31536000, immutable"),
        ] {
            assert_eq!(header(&served, name), value, "{kind}");
        }
    }
}

async fn t45_what_is_no_picture_is_refused(db: TestDb) {
    let (manager, folder) = in_folder(db).await;
    for (kind, bytes) in [
        ("text/html", PNG),
        ("image/png", &b"<html><script>alert(1)</script></html>"[..]),
        ("image/png", b"\x89PNG"),
        ("image/png", b""),
        ("application/x-msdownload", b"MZ\x90\0"),
        (
            "image/svg+xml",
            br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#,
        ),
    ] {
        let refused = upload(&manager, "me.png", kind, bytes).await;
        refused.failed(400, "guard.mime_type_not_allowed");
    }
    assert!(!folder.path().join("files").exists(), "nothing was stored");
}

async fn t53_strange_forms_are_refused(db: TestDb) {
    let (manager, _folder) = in_folder(db).await;
    let file = ("file", "me.png", "image/png", PNG);
    for parts in [
        &[][..],
        &[("picture", "me.png", "image/png", PNG)][..],
        &[file, file][..],
    ] {
        let refused = send(&manager, parts).await;
        refused.failed(400, "guard.invalid_input");
    }
    for (kind, body) in [
        ("application/json", "{}"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=xyz", "--xyz\r\ncontent-disp"),
    ] {
        let refused = manager.send_bytes("POST", PATH, kind, body.into()).await;
        refused.failed(400, "guard.invalid_input");
    }
}

async fn t53_a_file_that_is_too_large_is_refused(db: TestDb) {
    const LARGEST: usize = 20_971_520;
    let (manager, _folder) = in_folder(db).await;
    for (size, fits) in [
        (LARGEST, true),
        (LARGEST + 1, false),
        (LARGEST + 1_000_000, false),
    ] {
        let mut bytes = PNG.to_vec();
        bytes.resize(size, 0);
        let answer = upload(&manager, "me.png", "image/png", &bytes).await;
        if fits {
            answer.with(200);
        } else {
            answer.failed(400, "guard.file_size_exceeded");
        }
    }
}

async fn t56_files_of_another_tenant_are_not_found(db: TestDb) {
    let (manager, folder) = in_folder(db).await;
    let put = |path: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, PNG).unwrap();
    };
    put("files/admin/a.png");
    put("files/default/a.png");
    put("secret.png");
    let status = async |path: &str| read(&manager, path).await.status;
    assert_eq!(status("/uploads/a.png").await, 200);
    for path in [
        "/uploads/b.png",
        "/uploads/../admin/a.png",
        "/uploads/..%2fadmin%2fa.png",
        "/uploads/%2e%2e/admin/a.png",
        "/uploads/../../secret.png",
        "/uploads/..%2f..%2fsecret.png",
        "/uploads//a.png",
        "/uploads/./a.png",
        "/uploads/a.png%00.png",
        "/uploads/",
        "/uploads",
    ] {
        assert_eq!(status(path).await, 404, "{path}");
    }
}

async fn without_a_place_nothing_is_stored(db: TestDb) {
    let manager = Manager::start_with(db, &[("HUFU_ASSETS_DIR", "off")]).await;
    let status = manager.get("/user-assets/service-status").await.with(200);
    let expected = json!({ "status": "not_configured", "isExperienceAvatarUploadEnabled": true });
    assert_eq!(status, expected);
    let refused = upload(&manager, "me.png", "image/png", PNG).await;
    refused.failed(400, "storage.not_configured");
    assert_eq!(read(&manager, "/uploads/a.png").await.status, 404);
}

/// What is in a bucket, and how it will be served.
async fn stored(bucket: &Bucket, key: &str) -> (Vec<u8>, Vec<(String, String)>) {
    let s3 = AmazonS3Builder::new()
        .with_bucket_name(bucket::NAME)
        .with_access_key_id(bucket::KEY_ID)
        .with_secret_access_key(bucket::SECRET)
        .with_region("us-east-1")
        .with_endpoint(&bucket.endpoint)
        .with_allow_http(true)
        .build()
        .unwrap();
    let found = s3.get(&Key::from(key)).await.unwrap();
    let attributes = found.attributes.iter();
    let attributes = attributes
        .map(|(name, value)| (format!("{name:?}"), value.as_ref().to_owned()))
        .collect();
    (found.bytes().await.unwrap().to_vec(), attributes)
}

fn says(attributes: &[(String, String)], name: &str, value: &str) -> bool {
    attributes.contains(&(name.to_owned(), value.to_owned()))
}

async fn a_file_is_stored_in_a_bucket_of_the_environment(db: TestDb) {
    let bucket = Bucket::start().await;
    let variables = [
        ("HUFU_S3_BUCKET", bucket::NAME),
        ("HUFU_S3_ENDPOINT", &bucket.endpoint),
        ("HUFU_S3_ACCESS_KEY_ID", bucket::KEY_ID),
        ("HUFU_S3_SECRET_ACCESS_KEY", bucket::SECRET),
        ("HUFU_S3_PATH_STYLE", "1"),
    ];
    let manager = Manager::start_with(db, &variables).await;
    let url = upload(&manager, "me.svg", "image/svg+xml", SVG.as_bytes()).await;
    let url = url.with(200)["url"].as_str().unwrap().to_owned();
    let start = format!("{}/{}/", bucket.endpoint, bucket::NAME);
    let key = url.strip_prefix(&start).unwrap();
    assert!(key.starts_with("default/worker/2027/01/15/"), "{key}");
    let (bytes, attributes) = stored(&bucket, key).await;
    assert_eq!(bytes, SVG.as_bytes());
    assert!(
        says(&attributes, "ContentType", "image/svg+xml"),
        "{attributes:?}"
    );
    assert!(
        says(&attributes, "ContentDisposition", "attachment"),
        "{attributes:?}"
    );
}

async fn a_file_is_stored_in_the_bucket_of_the_system_setting(db: TestDb) {
    let bucket = Bucket::start().await;
    let (manager, folder) = in_folder(db).await;
    let setting = json!({ "provider": "S3Storage", "bucket": bucket::NAME, "accessKeyId": bucket::KEY_ID,
        "accessSecretKey": bucket::SECRET, "endpoint": bucket.endpoint, "publicUrl": "https://cdn.test/files/" });
    let app = &manager.server.app;
    let mut tx = app.db().begin().await.unwrap();
    store::system::set_sealed(&mut tx, app.vault(), SETTING, &setting.to_string())
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    let held = store::system::find(app.db(), SETTING).await.unwrap();
    assert!(!held.unwrap().contains(bucket::SECRET), "t55");
    let url = upload(&manager, "me.png", "image/png", PNG).await.with(200);
    let url = url["url"].as_str().unwrap();
    let key = url.strip_prefix("https://cdn.test/files/").unwrap();
    let (bytes, attributes) = stored(&bucket, key).await;
    assert_eq!(bytes, PNG);
    assert!(
        says(&attributes, "ContentDisposition", "inline"),
        "{attributes:?}"
    );
    assert!(!folder.path().join("files").exists());
}

async fn a_bucket_that_refuses_is_an_error_of_ours(db: TestDb) {
    let bucket = Bucket::start().await;
    let variables = [
        ("HUFU_S3_BUCKET", bucket::NAME),
        ("HUFU_S3_ENDPOINT", &bucket.endpoint),
        ("HUFU_S3_ACCESS_KEY_ID", bucket::KEY_ID),
        ("HUFU_S3_SECRET_ACCESS_KEY", "guess"),
    ];
    let manager = Manager::start_with(db, &variables).await;
    let refused = upload(&manager, "me.png", "image/png", PNG).await;
    let body = refused.failed(500, "storage.upload_error");
    assert!(!body.to_string().contains(bucket::KEY_ID), "t55: {body}");
}

async fn a_bucket_over_tls_needs_an_authority_that_is_known(db: TestDb) {
    let (bucket, certificate) = Bucket::start_encrypting().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), certificate).unwrap();
    let variables = [
        ("HUFU_S3_BUCKET", bucket::NAME),
        ("HUFU_S3_ENDPOINT", &bucket.endpoint),
        ("HUFU_S3_ACCESS_KEY_ID", bucket::KEY_ID),
        ("HUFU_S3_SECRET_ACCESS_KEY", bucket::SECRET),
        ("HUFU_S3_CA_PATH", file.path().to_str().unwrap()),
    ];
    let manager = Manager::start_on(&db, &variables).await;
    let url = upload(&manager, "me.png", "image/png", PNG).await.with(200);
    let url = url["url"].as_str().unwrap();
    let start = format!("{}/{}/", bucket.endpoint, bucket::NAME);
    assert!(start.starts_with("https://"));
    let key = url.strip_prefix(&start).unwrap();
    let kept = bucket.folder.path().join(bucket::NAME).join(key);
    assert_eq!(std::fs::read(kept).unwrap(), PNG);

    let unknown: S3 = serde_json::from_value(
        json!({ "bucket": bucket::NAME, "accessKeyId": bucket::KEY_ID,
        "accessSecretKey": bucket::SECRET, "endpoint": bucket.endpoint }),
    )
    .unwrap();
    let refused = unknown
        .put(
            ClientOptions::new(),
            "default/a.png",
            Kind::Png,
            PNG.to_vec(),
        )
        .await;
    assert!(refused.is_err());
}

/// As Alibaba Cloud OSS needs it, and Amazon.
#[tokio::test]
async fn the_bucket_may_stand_in_the_host_name() {
    let bucket = Bucket::start().await;
    let s3: S3 = serde_json::from_value(json!({ "bucket": bucket::NAME, "accessKeyId": bucket::KEY_ID,
        "accessSecretKey": bucket::SECRET, "endpoint": format!("http://{}", bucket.domain), "region": "cn-hangzhou" }))
    .unwrap();
    let client = ClientOptions::new().with_dns_resolver(bucket.resolver());
    let url = s3
        .put(client, "default/a.png", Kind::Png, PNG.to_vec())
        .await;
    let host = format!("{}.{}", bucket::NAME, bucket.domain);
    assert_eq!(url.unwrap(), format!("http://{host}/default/a.png"));
    assert_eq!(stored(&bucket, "default/a.png").await.0, PNG);
    assert!(Path::new(bucket.folder.path()).join(bucket::NAME).exists());
}
