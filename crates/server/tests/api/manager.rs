//! An operator's program: it has a token for the Management API and sends JSON.

use serde_json::Value;
use store::{
    Db,
    seed::{DEFAULT_TENANT, MANAGEMENT_API},
    testing::TestDb,
};

use crate::support::{Answer, TestServer};

/// A server and a token that may manage its default tenant.
pub(crate) struct Manager {
    pub server: TestServer,
    token: String,
}

impl Manager {
    /// The application `worker` gets the role that every installation begins with.
    pub(crate) async fn start(db: TestDb) -> Self {
        Self::start_with(db, &[]).await
    }

    /// The same with these variables set.
    pub(crate) async fn start_with(db: TestDb, variables: &[(&str, &str)]) -> Self {
        Self::start_on(&db, variables).await
    }

    /// The same for a test that looks into the database.
    pub(crate) async fn start_on(db: &Db, variables: &[(&str, &str)]) -> Self {
        let server = TestServer::with(db.clone(), variables).await;
        let name = "Logto Management API access";
        let mut tx = server.app.db().begin().await.unwrap();
        let role = store::role::find_by_name(&mut tx, DEFAULT_TENANT, name).await;
        let role = role.unwrap().unwrap();
        store::role::give_application(&mut tx, DEFAULT_TENANT, "worker", &role.id)
            .await
            .unwrap();
        server.app.commit(tx).await.unwrap();
        let mut manager = Self {
            token: String::new(),
            server,
        };
        manager.renew().await;
        manager
    }

    /// Gets a new token: after an hour the old one has expired.
    pub(crate) async fn renew(&mut self) {
        let form = [
            ("grant_type", "client_credentials"),
            ("resource", MANAGEMENT_API),
            ("scope", "all"),
        ];
        let token = self.server.token("worker", &form).await.ok();
        token["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
    }

    /// The value of its `Authorization` header.
    pub(crate) fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Sends a request below `/api`.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let authorization = self.authorization();
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let body = body.map(Value::to_string).unwrap_or_default();
        let path = format!("/api{path}");
        self.server.send(method, &path, &headers, body).await
    }

    /// Sends a body of any type below `/api`.
    pub(crate) async fn send_bytes(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Answer {
        let authorization = self.authorization();
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", kind),
        ];
        let path = format!("/api{path}");
        let answer = self.server.send_bytes(method, &path, &headers, body).await;
        answer.read()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }
}

impl Answer {
    /// The body of an answer with this status.
    pub(crate) fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The body of a refusal with this status and code.
    pub(crate) fn failed(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
        assert!(
            self.body["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        self.body
    }

    /// The ids of a list.
    pub(crate) fn ids(self) -> Vec<String> {
        let body = self.with(200);
        let rows = body.as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    }
}
