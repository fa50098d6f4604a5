//! What of the database a document holds: every table is decided upon.

use super::DOCUMENT;

/// Each table, with what the document of these tests says of it, or why documents say nothing of it.
const TABLES: [(&str, Result<&str, &str>); 81] = [
    ("account_centers", Ok("accountCenter:")),
    (
        "application_access_organization_roles",
        Ok("organizationRoles:\n      twin-2"),
    ),
    (
        "application_access_organizations",
        Ok("organizations: [Acme]"),
    ),
    ("application_access_roles", Ok("roles: [Editor]")),
    ("application_access_users", Err(PEOPLE)),
    ("application_secrets", Ok("secrets:")),
    (
        "application_sign_in_experiences",
        Ok("displayName: The partner"),
    ),
    (
        "application_user_consent_organization_resource_scopes",
        Ok("organizationResourceScopes:"),
    ),
    (
        "application_user_consent_organization_scopes",
        Ok("organizationScopes: [invite]"),
    ),
    ("application_user_consent_organizations", Err(PEOPLE)),
    (
        "application_user_consent_resource_scopes",
        Ok("    resourceScopes:"),
    ),
    ("application_user_consent_user_scopes", Ok("userScopes:")),
    ("applications", Ok("applications:")),
    ("applications_roles", Ok("roles: [Robots]")),
    ("captcha_providers", Ok("captchaProvider:")),
    (
        "cimd_user_consent_organization_resource_scopes",
        Ok("organizationResourceScopes: {"),
    ),
    (
        "cimd_user_consent_organization_scopes",
        Ok("organizationScopes: [pay]"),
    ),
    (
        "cimd_user_consent_resource_scopes",
        Ok("  resourceScopes: {"),
    ),
    (
        "cimd_user_consent_user_scopes",
        Ok("cimdUserConsentScopes:\n  userScopes:"),
    ),
    ("configs", Ok("configs:")),
    ("connectors", Ok("connectors:")),
    ("custom_phrases", Ok("customPhrases:")),
    ("custom_profile_fields", Ok("customProfileFields:")),
    ("email_templates", Ok("emailTemplates:")),
    ("hooks", Ok("hooks:")),
    ("organization_application_roles", Ok("Acme: [Agent]")),
    ("organization_applications", Ok("twin-1: []")),
    ("organization_jit_email_domains", Ok("emailDomains:")),
    ("organization_jit_roles", Ok("roles: [Owner]")),
    ("organization_jit_sso_connectors", Ok("ssoConnectors: [")),
    ("organization_role_resource_scopes", Ok("  resourceScopes:")),
    ("organization_role_scopes", Ok("scopes: [pay, invite]")),
    ("organization_roles", Ok("organizationRoles:")),
    ("organization_scopes", Ok("organizationScopes:")),
    ("organizations", Ok("organizations:")),
    ("resources", Ok("resources:")),
    ("roles", Ok("roles:")),
    ("roles_scopes", Ok("https://api.example.com: [write, read]")),
    (
        "saml_application_secrets",
        Ok("signingKeys:\n  - id: wiki-1"),
    ),
    ("saml_applications", Ok("samlApplications:")),
    ("scopes", Ok("scopes:\n  - name: read")),
    ("sign_in_experiences", Ok("signInExperience:\n  color")),
    (
        "sso_connector_signing_keys",
        Ok("signingKeys:\n  - id: key-1"),
    ),
    ("sso_connectors", Ok("ssoConnectors:")),
    ("access_tokens", Err(PASSING)),
    ("authorization_codes", Err(PASSING)),
    ("consents", Err(PEOPLE)),
    ("cookie_keys", Err(KEYS)),
    ("daily_active_users", Err(RECORD)),
    ("deliveries", Err(PASSING)),
    ("device_codes", Err(PASSING)),
    ("failed_attempts", Err(PASSING)),
    ("grant_organizations", Err(PEOPLE)),
    ("grants", Err(PEOPLE)),
    ("hook_deliveries", Err(PASSING)),
    ("interactions", Err(PASSING)),
    ("logs", Err(RECORD)),
    ("mfa_verifications", Err(PEOPLE)),
    ("one_time_links", Err(PASSING)),
    ("one_time_tokens", Err(PASSING)),
    ("organization_invitation_roles", Err(PEOPLE)),
    ("organization_invitations", Err(PEOPLE)),
    ("organization_user_roles", Err(PEOPLE)),
    ("organization_users", Err(PEOPLE)),
    ("personal_access_tokens", Err(PEOPLE)),
    ("pushed_requests", Err(PASSING)),
    ("rate_limits", Err(PASSING)),
    ("refresh_tokens", Err(PASSING)),
    ("saml_sessions", Err(PASSING)),
    ("secrets", Err(PEOPLE)),
    ("sessions", Err(PEOPLE)),
    ("signing_keys", Err(KEYS)),
    ("subject_tokens", Err(PASSING)),
    (
        "systems",
        Err("the installation's, not a tenant's: see `hufu db system`"),
    ),
    ("tenants", Err("a document is of a tenant that is there")),
    ("user_identities", Err(PEOPLE)),
    ("user_sso_identities", Err(PEOPLE)),
    ("users", Err(PEOPLE)),
    ("users_roles", Err(PEOPLE)),
    ("verification_codes", Err(PASSING)),
    ("verification_statuses", Err(PASSING)),
];

const PEOPLE: &str = "people, what they have and what names them";
const PASSING: &str = "of the moment: it ends by itself";
const RECORD: &str = "what has happened";
const KEYS: &str = "each server signs with keys of its own";

#[test]
fn every_table_is_in_the_document_or_has_a_reason_not_to_be() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let mut made = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            let line = line.strip_prefix("CREATE TABLE ");
            let line = line.map(|line| line.trim_start_matches("IF NOT EXISTS "));
            made.extend(line.and_then(|line| Some(line.split_once(' ')?.0.to_owned())));
        }
    }
    made.sort_unstable();
    let mut decided = TABLES.map(|(table, _)| table);
    decided.sort_unstable();
    assert_eq!(made, decided, "decide whether `apply` sets a new table");
    for (table, decision) in TABLES {
        match decision {
            Ok(said) => assert!(DOCUMENT.contains(said), "{table}: {said}"),
            Err(why) => assert!(!why.is_empty(), "{table}"),
        }
    }
}
