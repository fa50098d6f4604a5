//! `hufu apply --prune`.

use serde_json::json;

use super::{DOCUMENT, apply, exported, run, secrets};
use crate::{Hufu, on_both};

on_both!(
    what_sections_do_not_mention_goes,
    sections_that_are_absent_and_what_the_server_came_with_stay,
    an_export_prunes_nothing_but_what_came_later,
    t54_nobody_is_locked_out,
    pruning_leaves_nothing_that_does_not_fit
);

/// Some of everything.
const LESS: &str = "
resources:
- indicator: https://api.example.com
  scopes: [{ name: read }]
roles:
- name: Robots
organizationScopes:
- name: invite
organizationRoles: []
organizations:
- id: acme
ssoConnectors:
- connectorName: Corp
applications:
- id: chat
  secrets: [{ name: Main, value: \"${CHAT_SECRET}\" }]
- name: Robot
samlApplications:
- name: Wiki
  signingKeys: [{ id: wiki-2, active: true }]
connectors:
- id: mail
hooks:
- name: Old
customPhrases:
- languageTag: eo
emailTemplates:
- { languageTag: de, templateType: SignIn }
customProfileFields:
- name: nickname
captchaProvider: null
configs:
  oidc.session: { ttl: 3600 }
";

fn what_sections_do_not_mention_goes(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let before = hufu.prints("export");
    let chat = [("CHAT_SECRET", "s3cret-of-the-chat")];
    let shown = run(hufu, "--prune --dry-run", LESS, &chat).succeeded().out;
    assert_eq!(hufu.prints("export"), before);
    assert!(!shown.contains("s3cret"), "{shown}");
    let expected = [
        "- role Editor",
        "- organization scope pay",
        "- organization role Agent",
        "- organization role Owner",
        "- SSO connector Mill",
        "- organization Twin",
        "- organization Twin",
        "- application Page",
        "- application Partner",
        "- SAML application Unready",
        "- connector oauth2 corp",
        "- hook LobeChat",
        "- custom phrase de",
        "- e-mail template en Generic",
        "- custom profile field team",
        "- custom profile field news",
        "- captcha provider default",
        "- setting action.postFirstFactorVerification",
        "- setting action.postSignIn",
        "- setting cimd",
        "- setting jwt.accessToken",
        "- setting jwt.clientCredentials",
        "- setting messageRateLimitOverride",
        "- setting sessionNotFoundRedirectUrl",
        "~ sign-in experience default",
        "    captchaPolicy.enabled: true -> false",
        "    signUpProfileFields: [{\"name\":\"nickname\"},{\"name\":\"team\"}] -> [{\"name\":\"nickname\"}]",
        "    socialSignInConnectorTargets: [\"corp\"] -> []",
        "~ account center default",
        "    profileFields: [{\"name\":\"team\"}] -> []",
        "~ scopes of unregistered clients default",
        "    organizationScopes: [\"pay\"] -> []",
        "~ API https://api.example.com",
        "    scopes: [{\"name\":\"read\",\"description\":\"Read for ${PRICE}\"},{\"name\":\"write\"}] \
         -> [{\"name\":\"read\",\"description\":\"Read for ${PRICE}\"}]",
        "~ application Chat",
    ];
    let lines: Vec<&str> = shown.lines().take(expected.len()).collect();
    assert_eq!(lines, expected, "{shown}");
    assert!(
        shown.ends_with("0 to be made, 7 to be changed, 24 to be removed\n"),
        "{shown}"
    );

    let done = run(hufu, "--prune", LESS, &chat).succeeded().out;
    assert_eq!(
        done,
        shown.replace("to be ", ""),
        "a dry run shows what will be done"
    );
    let again = run(hufu, "--prune", LESS, &chat).succeeded().out;
    assert_eq!(again, "no differences\n");
    let left = hufu.json("app show chat --secrets");
    assert_eq!(left["secrets"].as_array().unwrap().len(), 1, "{left}");
    let export = hufu.prints("export");
    for (gone, kept) in [
        ("name: write", "name: read"),
        ("name: Editor", "name: Robots"),
        ("twin-1", "id: acme"),
        ("connectorName: Mill", "connectorName: Corp"),
        ("id: page", "id: robot"),
        ("id: unready", "id: wiki\n"),
        ("id: wiki-1", "id: wiki-2\n    active: true\n"),
        ("name: pay", "name: invite"),
        ("id: lobechat", "id: old"),
        ("languageTag: en", "languageTag: de"),
        ("name: team", "name: nickname"),
        ("RecaptchaEnterprise", "captchaProvider: null"),
        ("jwt.accessToken", "idToken:"),
        ("name: Old\n    expiresAt", "name: invite"),
    ] {
        assert!(!export.contains(gone), "{gone}\n{export}");
        assert!(export.contains(kept), "{kept}\n{export}");
    }
}

fn sections_that_are_absent_and_what_the_server_came_with_stay(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let before = hufu.prints("export");
    let nothing = run(
        hufu,
        "--prune",
        "hooks: [{ id: old }, { id: lobechat }]",
        &[],
    );
    assert_eq!(nothing.succeeded().out, "no differences\n");
    assert_eq!(hufu.prints("export"), before);

    // The seed of both tenants stays, whatever a document says.
    let empty = "resources: []\nroles: []\norganizationScopes: []\norganizationRoles: []\n\
        organizations: []\napplications: []\nsamlApplications: []\ncimdUserConsentScopes: {}\nconfigs: {}\n";
    let fresh = Hufu::new();
    for tenant in ["default", "admin"] {
        let before = fresh.prints(&format!("export --tenant {tenant}"));
        let options = format!("--prune --tenant {tenant}");
        let pruned = run(&fresh, &options, empty, &[]).succeeded().out;
        assert_eq!(pruned, "no differences\n", "{tenant}");
        assert_eq!(fresh.prints(&format!("export --tenant {tenant}")), before);
    }
    let left = run(
        &fresh,
        "--prune --tenant admin",
        "resources: [{ indicator: \"https://admin.logto.app/me\", scopes: [] }]",
        &[],
    );
    assert_eq!(left.succeeded().out, "no differences\n");
}

fn an_export_prunes_nothing_but_what_came_later(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let export = hufu.prints("export");
    apply(hufu, &export, &exported());
    let unchanged = run(hufu, "--prune", &export, &exported());
    assert_eq!(unchanged.succeeded().out, "no differences\n".to_owned());
    apply(
        hufu,
        "hooks: [{ name: New, event: PostSignIn, config: { url: \"https://new.example.com\" } }]",
        &[],
    );
    let pruned = run(hufu, "--prune --json", &export, &exported()).succeeded();
    let pruned: serde_json::Value = serde_json::from_str(&pruned.out).unwrap();
    let gone = json!([{ "action": "remove", "kind": "hook", "name": "New", "fields": [] }]);
    assert_eq!(pruned, gone);
    assert_eq!(hufu.prints("export"), export);
}

/// The operator keeps a way in: nothing of a document is done that takes the last one away (T54, T56).
fn t54_nobody_is_locked_out(hufu: &Hufu) {
    // Nobody could manage it before, so nobody loses anything.
    run(hufu, "--prune", "applications: []", &[]).succeeded();
    let made = "roles: [{ name: Boss, description: All, type: MachineToMachine, scopes: { \"https://default.logto.app/api\": [all] } }]\n\
        applications: [{ id: boss, name: Boss, type: MachineToMachine, roles: [Boss] }]\n";
    apply(hufu, made, &[]);
    let before = hufu.prints("export");
    for text in [
        "applications: []",
        "roles: []",
        "applications: [{ id: boss, secrets: [] }]",
        "applications: [{ id: boss, secrets: [{ name: Default secret, value: s3cret, expiresAt: 1000 }] }]",
    ] {
        run(hufu, "--prune", text, &[]).failed("nobody who can manage the tenant \"default\"");
        run(hufu, "--prune --dry-run", text, &[]).failed("nobody who can manage");
        assert_eq!(hufu.prints("export"), before, "{text}");
    }
    // Another application takes its place.
    let other = made.replace("id: boss", "id: other");
    run(hufu, "--prune", &other, &[]).succeeded();
    // An administrator is a way in as well, for as long as they can sign in.
    let roles = "roles: [{ name: \"default:admin\", isDefault: true }]\n";
    let mail = roles.to_owned() + MAIL;
    run(hufu, "--tenant admin", &mail, &[]).succeeded();
    hufu.prints("user create --tenant admin --username ann --email ann@example.com --no-password");
    run(hufu, "--prune", "applications: []", &[]).succeeded();
    assert!(hufu.prints("export").contains("applications: []\n"));
    let options = "--prune --tenant admin";
    run(hufu, options, "connectors: []", &[]).failed("no administrator who can sign in");
    hufu.run("user set-password ann --tenant admin --password swordfish")
        .succeeded();
    run(hufu, options, "connectors: []", &[]).succeeded();
}

/// A connector that sends codes.
const MAIL: &str = "connectors: [{ id: mail, connectorId: simple-mail-transfer-protocol, config: { host: smtp.example.com, port: 587, \
    fromEmail: hufu@example.com, auth: { type: login, user: hufu, pass: x }, \
    templates: [{ usageType: Generic, contentType: text/plain, subject: Code, content: \"{{code}}\" }, \
    { usageType: SignIn, contentType: text/plain, subject: Code, content: \"{{code}}\" }, \
    { usageType: Register, contentType: text/plain, subject: Code, content: \"{{code}}\" }, \
    { usageType: ForgotPassword, contentType: text/plain, subject: Code, content: \"{{code}}\" }] } }]";

fn pruning_leaves_nothing_that_does_not_fit(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let before = hufu.prints("export");
    for (text, why) in [
        ("customPhrases: []", "the fallback language \"eo\""),
        ("connectors: []", "must be able to set a new one"),
        (
            "roles: []\napplications: [{ id: robot, roles: [Robots] }]",
            "there is no role \"Robots\"",
        ),
    ] {
        run(hufu, "--prune", text, &[]).failed(why);
        assert_eq!(hufu.prints("export"), before, "{text}");
    }
    // What takes its place may come with the same document.
    run(
        hufu,
        "--prune",
        "customPhrases: []\nconnectors: []\nsignInExperience:\n  languageInfo: { autoDetect: true, fallbackLanguage: de }\n\
         \x20 passwordExpiration: { enabled: false }\n  signUp: { identifiers: [username], password: true, verify: false }\n\
         \x20 signIn: { methods: [{ identifier: username, password: true, verificationCode: false, isPasswordPrimary: true }] }\n",
        &[],
    )
    .succeeded();
}
