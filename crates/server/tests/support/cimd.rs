//! A client that nobody registered: its document on a host of its own, and a server that takes such clients.

use std::io::Write;

use serde_json::{Value, json};
use store::{
    relation::{self, CIMD_RESOURCE_SCOPES, CIMD_USER_SCOPES},
    resource::{Resource, Scope},
    role::{Role, RoleType},
};
use tempfile::NamedTempFile;
use url::form_urlencoded;

use super::{
    ANN, TestServer,
    document_host::{DocumentHost, Reply},
};

/// Where the document is.
pub(crate) const PATH: &str = "/oauth/client.json";
/// The API that the client is for; it has the scopes `read` and `write`, and only `read` may be asked for.
pub(crate) const API: &str = "https://mcp.example.com/mcp";
/// Where the client waits.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:33418/callback";
/// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct World {
    pub(crate) server: TestServer,
    pub(crate) host: DocumentHost,
    _authority: NamedTempFile,
}

impl World {
    /// Such clients are on, the host may be called, and the document is good.
    pub(crate) async fn start() -> Self {
        let world = Self::with(&[("HUFU_OUTBOUND_ALLOW", "127.0.0.1")]).await;
        world.turn(true).await;
        world
    }

    /// A server with these variables that trusts the host's certificate and takes no such clients yet.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let host = DocumentHost::start().await;
        let mut authority = NamedTempFile::new().unwrap();
        authority.write_all(host.authority.as_bytes()).unwrap();
        let file = authority.path().to_str().unwrap();
        let variables: Vec<_> = variables
            .iter()
            .copied()
            .chain([("HUFU_OUTBOUND_CA", file)])
            .collect();
        let world = Self {
            server: TestServer::for_browsers_with(&variables).await,
            host,
            _authority: authority,
        };
        world.furnish().await;
        world.describe(&json!({}));
        world
    }

    /// The `client_id`.
    pub(crate) fn id(&self) -> String {
        self.host.address(PATH)
    }

    /// Serves the document with these members beside, or instead of, the usual ones.
    pub(crate) fn describe(&self, changes: &Value) {
        let mut document = json!({
            "client_id": self.id(), "client_name": "Example <b>Desktop</b>", "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none",
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        self.host.serve(PATH, Reply::json(document));
    }

    /// Turns such clients on or off.
    pub(crate) async fn turn(&self, on: bool) {
        let mut tx = self.server.app.db().begin().await.unwrap();
        let value = json!({ "enabled": on });
        store::config::set(&mut tx, "default", "cimd", &value)
            .await
            .unwrap();
        self.server.app.commit(tx).await.unwrap();
    }

    /// The query of an authorization request by the client, with these parameters beside, or instead of, the usual ones.
    pub(crate) fn query(&self, changes: &[(&str, &str)]) -> String {
        let id = self.id();
        let usual = [
            ("client_id", id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid offline_access read write"),
            ("resource", API),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("state", "s"),
        ];
        let kept = usual
            .iter()
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept.chain(changes).filter(|(_, value)| !value.is_empty()))
            .finish()
    }

    /// The API, ann's role for both of its scopes, and what such clients may ask for.
    async fn furnish(&self) {
        let mut tx = self.server.app.db().begin().await.unwrap();
        let api = Resource {
            id: "api".to_owned(),
            name: "MCP".to_owned(),
            indicator: API.to_owned(),
            is_default: false,
            access_token_ttl: 3600,
            signing_algorithm: None,
        };
        let role = Role {
            id: "role".to_owned(),
            name: "role".to_owned(),
            description: String::new(),
            kind: RoleType::User,
            is_default: false,
        };
        store::resource::insert(&mut tx, "default", &api)
            .await
            .unwrap();
        store::role::insert(&mut tx, "default", &role)
            .await
            .unwrap();
        for name in ["read", "write"] {
            let scope = Scope {
                id: name.to_owned(),
                resource_id: "api".to_owned(),
                name: name.to_owned(),
                description: None,
                created_at: self.server.now(),
            };
            store::resource::insert_scope(&mut tx, "default", &scope)
                .await
                .unwrap();
        }
        for (relation, parent, children) in [
            (relation::ROLE_SCOPES, &["role"][..], &["read", "write"][..]),
            (relation::USER_ROLES, &[ANN], &["role"]),
            (CIMD_RESOURCE_SCOPES, &[], &["read"]),
            (
                CIMD_USER_SCOPES,
                &[],
                &["email", "urn:logto:scope:organizations"],
            ),
        ] {
            let children: Vec<_> = children.iter().map(ToString::to_string).collect();
            relation::add(&mut tx, relation, "default", parent, &children)
                .await
                .unwrap();
        }
        self.server.app.commit(tx).await.unwrap();
    }
}
