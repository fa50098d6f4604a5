//! The Management API over HTTP, in process and on both databases: `scripts/with-postgres cargo nextest run -p server --test api`.
#![cfg(test)]

mod access;
mod action;
mod application;
mod application_access;
mod at_once;
mod bucket;
mod cimd;
mod config;
mod connector;
mod custom_phrase;
mod custom_profile_field;
mod dashboard;
mod document;
mod domain;
mod email_template;
mod half_done;
mod hook;
mod jwt_customizer;
mod log;
#[expect(dead_code, reason = "the tests of the sender need more of it")]
#[path = "../../../connectors/tests/mail_server/mod.rs"]
mod mail_server;
mod manager;
mod me;
mod message;
mod one_time_token;
mod organization;
mod personal_access_token;
mod provider;
#[path = "../receiver/mod.rs"]
mod receiver;
mod resource;
mod role;
mod saml;
mod saml_application;
mod secret_mask;
mod sentinel_activity;
mod sign_in_exp;
mod sso_connector;
mod subject_token;
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the other tests of endpoints"
)]
#[path = "../support/mod.rs"]
mod support;
mod tenant_walk;
mod unavailable;
mod unbuilt;
mod user;
mod user_asset;
mod user_identity;
mod user_mfa_verification;
mod verification_code;
mod well_known;
mod world;
