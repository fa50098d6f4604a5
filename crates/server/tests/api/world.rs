//! One of everything, and every change that the document has of it.

use std::collections::BTreeMap;

use protocol::{
    record::{Grant, Session},
    scope::ScopeSet,
};
use serde_json::{Value, json};

use crate::{manager::Manager, support::Answer};

/// Ids and names by what stands for them in [`CHANGES`].
pub(crate) struct World(BTreeMap<&'static str, String>);

/// A change: method, path and body, with `{name}` for what [`World`] knows.
pub(crate) type Change = (&'static str, &'static str, &'static str);

/// Routes that are no change of ours: they ask others, or change nothing.
pub(crate) const ELSEWHERE: [(&str, &str); 21] = [
    ("POST", "/connectors/x/authorization-uri"),
    ("POST", "/connectors/x/test"),
    ("POST", "/hooks/x/test"),
    ("POST", "/configs/actions/test"),
    ("POST", "/configs/jwt-customizer/test"),
    ("POST", "/sign-in-exp/default/check-password"),
    ("POST", "/organization-invitations/x/message"),
    ("POST", "/user-assets"),
    ("POST", "/saml/x/authn"),
    ("POST", "/users/x/identities"),
    ("POST", "/users/x/password/verify"),
    // It asks for a sign-in experience of its own.
    ("PATCH", "/users/x/password/expiration"),
    ("POST", "/verification-codes"),
    ("POST", "/verification-codes/verify"),
    ("DELETE", "/applications/x/legacy-secret"),
    (
        "POST",
        "/applications/x/protected-app-metadata/custom-domains",
    ),
    (
        "DELETE",
        "/applications/x/protected-app-metadata/custom-domains/x",
    ),
    ("POST", "/domains"),
    ("POST", "/domains/cleanup"),
    ("DELETE", "/domains/x"),
    ("PUT", "/domains/x/verification-files"),
];

/// What is made or changed.
pub(crate) const CHANGES: &[Change] = &[
    (
        "PATCH",
        "/account-center",
        r#"{"enabled":true,"fields":{"name":"Edit"},"profileFields":[{"name":"{field}"}]}"#,
    ),
    (
        "POST",
        "/applications",
        r#"{"name":"new{n}","type":"Traditional"}"#,
    ),
    (
        "PUT",
        "/applications/{partner}/access-control",
        r#"{"userIds":["{user}"],"userRoleIds":["{role}"],"organizationIds":["{organization}"],"organizationRoleRules":[{"organizationId":"{organization}","organizationRoleIds":["{organization_role}"]}]}"#,
    ),
    (
        "POST",
        "/applications/{machine}/roles",
        r#"{"roleIds":["{machine_role}"]}"#,
    ),
    (
        "PUT",
        "/applications/{machine}/roles",
        r#"{"roleIds":["{machine_role}"]}"#,
    ),
    (
        "PUT",
        "/applications/{partner}/sign-in-experience",
        r#"{"displayName":"Partner"}"#,
    ),
    (
        "POST",
        "/applications/{partner}/user-consent-scopes",
        r#"{"organizationScopes":["{organization_scope}"],"resourceScopes":["{scope}"],"organizationResourceScopes":["{scope}"],"userScopes":["profile"]}"#,
    ),
    (
        "PATCH",
        "/applications/{web}",
        r#"{"name":"changed","isAdmin":false}"#,
    ),
    (
        "PATCH",
        "/applications/{web}/custom-data",
        r#"{"key":"value"}"#,
    ),
    (
        "POST",
        "/applications/{web}/secrets",
        r#"{"name":"second"}"#,
    ),
    (
        "PATCH",
        "/applications/{web}/secrets/Default%20secret",
        r#"{"name":"first"}"#,
    ),
    (
        "PUT",
        "/applications/{partner}/users/{user}/consent-organizations",
        r#"{"organizationIds":["{organization}"]}"#,
    ),
    (
        "POST",
        "/applications/{partner}/users/{user}/consent-organizations",
        r#"{"organizationIds":["{organization}"]}"#,
    ),
    (
        "PUT",
        "/captcha-provider",
        r#"{"config":{"type":"Turnstile","siteKey":"a","secretKey":"b"}}"#,
    ),
    (
        "PUT",
        "/configs/actions/action.postSignIn",
        r#"{"script":"function runAction() {}"}"#,
    ),
    (
        "PATCH",
        "/configs/actions/action.postSignIn",
        r#"{"enabled":false}"#,
    ),
    (
        "POST",
        "/cimd/user-consent-scopes",
        r#"{"organizationScopes":["{organization_scope}"],"resourceScopes":["{scope}"],"organizationResourceScopes":["{scope}"],"userScopes":["profile"]}"#,
    ),
    ("PATCH", "/configs/cimd", r#"{"enabled":true}"#),
    (
        "PATCH",
        "/configs/admin-console",
        r#"{"organizationCreated":true}"#,
    ),
    (
        "PUT",
        "/configs/id-token",
        r#"{"enabledExtendedClaims":["roles"]}"#,
    ),
    (
        "PUT",
        "/configs/jwt-customizer/access-token",
        r#"{"script":"function getCustomJwtClaims() { return {}; }"}"#,
    ),
    (
        "PATCH",
        "/configs/jwt-customizer/access-token",
        r#"{"script":"function getCustomJwtClaims() { return {}; }"}"#,
    ),
    ("PATCH", "/configs/oidc/session", r#"{"ttl":3600}"#),
    ("POST", "/configs/oidc/cookie-keys/rotate", "{}"),
    (
        "POST",
        "/connectors",
        r#"{"connectorId":"oauth2","metadata":{"target":"new{n}"}}"#,
    ),
    (
        "PATCH",
        "/connectors/{connector}",
        r#"{"syncProfile":true}"#,
    ),
    (
        "PUT",
        "/custom-phrases/pt-BR",
        r#"{"action":{"sign_in":"Entrar"}}"#,
    ),
    (
        "POST",
        "/custom-profile-fields",
        r#"{"name":"shoes{n}","type":"Text","required":false}"#,
    ),
    (
        "POST",
        "/custom-profile-fields/batch",
        r#"[{"name":"hat{n}","type":"Text","required":false},{"name":"coat{n}","type":"Text","required":false}]"#,
    ),
    (
        "POST",
        "/custom-profile-fields/properties/sie-order",
        r#"{"order":[{"name":"{field}","sieOrder":7}]}"#,
    ),
    (
        "PUT",
        "/custom-profile-fields/{field}",
        r#"{"type":"Text","required":true}"#,
    ),
    (
        "PUT",
        "/email-templates",
        r#"{"templates":[{"languageTag":"de","templateType":"SignIn","details":{"subject":"s","content":"c"}},{"languageTag":"en","templateType":"Generic","details":{"subject":"s","content":"c"}}]}"#,
    ),
    (
        "PATCH",
        "/email-templates/{template}/details",
        r#"{"subject":"t"}"#,
    ),
    (
        "POST",
        "/hooks",
        r#"{"name":"new{n}","events":["Message.RateLimited"],"config":{"url":"https://told.test"}}"#,
    ),
    ("PATCH", "/hooks/{hook}", r#"{"name":"changed"}"#),
    ("PATCH", "/hooks/{hook}/signing-key", "{}"),
    (
        "POST",
        "/one-time-tokens",
        r#"{"email":"ann@people.test","context":{"jitOrganizationIds":["{organization}"]}}"#,
    ),
    (
        "POST",
        "/one-time-tokens/verify",
        r#"{"email":"once@people.test","token":"{token}"}"#,
    ),
    (
        "PUT",
        "/one-time-tokens/{revocable}/status",
        r#"{"status":"revoked"}"#,
    ),
    (
        "POST",
        "/organization-invitations",
        r#"{"organizationId":"{organization}","inviterId":"{user}","invitee":"new{n}@people.test","expiresAt":{tomorrow},"organizationRoleIds":["{organization_role}"],"messagePayload":false}"#,
    ),
    (
        "PUT",
        "/organization-invitations/{invitation}/status",
        r#"{"status":"Accepted","acceptedUserId":"{invited}"}"#,
    ),
    (
        "POST",
        "/organization-roles",
        r#"{"name":"new{n}","organizationScopeIds":["{organization_scope}"],"resourceScopeIds":["{scope}"]}"#,
    ),
    (
        "PATCH",
        "/organization-roles/{organization_role}",
        r#"{"description":"changed"}"#,
    ),
    (
        "PUT",
        "/organization-roles/{organization_role}/resource-scopes",
        r#"{"scopeIds":["{scope}"]}"#,
    ),
    (
        "POST",
        "/organization-roles/{organization_role}/resource-scopes",
        r#"{"scopeIds":["{scope}"]}"#,
    ),
    (
        "PUT",
        "/organization-roles/{organization_role}/scopes",
        r#"{"organizationScopeIds":["{organization_scope}"]}"#,
    ),
    (
        "POST",
        "/organization-roles/{organization_role}/scopes",
        r#"{"organizationScopeIds":["{organization_scope}"]}"#,
    ),
    ("POST", "/organization-scopes", r#"{"name":"new{n}"}"#),
    (
        "PATCH",
        "/organization-scopes/{organization_scope}",
        r#"{"description":"changed"}"#,
    ),
    ("POST", "/organizations", r#"{"name":"new{n}"}"#),
    (
        "PATCH",
        "/organizations/{organization}",
        r#"{"description":"changed"}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/applications",
        r#"{"applicationIds":["{machine}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/applications",
        r#"{"applicationIds":["{machine}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/applications/roles",
        r#"{"applicationIds":["{machine}"],"organizationRoleIds":["{organization_machine_role}"]}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/applications/{machine}/roles",
        r#"{"organizationRoleIds":["{organization_machine_role}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/applications/{machine}/roles",
        r#"{"organizationRoleIds":["{organization_machine_role}"]}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/jit/email-domains",
        r#"{"emailDomains":["a.test","b.test"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/jit/email-domains",
        r#"{"emailDomain":"c.test"}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/jit/roles",
        r#"{"organizationRoleIds":["{organization_role}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/jit/roles",
        r#"{"organizationRoleIds":["{organization_role}"]}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/jit/sso-connectors",
        r#"{"ssoConnectorIds":["{provider}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/jit/sso-connectors",
        r#"{"ssoConnectorIds":["{provider}"]}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/users",
        r#"{"userIds":["{user}","{invited}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/users",
        r#"{"userIds":["{user}","{invited}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/users/roles",
        r#"{"userIds":["{user}"],"organizationRoleIds":["{organization_role}"]}"#,
    ),
    (
        "PUT",
        "/organizations/{organization}/users/{user}/roles",
        r#"{"organizationRoleIds":["{organization_role}"]}"#,
    ),
    (
        "POST",
        "/organizations/{organization}/users/{user}/roles",
        r#"{"organizationRoleIds":["{organization_role}"]}"#,
    ),
    (
        "POST",
        "/resources",
        r#"{"name":"new{n}","indicator":"https://new{n}.test"}"#,
    ),
    ("PATCH", "/resources/{resource}", r#"{"name":"changed"}"#),
    (
        "PATCH",
        "/resources/{resource}/is-default",
        r#"{"isDefault":true}"#,
    ),
    (
        "PATCH",
        "/resources/{other_resource}/is-default",
        r#"{"isDefault":true}"#,
    ),
    (
        "POST",
        "/resources/{resource}/scopes",
        r#"{"name":"new{n}"}"#,
    ),
    (
        "PATCH",
        "/resources/{resource}/scopes/{scope}",
        r#"{"description":"changed"}"#,
    ),
    (
        "POST",
        "/roles",
        r#"{"name":"new{n}","description":"d","scopeIds":["{scope}"]}"#,
    ),
    ("PATCH", "/roles/{role}", r#"{"description":"changed"}"#),
    (
        "POST",
        "/roles/{machine_role}/applications",
        r#"{"applicationIds":["{robot}"]}"#,
    ),
    (
        "POST",
        "/roles/{role}/scopes",
        r#"{"scopeIds":["{scope}"]}"#,
    ),
    (
        "POST",
        "/roles/{role}/users",
        r#"{"userIds":["{invited}"]}"#,
    ),
    (
        "POST",
        "/sentinel-activities/delete",
        r#"{"targetType":"User","targets":["ann"]}"#,
    ),
    (
        "PATCH",
        "/sign-in-exp",
        r#"{"socialSignInConnectorTargets":["forge"],"signUpProfileFields":[{"name":"{field}"}]}"#,
    ),
    (
        "POST",
        "/sso-connectors",
        r#"{"providerName":"SAML","connectorName":"new{n}"}"#,
    ),
    (
        "PATCH",
        "/sso-connectors/{provider}",
        r#"{"branding":{"displayName":"Acme"}}"#,
    ),
    (
        "POST",
        "/sso-connectors/{provider}/signing-keys",
        r#"{"active":true}"#,
    ),
    (
        "PATCH",
        "/sso-connectors/{provider}/signing-keys/{provider_key}",
        r#"{"active":true}"#,
    ),
    ("POST", "/subject-tokens", r#"{"userId":"{user}"}"#),
    (
        "POST",
        "/users",
        r#"{"username":"newcomer{n}","primaryEmail":"newcomer{n}@people.test"}"#,
    ),
    ("PATCH", "/users/{user}", r#"{"name":"changed"}"#),
    (
        "PATCH",
        "/users/{user}/custom-data",
        r#"{"customData":{"key":"value"}}"#,
    ),
    (
        "PUT",
        "/users/{user}/identities/forge",
        r#"{"userId":"at the forge","details":{}}"#,
    ),
    (
        "PATCH",
        "/users/{user}/is-suspended",
        r#"{"isSuspended":true}"#,
    ),
    (
        "PATCH",
        "/users/{user}/logto-configs",
        r#"{"mfa":{"skipped":true}}"#,
    ),
    (
        "POST",
        "/users/{invited}/mfa-verifications",
        r#"{"type":"Totp"}"#,
    ),
    (
        "PATCH",
        "/users/{user}/password",
        r#"{"password":"correct horse battery"}"#,
    ),
    (
        "POST",
        "/users/{user}/personal-access-tokens",
        r#"{"name":"new{n}"}"#,
    ),
    (
        "PATCH",
        "/users/{user}/personal-access-tokens",
        r#"{"currentName":"two","name":"second"}"#,
    ),
    (
        "PATCH",
        "/users/{user}/personal-access-tokens/one",
        r#"{"name":"first"}"#,
    ),
    (
        "PATCH",
        "/users/{user}/profile",
        r#"{"profile":{"nickname":"u"}}"#,
    ),
    ("POST", "/users/{user}/roles", r#"{"roleIds":["{role}"]}"#),
    ("PUT", "/users/{user}/roles", r#"{"roleIds":["{role}"]}"#),
    (
        "POST",
        "/saml-applications",
        r#"{"name":"new{n}","entityId":"urn:new{n}"}"#,
    ),
    (
        "PATCH",
        "/saml-applications/{saml}",
        r#"{"description":"changed"}"#,
    ),
    (
        "POST",
        "/saml-applications/{saml}/secrets",
        r#"{"lifeSpanInYears":1}"#,
    ),
    (
        "PATCH",
        "/saml-applications/{saml}/secrets/{saml_secret}",
        r#"{"active":false}"#,
    ),
];

/// What is taken away: first what hangs on other things, then those.
pub(crate) const DELETIONS: &[Change] = &[
    ("DELETE", "/applications/{machine}/roles/{machine_role}", ""),
    (
        "DELETE",
        "/applications/{partner}/user-consent-scopes/resource-scopes/{scope}",
        "",
    ),
    (
        "DELETE",
        "/applications/{partner}/users/{user}/consent-organizations/{organization}",
        "",
    ),
    ("DELETE", "/applications/{web}/secrets/second", ""),
    ("DELETE", "/captcha-provider", ""),
    (
        "DELETE",
        "/cimd/user-consent-scopes/resource-scopes/{scope}",
        "",
    ),
    (
        "DELETE",
        "/saml-applications/{saml}/secrets/{saml_secret}",
        "",
    ),
    ("DELETE", "/saml-applications/{saml}", ""),
    ("DELETE", "/configs/actions/action.postSignIn", ""),
    ("DELETE", "/configs/jwt-customizer/access-token", ""),
    ("DELETE", "/configs/oidc/cookie-keys/{cookie_key}", ""),
    ("DELETE", "/custom-phrases/pt-BR", ""),
    ("DELETE", "/custom-profile-fields/{field}", ""),
    ("DELETE", "/email-templates/{template}", ""),
    ("DELETE", "/email-templates?languageTag=de", ""),
    ("DELETE", "/one-time-tokens/{revocable}", ""),
    ("DELETE", "/organization-invitations/{invitation}", ""),
    (
        "DELETE",
        "/organization-roles/{organization_role}/resource-scopes/{scope}",
        "",
    ),
    (
        "DELETE",
        "/organization-roles/{organization_role}/scopes/{organization_scope}",
        "",
    ),
    (
        "DELETE",
        "/organizations/{organization}/applications/{machine}/roles/{organization_machine_role}",
        "",
    ),
    (
        "DELETE",
        "/organizations/{organization}/applications/{machine}",
        "",
    ),
    (
        "DELETE",
        "/organizations/{organization}/jit/email-domains/a.test",
        "",
    ),
    (
        "DELETE",
        "/organizations/{organization}/jit/roles/{organization_role}",
        "",
    ),
    (
        "DELETE",
        "/organizations/{organization}/jit/sso-connectors/{provider}",
        "",
    ),
    (
        "DELETE",
        "/organizations/{organization}/users/{user}/roles/{organization_role}",
        "",
    ),
    ("DELETE", "/organizations/{organization}/users/{user}", ""),
    ("DELETE", "/roles/{machine_role}/applications/{robot}", ""),
    ("DELETE", "/roles/{role}/scopes/{scope}", ""),
    ("DELETE", "/roles/{role}/users/{invited}", ""),
    ("DELETE", "/secrets/{secret}", ""),
    (
        "DELETE",
        "/sso-connectors/{provider}/signing-keys/{spare_key}",
        "",
    ),
    ("DELETE", "/users/{signer}/grants/{grant}", ""),
    ("DELETE", "/users/{user}/identities/forge", ""),
    ("DELETE", "/users/{user}/mfa-verifications/{factor}", ""),
    (
        "POST",
        "/users/{user}/personal-access-tokens/delete",
        r#"{"name":"three"}"#,
    ),
    ("DELETE", "/users/{user}/personal-access-tokens/four", ""),
    ("DELETE", "/users/{user}/roles/{role}", ""),
    ("DELETE", "/users/{signer}/sessions/{session}", ""),
    ("DELETE", "/connectors/{connector}", ""),
    ("DELETE", "/hooks/{hook}", ""),
    ("DELETE", "/organization-scopes/{organization_scope}", ""),
    ("DELETE", "/resources/{resource}/scopes/{scope}", ""),
    ("DELETE", "/resources/{resource}", ""),
    ("DELETE", "/roles/{role}", ""),
    ("DELETE", "/organization-roles/{organization_role}", ""),
    ("DELETE", "/sso-connectors/{provider}", ""),
    ("DELETE", "/applications/{partner}", ""),
    ("DELETE", "/applications/{machine}", ""),
    ("DELETE", "/applications/{web}", ""),
    ("DELETE", "/organizations/{organization}", ""),
    ("DELETE", "/users/{user}", ""),
    ("DELETE", "/users/{signer}", ""),
];

/// Made again and again, so that each run begins with what it takes away.
const MADE: &[(&str, &str, &str)] = &[
    (
        "user",
        "/users",
        r#"{"username":"owner{n}","primaryEmail":"owner{n}@people.test"}"#,
    ),
    ("signer", "/users", r#"{"username":"signer{n}"}"#),
    (
        "invited",
        "/users",
        r#"{"username":"invited{n}","primaryEmail":"invited{n}@people.test"}"#,
    ),
    (
        "partner",
        "/applications",
        r#"{"name":"partner","type":"SPA","isThirdParty":true}"#,
    ),
    (
        "machine",
        "/applications",
        r#"{"name":"machine","type":"MachineToMachine"}"#,
    ),
    (
        "robot",
        "/applications",
        r#"{"name":"robot","type":"MachineToMachine"}"#,
    ),
    (
        "web",
        "/applications",
        r#"{"name":"web","type":"Traditional"}"#,
    ),
    (
        "resource",
        "/resources",
        r#"{"name":"one","indicator":"https://one{n}.test"}"#,
    ),
    (
        "other_resource",
        "/resources",
        r#"{"name":"two","indicator":"https://two{n}.test"}"#,
    ),
    (
        "scope",
        "/resources/{resource}/scopes",
        r#"{"name":"read"}"#,
    ),
    ("role", "/roles", r#"{"name":"role{n}","description":"d"}"#),
    (
        "machine_role",
        "/roles",
        r#"{"name":"machines{n}","description":"d","type":"MachineToMachine"}"#,
    ),
    ("organization", "/organizations", r#"{"name":"acme"}"#),
    (
        "organization_role",
        "/organization-roles",
        r#"{"name":"member{n}"}"#,
    ),
    (
        "organization_machine_role",
        "/organization-roles",
        r#"{"name":"worker{n}","type":"MachineToMachine"}"#,
    ),
    (
        "organization_scope",
        "/organization-scopes",
        r#"{"name":"invite{n}"}"#,
    ),
    (
        "invitation",
        "/organization-invitations",
        r#"{"organizationId":"{organization}","inviterId":"{user}","invitee":"invited{n}@people.test","expiresAt":{tomorrow},"organizationRoleIds":["{organization_role}"],"messagePayload":false}"#,
    ),
    (
        "hook",
        "/hooks",
        r#"{"name":"hook","events":["User.Data.Updated"],"config":{"url":"https://told.test"}}"#,
    ),
    (
        "connector",
        "/connectors",
        r#"{"connectorId":"oauth2","metadata":{"target":"forge"},"config":{"authorizationEndpoint":"https://forge.test/a","tokenEndpoint":"https://forge.test/t","userInfoEndpoint":"https://forge.test/u","clientId":"id","clientSecret":"s"},"enableTokenStorage":true}"#,
    ),
    (
        "provider",
        "/sso-connectors",
        r#"{"providerName":"SAML","connectorName":"acme{n}"}"#,
    ),
    (
        "provider_key",
        "/sso-connectors/{provider}/signing-keys",
        "{}",
    ),
    ("spare_key", "/sso-connectors/{provider}/signing-keys", "{}"),
    (
        "revocable",
        "/one-time-tokens",
        r#"{"email":"revoked@people.test"}"#,
    ),
    (
        "",
        "/organizations/{organization}/users",
        r#"{"userIds":["{user}"]}"#,
    ),
    (
        "",
        "/organizations/{organization}/users/roles",
        r#"{"userIds":["{user}"],"organizationRoleIds":["{organization_role}"]}"#,
    ),
    (
        "",
        "/organizations/{organization}/applications",
        r#"{"applicationIds":["{machine}"]}"#,
    ),
    (
        "",
        "/users/{user}/personal-access-tokens",
        r#"{"name":"one"}"#,
    ),
    (
        "",
        "/users/{user}/personal-access-tokens",
        r#"{"name":"two"}"#,
    ),
    (
        "",
        "/users/{user}/personal-access-tokens",
        r#"{"name":"three"}"#,
    ),
    (
        "",
        "/users/{user}/personal-access-tokens",
        r#"{"name":"four"}"#,
    ),
    ("", "/users/{user}/mfa-verifications", r#"{"type":"Totp"}"#),
    ("", "/configs/oidc/cookie-keys/rotate", "{}"),
    (
        "",
        "/custom-profile-fields",
        r#"{"name":"size{n}","type":"Text","required":false}"#,
    ),
    (
        "saml",
        "/saml-applications",
        r#"{"name":"saml{n}","entityId":"urn:saml{n}"}"#,
    ),
    (
        "saml_secret",
        "/saml-applications/{saml}/secrets",
        r#"{"lifeSpanInYears":1}"#,
    ),
];

impl World {
    /// Makes one of everything; the number is part of names that must be unique.
    pub(crate) async fn furnish(manager: &Manager, number: u64) -> Self {
        let tomorrow = (manager.server.now().0 + 86_400) * 1000;
        let mut world = Self(BTreeMap::from([
            ("n", number.to_string()),
            ("field", format!("size{number}")),
            ("tomorrow", tomorrow.to_string()),
        ]));
        for (name, path, body) in MADE {
            let answer = world.done(manager, &("POST", path, body)).await;
            if !name.is_empty() {
                world.keep(name, &answer["id"]);
            }
        }
        let token = (
            "POST",
            "/one-time-tokens",
            r#"{"email":"once@people.test"}"#,
        );
        let token = world.done(manager, &token).await;
        world.keep("token", &token["token"]);
        let templates = r#"{"templates":[{"languageTag":"en","templateType":"SignIn","details":{"subject":"s","content":"c"}}]}"#;
        let templates = world
            .done(manager, &("PUT", "/email-templates", templates))
            .await;
        world.keep("template", &templates[0]["id"]);
        for (name, path) in [
            ("factor", "/users/{user}/mfa-verifications"),
            ("cookie_key", "/configs/oidc/cookie-keys"),
        ] {
            let list = manager.get(&world.fill(path)).await.with(200);
            world.keep(name, &list[0]["id"]);
        }
        let identity = (
            "PUT",
            "/users/{user}/identities/forge",
            r#"{"userId":"smith{n}"}"#,
        );
        world.done(manager, &identity).await;
        world.sign_in(manager).await;
        world
    }

    /// A session, a grant, and a token that a provider gave.
    async fn sign_in(&mut self, manager: &Manager) {
        const TENANT: &str = "default";
        let app = &manager.server.app;
        let (now, user) = (app.now(), self.0["signer"].clone());
        let session = Session {
            id: app.random_id(21),
            user_id: user.clone(),
            authenticated_at: now,
            amr: vec!["pwd".to_owned()],
            expires_at: now.plus(3600),
        };
        let grant = Grant {
            id: app.random_id(21),
            user_id: user,
            client_id: "chat".to_owned(),
            session_id: None,
            scope: ScopeSet::parse("openid"),
            resources: vec![],
            auth_time: now,
            nonce: None,
            claims: None,
            created_at: now,
            expires_at: now.plus(3600),
        };
        let mut of_session = grant.clone();
        of_session.id = app.random_id(21);
        of_session.session_id = Some(session.id.clone());
        let (secret, connector) = (app.random_id(21), self.0["connector"].as_str());
        let mut tx = app.db().begin().await.unwrap();
        let cookie = app.random_secret().hash();
        store::session::insert(&mut tx, TENANT, &cookie, &session, now)
            .await
            .unwrap();
        for grant in [&grant, &of_session] {
            store::grant::insert(&mut tx, TENANT, grant).await.unwrap();
        }
        store::testing::keep_token(&mut tx, TENANT, &secret, &self.0["user"], connector).await;
        tx.commit().await.unwrap();
        self.0.insert("session", session.id);
        self.0.insert("grant", grant.id);
        self.0.insert("secret", secret);
    }

    fn keep(&mut self, name: &'static str, value: &Value) {
        self.0.insert(name, value.as_str().unwrap().to_owned());
    }

    pub(crate) fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Sends changes one after the other, and tells what was refused.
    pub(crate) async fn refused(&self, manager: &Manager, changes: &[Change]) -> Vec<String> {
        let mut refused = Vec::new();
        for change in changes {
            let answer = self.send(manager, change).await;
            if !(200..300).contains(&answer.status) {
                let (method, path, _) = change;
                refused.push(format!(
                    "{method} {path}: {} {}",
                    answer.status, answer.body
                ));
            }
        }
        refused
    }

    /// Sends a change that must be done.
    pub(crate) async fn done(&self, manager: &Manager, change: &Change) -> Value {
        let answer = self.send(manager, change).await;
        let (method, path, _) = change;
        assert!(
            (200..300).contains(&answer.status),
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
        answer.body
    }

    /// Sends a change.
    pub(crate) async fn send(&self, manager: &Manager, change: &Change) -> Answer {
        let (method, path, body) = change;
        let body: Option<Value> = (!body.is_empty()).then(|| {
            let body = self.fill(body);
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
        });
        manager.send(method, &self.fill(path), body.as_ref()).await
    }
}

/// Every route of the document that changes something is in one of the lists, and nothing else is.
#[test]
fn every_change_of_the_document_is_listed() {
    let document = server::api::describe();
    let document = json!(document);
    let mut listed: Vec<(&str, &str)> = ELSEWHERE.to_vec();
    listed.extend(
        CHANGES
            .iter()
            .chain(DELETIONS)
            .map(|(method, path, _)| (*method, path.split('?').next().unwrap())),
    );
    let mut matched = vec![false; listed.len()];
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api").unwrap();
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|method| *method != "get")
        {
            let method = method.to_uppercase();
            let mut found = false;
            for ((known, example), matched) in listed.iter().zip(&mut matched) {
                if *known == method && fits(path, example) {
                    (found, *matched) = (true, true);
                }
            }
            assert!(found, "{method} {path} is not listed");
        }
    }
    let unknown: Vec<_> = listed
        .iter()
        .zip(&matched)
        .filter(|(_, matched)| !**matched)
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn fits(path: &str, example: &str) -> bool {
    let (path, example): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), example.split('/').collect());
    path.len() == example.len()
        && path
            .iter()
            .zip(&example)
            .all(|(part, given)| part.starts_with('{') || part == given)
}
