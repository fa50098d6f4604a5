//! Every page in every language.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod html;
mod sample;

use std::{collections::BTreeSet, fs, path::Path};

use html::{Tag, read};
use identity::experience::SignInExperience;
use sample::{Words, frame, pages};
use server::{
    page::asset::{ASSETS, path},
    text::{LANGUAGES, tags},
};

/// What one first load may weigh: HTML, style sheet, script and logo.
const FIRST_LOAD: usize = 25 * 1024;

/// The same text everywhere.
fn words(text: &str) -> Words {
    Words {
        application: text.to_owned(),
        person: text.to_owned(),
        email: text.to_owned(),
        provider: text.to_owned(),
        value: text.to_owned(),
        picture: Some(text.to_owned()),
    }
}

/// Draws all pages in all languages.
fn each(words: &Words, mut check: impl FnMut(&str, &str, &str, &[Tag])) {
    let experience = SignInExperience::admin();
    for locale in tags() {
        let frame = frame(&experience, locale);
        for (name, page) in pages(words) {
            let html = page.html(&frame).unwrap();
            check(name, locale, &html, &read(&html));
        }
    }
}

#[test]
fn every_page_says_everything_in_every_language() {
    each(&Words::plain(), |name, locale, html, tags| {
        for key in [
            "{app}",
            "{name}",
            "{min}",
            "{max}",
            "{minutes}",
            "{provider}",
            "{identifier}",
        ] {
            assert!(!html.contains(key), "{name} in {locale} leaves {key}");
        }
        for tag in tags.iter().filter(|tag| {
            ["title", "h1", "h2", "label", "button", "summary"].contains(&tag.name.as_str())
                && tag.get("data-reveal").is_none()
        }) {
            let is_drawn = tag.name == "summary";
            assert!(
                is_drawn || !tag.text.is_empty(),
                "{name} in {locale}: an empty {}",
                tag.name
            );
        }
    });
}

#[test]
fn every_page_has_one_heading_one_main_part_and_its_language() {
    each(&Words::plain(), |name, locale, _, tags| {
        let count = |wanted: &str| tags.iter().filter(|tag| tag.name == wanted).count();
        assert_eq!(
            (count("h1"), count("main"), count("nav")),
            (1, 1, 1),
            "{name}"
        );
        let root = tags.first().unwrap();
        assert_eq!(root.get("lang"), Some(locale));
        let direction = if locale == "ar" { "rtl" } else { "ltr" };
        assert_eq!(root.get("dir"), Some(direction));
        let languages: Vec<_> = tags
            .iter()
            .filter(|tag| tag.get("lang").is_some())
            .collect();
        assert_eq!(languages.len(), 1 + LANGUAGES.len());
        let current = tags.iter().filter(|tag| tag.get("aria-current").is_some());
        assert_eq!(
            current.map(|tag| tag.get("lang")).collect::<Vec<_>>(),
            [Some(locale)]
        );
    });
}

#[test]
fn every_field_has_a_label_and_every_description_exists() {
    each(&Words::plain(), |name, _, _, tags| {
        let ids: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
        let labels: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.get("for")).collect();
        for tag in tags {
            if tag.name == "input" && tag.get("type") != Some("hidden") {
                assert!(labels.contains(tag.get("id").unwrap()), "{name}: {tag:?}");
                assert!(tag.get("autocomplete").is_some(), "{name}: {tag:?}");
            }
            if let Some(id) = tag.get("aria-describedby") {
                assert!(ids.contains(id), "{name}: nothing is called {id}");
            }
            assert!(
                tag.name != "img" || tag.get("alt").is_some(),
                "{name}: {tag:?}"
            );
        }
        let focused = tags.iter().filter(|tag| tag.get("autofocus").is_some());
        assert!(focused.count() <= 1, "{name}");
    });
}

#[test]
fn people_and_programs_find_the_fields_by_their_names() {
    let wanted = [
        ("sign_in", "identifier", "username"),
        ("sign_in", "password", "current-password"),
        ("register", "username", "username"),
        ("register", "password", "new-password"),
        ("setup", "password", "new-password"),
        ("link", "password", "current-password"),
        ("device", "user_code", "off"),
    ];
    let others = [
        ("sign_in", "submit"),
        ("register", "submit"),
        ("setup", "submit"),
        ("link", "submit"),
        ("consent", "consent-allow"),
        ("consent", "consent-deny"),
        ("consent_unregistered", "consent-allow"),
        ("device", "submit"),
        ("device_confirm", "device-allow"),
        ("device_confirm", "device-deny"),
        ("device_confirm", "user-code"),
        ("device_done", "message"),
        ("sign_out", "logout-confirm"),
        ("choose_account", "continue-as"),
        ("demo_app", "demo-sign-in"),
        ("demo_app_signed_in", "sign-out"),
        ("demo_app_signed_in", "signed-in"),
        ("device_demo_app", "device-start"),
        ("device_demo_app_over", "alert"),
        ("device_demo_app_waiting", "user-code"),
        ("device_demo_app_waiting", "device-address"),
        ("device_demo_app_waiting", "start-over"),
        ("device_demo_app_signed_in", "signed-in"),
        ("suspended", "message"),
        ("failed", "detail"),
        ("social_failed", "way-on"),
        ("sign_in_wrong", "alert"),
        ("register_wrong", "password-wrong"),
    ];
    each(&Words::plain(), |name, _, _, tags| {
        let find = |id: &str| tags.iter().find(|tag| tag.get("id") == Some(id)).unwrap();
        for (_, id, autocomplete) in wanted.iter().filter(|(page, ..)| *page == name) {
            assert_eq!(find(id).get("name"), Some(*id));
            assert_eq!(find(id).get("autocomplete"), Some(*autocomplete), "{name}");
        }
        for (_, id) in others.iter().filter(|(page, _)| *page == name) {
            assert!(["button", "a", "h1", "p", "code"].contains(&find(id).name.as_str()));
        }
    });
}

