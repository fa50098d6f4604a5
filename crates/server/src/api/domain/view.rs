//! A domain as callers see it, and the files that prove whose it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{millis::Millis, text::Text};

/// A domain of the operator's own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Domain)]
#[serde(rename_all = "camelCase")]
pub(super) struct DomainView {
    id: String,
    domain: String,
    status: DomainStatus,
    error_message: Option<String>,
    dns_records: Vec<DnsRecord>,
    created_at: Millis,
}

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
#[expect(dead_code, reason = "only the document reads it")]
pub(in crate::api) enum DomainStatus {
    /// Its records are looked for.
    PendingVerification,
    /// Its certificate is on the way.
    PendingSsl,
    /// It is served.
    Active,
    /// Something is wrong.
    Error,
}

/// What the operator has to write into the domain name system.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct DnsRecord {
    name: String,
    r#type: String,
    value: String,
}

/// A file by which others check whose domain it is.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DomainVerificationFile)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerificationFile {
    /// At the root with an extension, or below `/.well-known/`.
    path: Text<1, 256>,
    content: Text<0, 16_384>,
    content_type: ContentType,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DomainVerificationFileType)]
pub(super) enum ContentType {
    /// Any text.
    #[serde(rename = "text/plain")]
    Text,
    /// JSON.
    #[serde(rename = "application/json")]
    Json,
}
