//! The server: commands, configuration, endpoints, pages and jobs.

pub mod again;
pub mod api;
pub mod app;
pub mod apply;
pub mod arriving;
pub mod asset;
pub mod audit;
pub mod backchannel;
mod banner;
pub mod breach;
pub mod builtin;
pub mod certificate;
pub mod cimd;
pub mod clock;
pub mod command;
pub mod config;
pub mod cookie;
pub mod csrf;
pub mod demo;
pub mod error;
pub mod extract;
pub mod first_administrator;
pub mod hash;
pub mod hook;
pub mod interaction;
pub mod job;
pub mod key;
pub mod known_browser;
pub mod listen;
pub mod me;
pub mod message;
pub mod oidc;
pub mod operation;
pub mod packed;
pub mod page;
pub mod prepare;
pub mod qr;
pub mod random;
pub mod router;
pub mod script;
pub mod seen;
pub mod serve;
pub mod session;
pub mod signin;
pub mod snapshot;
pub mod social;
pub mod status;
pub mod tenant;
pub mod text;
pub mod user_agent;
pub mod verification_code;

#[cfg(test)]
#[path = "../../connectors/tests/document_host/mod.rs"]
mod document_host;
