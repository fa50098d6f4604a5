//! What a `User-Agent` says of browser and system, as far as people who read logs want to know.

use serde_json::{Value, json};

/// Browsers by the word before their version, the one that pretends to be the others first.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("curl/", "curl"),
];

/// Systems by a word that stands before their version.
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows NT ", "Windows"),
    ("Android ", "Android"),
    ("CPU iPhone OS ", "iOS"),
    ("CPU OS ", "iOS"),
    ("Mac OS X ", "macOS"),
    ("CrOS ", "Chrome OS"),
    ("Linux", "Linux"),
];

/// `{ua, browser, engine, os, device, cpu}` (`contract/logto-core.md` §9.2); what is not known is an empty object.
pub fn parse(agent: &str) -> Value {
    let known = |table: &[(&str, &str)]| {
        table.iter().find_map(|(word, name)| {
            let (_, after) = agent.split_once(word)?;
            let version = after.split([' ', ';', ')']).next().unwrap_or_default();
            let version = version.replace('_', ".");
            let is_version = version.starts_with(|first: char| first.is_ascii_digit());
            Some(if is_version {
                json!({ "name": name, "version": version })
            } else {
                json!({ "name": name })
            })
        })
    };
    let engine = if agent.contains("Gecko/") && agent.contains("Firefox/") {
        json!({ "name": "Gecko" })
    } else if agent.contains("Chrome/") {
        json!({ "name": "Blink" })
    } else if agent.contains("AppleWebKit/") {
        json!({ "name": "WebKit" })
    } else {
        json!({})
    };
    let device = if agent.contains("iPhone") || agent.contains("Mobile") {
        json!({ "type": "mobile" })
    } else if agent.contains("iPad") || agent.contains("Tablet") {
        json!({ "type": "tablet" })
    } else {
        json!({})
    };
    let architecture = [
        ("x86_64", "amd64"),
        ("Win64", "amd64"),
        ("aarch64", "arm64"),
        ("arm64", "arm64"),
    ];
    let cpu = architecture
        .iter()
        .find(|(word, _)| agent.contains(word))
        .map_or_else(|| json!({}), |(_, name)| json!({ "architecture": name }));
    json!({
        "ua": agent,
        "browser": known(&BROWSERS).unwrap_or_else(|| json!({})),
        "engine": engine,
        "os": known(&SYSTEMS).unwrap_or_else(|| json!({})),
        "device": device,
        "cpu": cpu,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::parse;

    #[test]
    fn browsers_and_systems_are_told_apart() {
        for (agent, browser, version, os) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.1.2",
                "Edge",
                "149.0.1.2",
                "Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox",
                "145.0",
                "Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
                "Safari",
                "19.1",
                "iOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36",
                "Chrome",
                "149.0.0.0",
                "Android",
            ),
        ] {
            let parsed = parse(agent);
            assert_eq!(parsed["ua"], agent);
            assert_eq!(
                parsed["browser"],
                json!({ "name": browser, "version": version })
            );
            assert_eq!(parsed["os"]["name"], os, "{agent}");
        }
    }

    #[test]
    fn what_is_not_known_stays_empty() {
        let parsed = parse("node");
        assert_eq!(parsed["browser"], json!({}));
        assert_eq!(parsed["os"], json!({}));
        assert_eq!(parsed["os"]["name"], Value::Null);
    }
}
