//! SAML applications and the keys that sign for them.

use super::{DOCUMENT, apply, private_key, run, secrets};
use crate::{Hufu, on_both};

on_both!(
    a_new_application_gets_a_key_and_a_secret_unless_the_document_says_which,
    keys_are_rotated,
    t05_a_key_that_is_not_the_certificates_is_refused,
    each_kind_of_application_is_pruned_by_its_own_section
);

fn a_new_application_gets_a_key_and_a_secret_unless_the_document_says_which(hufu: &Hufu) {
    let text = "samlApplications: [{ id: a, name: New }, { id: b, name: Bare, secrets: [], signingKeys: [] }]";
    let made = run(hufu, "--prune", text, &[]).succeeded().out;
    assert!(made.contains("+ SAML application New\n"), "{made}");
    let export = hufu.prints("export");
    let (bare, new) = export
        .split_once("- id: b\n")
        .unwrap()
        .1
        .split_once("- id: a\n")
        .unwrap();
    assert!(
        bare.contains("  secrets: []\n  signingKeys: []\n"),
        "{export}"
    );
    let new = new.split("\nconnectors:").next().unwrap();
    for member in [
        "  - name: Default secret\n    value: ${APPLICATION_NEW_DEFAULT_SECRET}\n",
        "    active: true\n    expiresAt: ",
        "-----BEGIN CERTIFICATE-----\n",
        "    privateKey: ${SAML_NEW_",
    ] {
        assert!(new.contains(member), "{member}\n{export}");
    }
    let again = "samlApplications: [{ id: a }, { name: Bare, signingKeys: [] }]";
    for (text, options) in [(text, ""), (again, "--prune")] {
        let ran = run(hufu, options, text, &[]).succeeded();
        assert_eq!(ran.out, "no differences\n");
    }
    assert_eq!(hufu.prints("export"), export);
}

fn keys_are_rotated(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let text = "samlApplications: [{ id: wiki, name: Encyclopedia, signingKeys: [{ id: wiki-1, active: false }, { id: wiki-2, active: true }] }]";
    let changed = apply(hufu, text, &[]);
    assert!(
        changed.starts_with("~ SAML application Wiki\n    name: Wiki -> Encyclopedia\n"),
        "{changed}"
    );
    assert_eq!(apply(hufu, text, &[]), "no differences\n");
    let export = hufu.prints("export");
    assert!(
        export.contains("- id: wiki-2\n    active: true\n"),
        "{export}"
    );
    assert!(export.contains("- id: wiki-1\n    expiresAt"), "{export}");
    // Nobody can sign in to an application whose keys are gone, but the operator said so.
    let none = "samlApplications: [{ id: wiki, signingKeys: [] }, { id: unready }]";
    assert_eq!(apply(hufu, none, &[]), "no differences\n");
    run(hufu, "--prune", none, &[]).succeeded();
    assert!(!hufu.prints("export").contains("id: wiki-"));
}

fn t05_a_key_that_is_not_the_certificates_is_refused(hufu: &Hufu) {
    let elliptic: String = include_str!("../../keys/p256.pem")
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let of = |certificate: &str| {
        let lines = certificate.lines().map(|line| format!("      {line}\n"));
        format!(
            "samlApplications:\n- name: A\n  signingKeys:\n  - id: k\n    expiresAt: 1\n    certificate: |\n{}    privateKey: ${{KEY}}\n",
            lines.collect::<String>()
        )
    };
    let (rsa, p256) = (
        include_str!("../../keys/rsa.crt"),
        include_str!("../../keys/p256.crt"),
    );
    for (certificate, key, why) in [
        (p256, private_key(), "`privateKey` is not that of"),
        (rsa, &elliptic, "`privateKey` is not that of"),
        (p256, &elliptic, "must be an RSA key"),
        (rsa, "x y", "PKCS#8 in base64"),
    ] {
        let ran = run(hufu, "", &of(certificate), &[("KEY", key)]);
        assert!(ran.err.contains("hufu.yaml:4: "), "{ran:?}");
        assert!(!ran.err.contains(key), "{ran:?}");
        ran.failed(why);
    }
    run(hufu, "", &of(rsa), &[("KEY", private_key())]).succeeded();
}

fn each_kind_of_application_is_pruned_by_its_own_section(hufu: &Hufu) {
    apply(hufu, DOCUMENT, &secrets());
    let export = hufu.prints("export");
    for (text, gone, kept) in [
        (
            "applications: [{ id: robot }]",
            "- application Chat\n",
            "Wiki",
        ),
        ("samlApplications: []", "- SAML application Wiki\n", "Chat"),
    ] {
        let shown = run(hufu, "--prune --dry-run", text, &[]).succeeded().out;
        assert!(shown.contains(gone) && !shown.contains(kept), "{shown}");
    }
    // An id belongs to one application, of whatever kind.
    run(hufu, "", "samlApplications: [{ id: chat, name: X }]", &[]).failed("the id is taken");
    let other = "applications: [{ id: wiki, name: X, type: SPA }]";
    run(hufu, "", other, &[]).failed("the id is taken");
    assert_eq!(hufu.prints("export"), export);
}
