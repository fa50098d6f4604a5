//! A browser: it keeps cookies and follows nothing by itself.

use std::collections::BTreeMap;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use cookie::Cookie;
use serde_json::Value;
use tower::ServiceExt;
use url::{Url, form_urlencoded};

use super::{ENDPOINT, TestServer};

/// A browser at the default tenant.
#[derive(Clone)]
pub(crate) struct Browser<'s> {
    server: &'s TestServer,
    /// What the server set, by name.
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl<'s> Browser<'s> {
    pub(crate) fn new(server: &'s TestServer) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
        }
    }

    /// Goes to an address: a path, or one of ours in full.
    pub(crate) async fn get(&mut self, address: &str) -> Answer {
        self.send(Method::GET, address, &[], Body::empty()).await
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, address, &form, Body::from(body))
            .await
    }

    /// Sends any request with the cookies, and keeps those that come back.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let path = address.strip_prefix(ENDPOINT).unwrap_or(address);
        assert!(path.starts_with('/'), "{address} is not ours");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, ENDPOINT.trim_start_matches("http://"));
        if !self.cookies.is_empty() {
            let line: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .server
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = Cookie::parse(line.to_str().unwrap().to_owned()).unwrap();
            let gone = cookie
                .max_age()
                .is_some_and(cookie::time::SignedDuration::is_zero);
            if gone {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies
                    .insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Signs a person in for the interaction that `location` shows a page of, as the sign-in page would, and gives the
    /// address to resume at.
    pub(crate) async fn sign_in_at(&mut self, location: &str, user_id: &str) -> String {
        let (resume, cookie) = self.server.sign_in(&self.cookies, location, user_id).await;
        let cookie = Cookie::parse(cookie).unwrap();
        self.cookies
            .insert(cookie.name().to_owned(), cookie.value().to_owned());
        resume
    }

    /// Goes through a whole authorization of the application `chat` as this person; gives the answer at its address.
    pub(crate) async fn authorize_as(&mut self, user_id: &str, query: &str) -> Url {
        let answer = self.get(&format!("/oidc/auth?{query}")).await;
        let location = answer.location().to_owned();
        if !location.starts_with('/') {
            return answer.redirect();
        }
        let resume = self.sign_in_at(&location, user_id).await;
        self.get(&resume).await.redirect()
    }
}

impl Answer {
    /// The `Location` of a 303.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// The same, as an address.
    #[track_caller]
    pub(crate) fn redirect(&self) -> Url {
        Url::parse(self.location()).unwrap()
    }

    /// The value of a hidden field on the page.
    #[track_caller]
    pub(crate) fn hidden_field(&self, name: &str) -> String {
        let (_, after) = self
            .body
            .split_once(&format!("name=\"{name}\" value=\""))
            .expect("the field");
        after.split('"').next().unwrap().to_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

/// A parameter in the query of an address.
pub(crate) fn parameter(address: &Url, name: &str) -> Option<String> {
    address
        .query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
