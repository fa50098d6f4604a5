//! Documents that are wrong.

use super::run;
use crate::{Hufu, on_both};

/// Something right that stands before what is wrong: it must not stay.
const RIGHT: &str = "resources:\n- {indicator: \"https://a.example.com\", name: A}\n";

on_both!(
    a_wrong_document_changes_nothing_and_names_the_line,
    t43_unregistered_clients_are_not_let_in_where_every_private_address_may_be_called
);

fn a_wrong_document_changes_nothing_and_names_the_line(hufu: &Hufu) {
    let before = hufu.prints("export");
    let cases = [
        ("roles: [\n", 3, "unclosed"),
        ("role:\n- name: A\n", 3, "there is no \"role\""),
        ("roles: A\n", 3, "roles must be a list"),
        ("roles:\n- A\n", 4, "must be a map"),
        ("roles:\n- description: A\n", 4, "name is missing"),
        (
            "roles:\n- name: A\n  descriptoin: B\n",
            5,
            "unknown field `descriptoin`",
        ),
        ("roles:\n- name: A\n", 4, "missing field `description`"),
        (
            "roles:\n- name: A\n  description: [1]\n",
            5,
            "description: ",
        ),
        (
            "roles:\n- name: A\n  description: B\n  type: Robot\n",
            6,
            "Robot",
        ),
        (
            "roles:\n- name: A\n  description: B\n  scopes:\n    https://b.example.com: [x]\n",
            7,
            "there is no API resource",
        ),
        (
            "roles:\n- name: A\n  description: B\n  scopes:\n    https://a.example.com:\n    - x\n",
            8,
            "\"x\"",
        ),
        (
            "roles:\n- {name: A, description: B}\n- {name: A, description: C}\n",
            5,
            "stands here twice",
        ),
        (
            "roles:\n- name: \"#internal:a\"\n  description: B\n",
            4,
            "own roles",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  oidcClientMetadata:\n    redirectUris:\n    - https://a\n    - javascript:alert(1)\n",
            9,
            "cannot be registered",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  oidcClientMetadata:\n    redirectUri: https://a\n",
            7,
            "no member \"redirectUri\"",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  secrets:\n  - {name: a, value: b}\n",
            6,
            "no `secrets`",
        ),
        (
            "applications:\n- name: A\n  type: Traditional\n  secrets:\n  - name: a\n    value: ${NOT_THERE}\n",
            8,
            "the variable NOT_THERE is not set",
        ),
        (
            "organizations:\n- name: A\n  jit:\n    roles: [Nobody]\n",
            6,
            "there is no organization role \"Nobody\"",
        ),
        (
            "organizations:\n- name: A\n  color: {primaryColour: \"#fff\"}\n",
            5,
            "no member \"primaryColour\"",
        ),
        (
            "connectors:\n- connectorId: nothing\n",
            4,
            "no kind of connector \"nothing\"",
        ),
        (
            "hooks:\n- name: A\n  events: [User.Created, User.Eaten]\n  config: {url: \"https://a\"}\n",
            5,
            "there is no event \"User.Eaten\"",
        ),
        (
            "hooks:\n- name: A\n  config: {url: \"https://a\"}\n",
            4,
            "needs `events`",
        ),
        (
            "signInExperience:\n  color:\n    primaryColor: red\n",
            5,
            "primaryColor",
        ),
        (
            "signInExperience:\n  colour: {}\n",
            4,
            "has no member \"colour\"",
        ),
        (
            "applications:\n- name: A\n  type: SPA\n  isAdmin: true\n",
            6,
            "machine-to-machine",
        ),
        (
            "organizations:\n- name: A\n  jit:\n    ssoConnectors:\n    - Nobody\n",
            7,
            "there is no SSO connector \"Nobody\"",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: LDAP\n",
            5,
            "no kind of provider \"LDAP\"",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: OIDC\n  domains: [a.com]\n  branding:\n    displayname: A\n",
            8,
            "no member \"displayname\"",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: OIDC\n  domains:\n  - gmail.com\n",
            4,
            "gmail.com",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: OIDC\n  config: { clientId: a, clientSecret: b }\n",
            4,
            "issuer is missing",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: SAML\n  enableTokenStorage: true\n",
            4,
            "no tokens to keep",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: SAML\n  signingKeys:\n  - id: k\n    expiresAt: 1\n    certificate: x\n    privateKey: eA==\n",
            7,
            "`certificate` must be PEM",
        ),
        (
            "ssoConnectors:\n- connectorName: A\n  providerName: SAML\n  config: { metadata: <x/>, signAuthnRequest: true }\n",
            4,
            "an active signing key",
        ),
        (
            "customPhrases:\n- languageTag: german\n  translation: {}\n",
            4,
            "not a language tag",
        ),
        (
            "customPhrases:\n- languageTag: de\n  translation:\n    a: { b: [1] }\n",
            6,
            "\"b\" is neither",
        ),
        (
            "emailTemplates:\n- languageTag: de\n  details: { subject: a, content: b }\n",
            4,
            "languageTag and templateType is missing",
        ),
        (
            "emailTemplates:\n- languageTag: de\n  templateType: Birthday\n  details: { subject: a, content: b }\n",
            5,
            "Birthday",
        ),
        (
            "emailTemplates:\n- languageTag: de\n  templateType: Generic\n  details:\n    subject: a\n    body: b\n",
            8,
            "no member \"body\"",
        ),
        (
            "emailTemplates:\n- languageTag: de\n  templateType: Generic\n  details:\n    subject: \"\"\n    content: b\n",
            7,
            "too_small",
        ),
        (
            "customProfileFields:\n- name: a-b\n  type: Text\n",
            4,
            "letters and digits",
        ),
        (
            "customProfileFields:\n- name: ab\n  type: Text\n  config:\n    colour: red\n",
            7,
            "no member \"colour\"",
        ),
        (
            "captchaProvider:\n  siteKey: a\n",
            4,
            "no member \"siteKey\"",
        ),
        (
            "captchaProvider:\n  config:\n    type: Puzzle\n",
            5,
            "Puzzle",
        ),
        (
            "captchaProvider:\n  config: { type: Turnstile, siteKey: a }\n",
            3,
            "missing field `secretKey`",
        ),
        ("accountCenter:\n  colour: red\n", 4, "no member \"colour\""),
        (
            "accountCenter:\n  enabled: true\n  fields:\n    name: Edit\n    nam: Edit\n",
            7,
            "no field \"nam\"",
        ),
        ("accountCenter:\n  fields:\n    name: Write\n", 5, "Write"),
        (
            "accountCenter:\n  deleteAccountUrl: javascript:alert(1)\n",
            3,
            "http or https address",
        ),
        (
            "configs:\n  adminConsole: {}\n",
            4,
            "no setting \"adminConsole\"",
        ),
        (
            "configs:\n  cimd: { enabled: true }\n  oidc.session:\n    ttl: long\n",
            6,
            "does not fit oidc.session",
        ),
        (
            "configs:\n  jwt.accessToken:\n    script: x\n    blockIssuance: true\n",
            6,
            "unknown field `blockIssuance`",
        ),
        (
            "configs:\n  action.postSignIn:\n    script: x\n    onExecutionError: panic\n",
            6,
            "panic",
        ),
        (
            "applications:\n- name: A\n  type: SAML\n",
            5,
            "stands in `samlApplications`",
        ),
        (
            "samlApplications:\n- name: A\n  entityID: https://a\n",
            5,
            "unknown field `entityID`",
        ),
        (
            "samlApplications:\n- name: A\n  description: B\n  id: a/b\n",
            6,
            "is no id",
        ),
        (
            "samlApplications:\n- name: A\n  entityId: \"\"\n",
            5,
            "1 to 128 characters",
        ),
        (
            "samlApplications:\n- name: A\n  nameIdFormat: email\n",
            5,
            "unknown variant `email`",
        ),
        (
            "samlApplications:\n- name: A\n  attributeMapping:\n    email: mail\n    password: pass\n",
            7,
            "\"password\" is no claim",
        ),
        (
            "samlApplications:\n- name: A\n  entityId: https://a\n  attributeMapping: { email: \"\" }\n",
            6,
            "needs a name",
        ),
        (
            "samlApplications:\n- name: A\n  entityId: https://a\n  acsUrl: { binding: \"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\", url: \"https://a\" }\n",
            6,
            "must be HTTP-POST",
        ),
        (
            "samlApplications:\n- name: A\n  acsUrl:\n    binding: urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\n    url: javascript:alert(1)\n",
            5,
            "http or https address",
        ),
        (
            "samlApplications:\n- name: A\n  acsUrl:\n    url: https://a\n    bindings: x\n",
            7,
            "no member \"bindings\" in acsUrl",
        ),
        (
            "samlApplications:\n- name: A\n  acsUrl:\n    url: https://a\n",
            5,
            "missing field `binding`",
        ),
        (
            "samlApplications:\n- name: A\n  entityId: https://a\n  encryption: { encryptAssertion: true }\n",
            6,
            "encryptAssertion needs encryptThenSign and certificate",
        ),
        (
            "samlApplications:\n- name: A\n  encryption:\n    encryptAssertion: sure\n",
            6,
            "`encryptAssertion`",
        ),
        (
            "samlApplications:\n- name: A\n  signInExperience: { colour: {} }\n",
            5,
            "no member \"colour\"",
        ),
        (
            "samlApplications:\n- name: A\n  secrets: null\n",
            5,
            "invalid type: null",
        ),
        (
            "samlApplications:\n- name: A\n  signingKeys: null\n",
            5,
            "invalid type: null",
        ),
        (
            "samlApplications:\n- name: A\n  signingKeys:\n  - { id: a, active: true, expiresAt: 1, certificate: x, privateKey: eA== }\n  - { id: b, active: true, expiresAt: 1, certificate: x, privateKey: eA== }\n",
            5,
            "one of `signingKeys` is `active` at most",
        ),
        (
            "samlApplications:\n- name: A\n  signingKeys:\n  - id: k\n    expiresAt: 1\n    certificate: x\n    privateKey: eA==\n",
            6,
            "`certificate` must be PEM",
        ),
        ("cimdUserConsentScopes: [email]\n", 3, "must be a map"),
        (
            "cimdUserConsentScopes:\n  userScopes: []\n  scopes: []\n",
            5,
            "unknown field `scopes`",
        ),
        (
            "cimdUserConsentScopes:\n  userScopes:\n  - email\n  - openid\n",
            6,
            "\"openid\" is no scope about people",
        ),
        (
            "cimdUserConsentScopes:\n  organizationScopes: [nothing]\n",
            4,
            "there is no organization scope \"nothing\"",
        ),
        (
            "cimdUserConsentScopes:\n  resourceScopes:\n    https://a.example.com: [read]\n",
            5,
            "\"read\"",
        ),
        (
            "cimdUserConsentScopes:\n  resourceScopes: {}\n  organizationResourceScopes:\n    https://default.logto.app/api: [all]\n",
            6,
            "never gets scopes of",
        ),
        ("resources:\n", 3, "duplicate"),
    ];
    for (text, line, message) in cases {
        let ran = run(hufu, "", &format!("{RIGHT}{text}"), &[]);
        assert!(
            ran.err.contains(&format!("fatal: hufu.yaml:{line}: ")),
            "{text}\n{ran:?}"
        );
        ran.failed(message);
    }
    run(hufu, "--tenant nobody", RIGHT, &[]).failed("there is no tenant \"nobody\"");
    hufu.run("apply missing.yaml").failed("missing.yaml");
    assert_eq!(hufu.prints("export"), before);
}

fn t43_unregistered_clients_are_not_let_in_where_every_private_address_may_be_called(hufu: &Hufu) {
    let text = "configs: { cimd: { enabled: true } }";
    let everything = [("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", "1")];
    run(hufu, "", text, &everything).failed("cannot be turned on");
    run(hufu, "", text, &[]).succeeded();
}
