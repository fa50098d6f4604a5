//! A server in the test's own process: a fresh database, a clock that only the test moves, browsers with cookies.

pub(crate) mod browser;
pub(crate) mod cimd;
#[path = "../../../../connectors/tests/document_host/mod.rs"]
pub(crate) mod document_host;
pub(crate) mod server;

pub(crate) use self::{browser::Browser, server::Server};