#[test]
fn t45_what_strangers_write_stays_text() {
    let attacks = [
        "\"><script>alert(1)</script>",
        "'><img src=x onerror=alert(1)>",
        "</style></title></textarea><svg/onload=alert(1)>",
        "{{ 7*7 }}{app}",
        "javascript:alert(1)",
    ];
    for attack in attacks {
        each(&words(attack), |name, _, html, tags| {
            assert!(!html.contains("<script>alert"), "{name}");
            for tag in tags {
                let is_handler = |(attribute, _): &(String, String)| attribute.starts_with("on");
                assert!(!tag.attributes.iter().any(is_handler), "{name}: {tag:?}");
                assert_eq!(tag.get("style"), None, "{name}: {tag:?}");
                assert!(!["style", "iframe", "object", "base"].contains(&tag.name.as_str()));
                let is_link = tag.get("href").or(tag.get("action")).is_some();
                let leads = tag.get("href").or(tag.get("action")).unwrap_or_default();
                assert!(
                    !is_link || !leads.starts_with("javascript:"),
                    "{name}: {tag:?}"
                );
            }
            let scripts: Vec<&Tag> = tags.iter().filter(|tag| tag.name == "script").collect();
            assert_eq!(scripts.len(), 1, "{name}");
            assert_eq!(scripts[0].get("src"), Some(path("enhance.js")));
            assert_eq!(scripts[0].text, "");
        });
    }
}

#[test]
fn a_first_load_weighs_at_most_25_kb_in_at_most_4_requests() {
    each(&Words::plain(), |name, locale, html, tags| {
        let mut files: BTreeSet<&str> = BTreeSet::new();
        for tag in tags {
            match tag.name.as_str() {
                "link" => files.extend(tag.get("href")),
                "script" | "img" => files.extend(tag.get("src")),
                _ => {}
            }
        }
        // The two pictures of the samples' providers are theirs.
        files.retain(|file| !file.ends_with("provider.svg") && !file.ends_with("github.svg"));
        // What stands in the page itself weighs with the page.
        files.retain(|file| !file.starts_with("data:"));
        assert!(files.len() <= 3, "{name} asks for {files:?}");
        let asset = |file: &&str| {
            ASSETS
                .iter()
                .find(|asset| path(asset.name) == *file)
                .unwrap()
        };
        // The HTML goes uncompressed: it holds a secret beside what others write (BREACH).
        let weight = html.len()
            + files
                .iter()
                .map(|file| asset(file).file.gzip.len())
                .sum::<usize>();
        assert!(weight <= FIRST_LOAD, "{name} in {locale} weighs {weight}");
    });
}

#[test]
fn the_files_keep_to_their_budgets() {
    let source = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/pages");
        fs::read_to_string(folder.join(name)).unwrap()
    };
    assert!(source("page.css").len() <= 12 * 1024);
    let script = ASSETS
        .iter()
        .find(|asset| asset.name == "enhance.js")
        .unwrap();
    assert!(
        script.file.content.len() <= 2 * 1024,
        "{}",
        script.file.content.len()
    );
}

#[test]
fn the_sheet_knows_every_class_of_the_pages_and_no_other() {
    let sheet = ASSETS
        .iter()
        .find(|asset| asset.name == "page.css")
        .unwrap();
    let mut used: BTreeSet<String> = BTreeSet::new();
    each(&Words::plain(), |_, _, _, tags| {
        let classes = tags.iter().filter_map(|tag| tag.get("class"));
        used.extend(classes.flat_map(str::split_whitespace).map(str::to_owned));
    });
    let hooks = ["logto_signature", "logto_social-button"];
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let selectors = sheet
        .file
        .content
        .lines()
        .map(|line| line.split('{').next().unwrap_or_default());
    let known: BTreeSet<String> = selectors
        .flat_map(|selector| {
            selector
                .split('.')
                .skip(1)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .map(|rest| {
            rest.split(|c| !is_part(c))
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect();
    used.retain(|class| !hooks.contains(&class.as_str()));
    assert_eq!(used, known);
}

#[test]
fn operators_style_sheets_find_their_hooks() {
    each(&Words::plain(), |name, _, html, _| {
        for hook in [
            "logto_page-container",
            "logto_main-content",
            "logto_branding-header",
            "logto_signature",
        ] {
            assert!(html.contains(hook), "{name} lacks {hook}");
        }
    });
}

#[test]
fn every_text_is_on_some_page() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    for folder in ["src/page", "templates"] {
        for entry in fs::read_dir(source.join(folder)).unwrap() {
            code += &fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    let (_, english) = LANGUAGES.iter().find(|(tag, _)| *tag == "en").unwrap();
    for (key, _) in english.entries() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = format!("t.{key}");
        let mut uses = code.match_indices(&name);
        let ends = |(at, found): (usize, &str)| !code[at + found.len()..].starts_with(is_part);
        assert!(uses.any(ends), "no page says {key}");
    }
}
