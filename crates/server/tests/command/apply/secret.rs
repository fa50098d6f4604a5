//! What a document takes from variables is never shown.

use super::{DOCUMENT, apply, leaks, run, secrets};
use crate::{Hufu, on_both};

on_both!(
    t55_a_value_from_a_variable_is_not_shown_wherever_it_is_put,
    t55_a_refusal_does_not_quote_a_value_from_a_variable
);

const VARIABLES: [(&str, &str); 3] = [
    ("NAME", "s3cret-name"),
    ("DOMAIN", "S3cret.example.com"),
    ("PIN", "7"),
];

/// Each puts a variable where no secret is expected; the last of them changes something that is there.
const PLACES: [&str; 10] = [
    "roles: [{ name: \"${NAME}\", description: \"about ${NAME}\" }]",
    "organizations: [{ id: new, name: \"${NAME}\", customData: { a: [\"x\", { b: \"${NAME}\" }] }, jit: { emailDomains: [\"${DOMAIN}\"] } }]",
    "applications: [{ id: chat, oidcClientMetadata: { redirectUris: [\"https://${DOMAIN}/cb\"] } }]",
    "resources: [{ indicator: \"https://${DOMAIN}\", name: A, scopes: [{ name: \"${NAME}\" }] }]",
    "customPhrases: [{ languageTag: de, translation: { a: { b: \"${NAME}\" } } }]",
    "connectors: [{ id: corp, name: { en: \"${NAME}\" }, config: { clientId: \"${NAME}\" } }]",
    "samlApplications: [{ id: wiki, entityId: \"https://${DOMAIN}\", attributeMapping: { email: \"${NAME}\" }, customData: { a: [\"${NAME}\"] } }]",
    "organizationScopes: [{ name: \"${NAME}\" }]\ncimdUserConsentScopes: { organizationScopes: [\"${NAME}\"] }",
    "signInExperience: { customCss: \".a { content: '${NAME}'; }\", supportEmail: \"${NAME}@example.com\" }",
    "configs: { jwt.clientCredentials: { script: \"const key = '${NAME}';\" }, sessionNotFoundRedirectUrl: { url: \"https://${DOMAIN}\" } }",
];

fn t55_a_value_from_a_variable_is_not_shown_wherever_it_is_put(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    for text in PLACES {
        for options in ["--dry-run", "--dry-run --json", "--json", "--json", ""] {
            let ran = run(hufu, options, text, &VARIABLES).succeeded();
            let shown = format!("{}{}", ran.out, ran.err);
            assert!(
                !leaks(&shown) && !shown.to_lowercase().contains("s3cret"),
                "{options} {text}\n{shown}"
            );
        }
        // What a variable was is not shown either when it becomes another.
        let changed = VARIABLES.map(|(name, value)| (name, value.replace("cret", "cond")));
        let changed = [
            (changed[0].0, changed[0].1.as_str()),
            (changed[1].0, changed[1].1.as_str()),
            (changed[2].0, changed[2].1.as_str()),
        ];
        let ran = run(hufu, "--dry-run", text, &changed).succeeded();
        let shown = ran.out.to_lowercase();
        assert!(
            !shown.contains("s3cret") && !shown.contains("s3cond"),
            "{text}\n{shown}"
        );
        assert!(shown.contains("${"), "{text}\n{shown}");
    }
    let shown = apply(
        hufu,
        "roles: [{ name: Editor, description: \"${NAME}\" }]",
        &VARIABLES,
    );
    assert_eq!(
        shown,
        "~ role Editor\n    description: (secret) -> ${NAME}\n0 made, 1 changed\n"
    );
    assert!(hufu.prints("export").contains("description: s3cret-name\n"));
}

fn t55_a_refusal_does_not_quote_a_value_from_a_variable(hufu: &Hufu) {
    for (text, message) in [
        (
            "resources: [{ indicator: \"${NAME}\", name: A }]",
            "\"${NAME}\" is not an absolute URI",
        ),
        (
            "resources: [{ indicator: \"https://a\", name: A, accessTokenTtl: \"${NAME}\" }]",
            "\"${NAME}\"",
        ),
        (
            "roles: [{ name: A, description: B, type: \"${NAME}\" }]",
            "`${NAME}`",
        ),
        (
            "roles: [{ name: A, description: B, scopes: { \"https://default.logto.app/api\": [\"${NAME}\"] } }]",
            "\"${NAME}\"",
        ),
        (
            "resources: [{ indicator: \"https://a\", name: A, accessTokenTtl: \"${PIN}\" }]",
            "\"${PIN}\"",
        ),
        (
            "samlApplications: [{ name: A, attributeMapping: { \"password\": \"${NAME}\" } }]",
            "\"password\" is no claim",
        ),
        (
            "cimdUserConsentScopes: { organizationScopes: [\"${NAME}\"] }",
            "no organization scope \"${NAME}\"",
        ),
        (
            "signInExperience: { color: { primaryColor: \"${NAME}\" } }",
            "primaryColor",
        ),
        (
            "roles: [{ name: \"${NAME}\", description: B }, { name: \"${NAME}\", description: B }]",
            "stands here twice",
        ),
    ] {
        let ran = run(hufu, "", text, &VARIABLES);
        assert!(!leaks(&ran.err) && !leaks(&ran.out), "{ran:?}");
        ran.failed(message);
    }
}
