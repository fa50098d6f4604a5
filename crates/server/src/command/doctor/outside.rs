//! What is seen of the server from outside, and what follows from it. Pure: the requests are made elsewhere.

use url::Url;

use super::finding::Finding;
use crate::seen::Seen;

/// Clocks further apart than this break tokens: most clients allow no more, and some allow less.
const TOLERANCE: i64 = 30;

/// What came back from the server's public address.
#[derive(Clone, Debug)]
pub(super) struct Outside {
    /// The address that was asked: where people open the server.
    pub(super) address: String,
    /// The issuer that the configuration makes.
    pub(super) configured_issuer: String,
    /// `issuer` of the discovery document, or why there is none.
    pub(super) published_issuer: Result<String, String>,
    /// What the server says of our request; `None` when it did not recognise us.
    pub(super) seen: Option<Seen>,
    /// `Set-Cookie` lines of the start of a sign-in.
    pub(super) cookies: Vec<String>,
    /// Seconds that the server's clock is ahead of ours.
    pub(super) clock_ahead: Option<i64>,
    /// Whether `TRUST_PROXY_HEADER` is on.
    pub(super) trusts_proxies: bool,
}

pub(super) fn findings(outside: &Outside) -> Vec<Finding> {
    let published = match &outside.published_issuer {
        Ok(issuer) => issuer,
        Err(why) => return vec![unreachable(outside, why)],
    };
    let mut findings = vec![issuer(outside, published), transport(outside)];
    findings.extend(forwarded(outside));
    findings.extend(cookies(outside));
    findings.extend(
        outside
            .clock_ahead
            .map(|seconds| clock("clock", "the server's clock", seconds)),
    );
    findings
}

fn unreachable(outside: &Outside, why: &str) -> Finding {
    let message = format!(
        "{} does not answer with a discovery document ({why})",
        outside.address
    );
    Finding::broken(
        "reachable",
        message,
        "start the server with hufu serve, and let the proxy pass everything under this address to its PORT",
    )
}

fn issuer(outside: &Outside, published: &str) -> Finding {
    let expected = format!("{}/oidc", outside.address);
    let (configured, address) = (&outside.configured_issuer, &outside.address);
    if published != configured {
        let message = format!(
            "the server says its issuer is {published}, this configuration makes it {configured}"
        );
        return Finding::broken(
            "issuer",
            message,
            "run doctor with the variables of the server, or restart the server with these",
        );
    }
    if published != expected {
        let message = format!(
            "the server is opened at {address} but its issuer is {published}: clients compare the two letter by letter"
        );
        return Finding::broken(
            "issuer",
            message,
            format!("set ENDPOINT={address} and restart the server"),
        );
    }
    Finding::good("issuer", format!("{published}, as configured"))
}

fn transport(outside: &Outside) -> Finding {
    let Ok(url) = Url::parse(&outside.address) else {
        return Finding::good("https", outside.address.clone());
    };
    let is_local = url.host_str().is_some_and(|host| {
        host == "localhost"
            || host.ends_with(".localhost")
            || host.starts_with("127.")
            || host == "[::1]"
    });
    if url.scheme() == "https" {
        return Finding::good("https", "the connection is encrypted");
    }
    let mend = "put the server behind HTTPS (HTTPS_CERT_PATH and HTTPS_KEY_PATH, or a proxy with TRUST_PROXY_HEADER=1) and set ENDPOINT to the https address";
    if is_local {
        return Finding::doubtful(
            "https",
            "plain http on this machine: fine for trying out, but LibreChat refuses such an issuer",
            mend,
        );
    }
    Finding::broken("https", "passwords and tokens travel unencrypted", mend)
}

/// A lost header shows in the difference between the address we asked and the one the server believes it was asked at.
fn forwarded(outside: &Outside) -> Vec<Finding> {
    const CHECK: &str = "forwarded headers";
    let Some(seen) = &outside.seen else {
        let mend = "run doctor with the variables of the server: SECRET_VAULT_KEK or the key file proves that it is you who asks";
        return vec![Finding::doubtful(
            CHECK,
            "the server does not say how the request reached it",
            mend,
        )];
    };
    let (Ok(asked), Ok(arrived)) = (Url::parse(&outside.address), Url::parse(&seen.origin)) else {
        let message = format!("the server took the request for one to {:?}", seen.origin);
        return vec![Finding::broken(
            CHECK,
            message,
            "let the proxy pass the Host header on",
        )];
    };
    let mut findings = Vec::new();
    if asked.scheme() != arrived.scheme() {
        let message = format!(
            "the request was sent over {} but arrived as {}",
            asked.scheme(),
            arrived.scheme()
        );
        findings.push(Finding::broken(
            CHECK,
            message,
            mend_header(outside, seen, "X-Forwarded-Proto"),
        ));
    }
    if asked.host_str() != arrived.host_str() {
        let message = format!(
            "the request was sent to {} but arrived for {}",
            host(&asked),
            host(&arrived)
        );
        findings.push(Finding::broken(
            CHECK,
            message,
            mend_header(outside, seen, "X-Forwarded-Host"),
        ));
    } else if asked.scheme() == arrived.scheme()
        && asked.port_or_known_default() != arrived.port_or_known_default()
    {
        let message = format!(
            "the port is lost on the way: sent to {}, arrived for {}",
            host(&asked),
            host(&arrived)
        );
        let mend =
            "let the proxy pass the port: in nginx, proxy_set_header Host $http_host (not $host)";
        findings.push(Finding::broken(CHECK, message, mend));
    }
    if seen.is_trusted_peer
        && !seen.forwarded.iter().any(|name| name == "x-forwarded-for")
        && is_behind_proxy(seen)
    {
        let message = format!("every request seems to come from {}", seen.ip);
        findings.push(Finding::doubtful(
            CHECK,
            message,
            mend_header(outside, seen, "X-Forwarded-For"),
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::good(
            CHECK,
            format!("requests arrive for {}", seen.origin),
        ));
    }
    findings
}

fn is_behind_proxy(seen: &Seen) -> bool {
    !seen.forwarded.is_empty()
}

fn mend_header(outside: &Outside, seen: &Seen, name: &str) -> String {
    let is_sent = seen
        .forwarded
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name));
    match (outside.trusts_proxies, is_sent, seen.is_trusted_peer) {
        (false, true, _) => format!(
            "set TRUST_PROXY_HEADER=1: the proxy at {} sends {name}, but it is not believed",
            seen.peer
        ),
        (true, true, false) => format!(
            "add the proxy's address {} to HUFU_TRUSTED_PROXIES",
            seen.peer
        ),
        (false, false, _) => format!("let the proxy send {name}, and set TRUST_PROXY_HEADER=1"),
        (true, _, _) => format!("let the proxy send {name}"),
    }
}

fn host(url: &Url) -> String {
    url.port().map_or_else(
        || url.host_str().unwrap_or_default().to_owned(),
        |port| format!("{}:{port}", url.host_str().unwrap_or_default()),
    )
}

fn cookies(outside: &Outside) -> Option<Finding> {
    const CHECK: &str = "cookies";
    let is_https = outside.address.starts_with("https://");
    let flags = |line: &str| {
        line.split(';')
            .skip(1)
            .map(|flag| flag.trim().to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    let name = |line: &str| line.split('=').next().unwrap_or_default().to_owned();
    let all: Vec<_> = outside
        .cookies
        .iter()
        .map(|line| (name(line), flags(line)))
        .collect();
    let (first, _) = all.first()?;
    let without = |flag: &str| {
        all.iter()
            .find(|(_, flags)| !flags.iter().any(|known| known == flag))
            .map(|(name, _)| name)
    };
    let with = |flag: &str| {
        all.iter()
            .find(|(_, flags)| flags.iter().any(|known| known == flag))
            .map(|(name, _)| name)
    };
    Some(match (is_https, without("secure"), with("secure")) {
        (true, Some(name), _) => {
            let mend = "let the proxy send X-Forwarded-Proto: https, and set TRUST_PROXY_HEADER=1";
            Finding::broken(
                CHECK,
                format!(
                    "{name} is not Secure although the connection is encrypted: the server takes it for plain http"
                ),
                mend,
            )
        }
        (false, _, Some(name)) => {
            let mend = format!(
                "open the server over https, or make the proxy stop sending X-Forwarded-Proto: https for {}",
                outside.address
            );
            Finding::broken(
                CHECK,
                format!(
                    "{name} is Secure, so browsers drop it over plain http and nobody can sign in"
                ),
                mend,
            )
        }
        _ if without("httponly").is_some() => Finding::broken(
            CHECK,
            format!("{first} can be read by scripts"),
            "let the proxy pass Set-Cookie as it is",
        ),
        _ => Finding::good(
            CHECK,
            if is_https {
                "Secure and HttpOnly"
            } else {
                "HttpOnly, not Secure over plain http"
            },
        ),
    })
}

/// What follows from two clocks that differ by `ahead` seconds.
pub(super) fn clock(check: &'static str, whose: &str, ahead: i64) -> Finding {
    if ahead.abs() <= TOLERANCE {
        return Finding::good(check, format!("{whose} agrees with this machine's"));
    }
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let message = format!(
        "{whose} is {} seconds {direction} this machine's: tokens are refused as expired or not yet valid",
        ahead.abs()
    );
    Finding::broken(
        check,
        message,
        "synchronise both clocks, for example with chrony or systemd-timesyncd",
    )
}

#[cfg(test)]
mod tests {
    use super::{Outside, clock, findings};
    use crate::command::doctor::finding::{Finding, Verdict};
    use crate::seen::Seen;

    fn healthy() -> Outside {
        Outside {
            address: "https://id.example.com".into(),
            configured_issuer: "https://id.example.com/oidc".into(),
            published_issuer: Ok("https://id.example.com/oidc".into()),
            seen: Some(Seen {
                origin: "https://id.example.com".into(),
                ip: "203.0.113.9".into(),
                peer: "10.0.0.2".into(),
                is_trusted_peer: true,
                forwarded: vec![
                    "x-forwarded-proto".into(),
                    "x-forwarded-host".into(),
                    "x-forwarded-for".into(),
                ],
            }),
            cookies: vec!["_interaction=x; HttpOnly; SameSite=Lax; Path=/; Secure".into()],
            clock_ahead: Some(1),
            trusts_proxies: true,
        }
    }

    fn seen(outside: &mut Outside) -> &mut Seen {
        outside.seen.as_mut().unwrap()
    }

    /// The findings that are not good, as one text.
    fn faults(outside: &Outside) -> String {
        let line = |finding: &Finding| {
            format!(
                "{}: {} -> {}",
                finding.check,
                finding.message,
                finding.mend.clone().unwrap_or_default()
            )
        };
        findings(outside)
            .iter()
            .filter(|finding| finding.verdict != Verdict::Good)
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_healthy_server_has_no_faults() {
        assert_eq!(faults(&healthy()), "");
        assert_eq!(findings(&healthy()).len(), 5);
    }

    #[test]
    fn each_fault_is_told_with_its_remedy() {
        type Case = (fn(&mut Outside), &'static str, &'static str);
        let cases: &[Case] = &[
            (
                |it| it.published_issuer = Err("connection refused".into()),
                "reachable: https://id.example.com does not answer",
                "start the server",
            ),
            (
                |it| it.published_issuer = Ok("http://localhost:3001/oidc".into()),
                "the server says its issuer is http://localhost:3001/oidc",
                "run doctor with the variables",
            ),
            (
                |it| {
                    it.published_issuer = Ok("http://localhost:3001/oidc".into());
                    it.configured_issuer = "http://localhost:3001/oidc".into();
                },
                "the server is opened at https://id.example.com but its issuer is http://localhost:3001/oidc",
                "set ENDPOINT=https://id.example.com",
            ),
            (
                |it| seen(it).origin = "http://id.example.com".into(),
                "sent over https but arrived as http",
                "let the proxy send X-Forwarded-Proto",
            ),
            (
                |it| {
                    it.trusts_proxies = false;
                    seen(it).is_trusted_peer = false;
                    seen(it).origin = "http://id.example.com".into();
                },
                "sent over https but arrived as http",
                "set TRUST_PROXY_HEADER=1: the proxy at 10.0.0.2 sends X-Forwarded-Proto",
            ),
            (
                |it| {
                    seen(it).is_trusted_peer = false;
                    seen(it).origin = "https://hufu:3001".into();
                },
                "sent to id.example.com but arrived for hufu:3001",
                "add the proxy's address 10.0.0.2 to HUFU_TRUSTED_PROXIES",
            ),
            (
                |it| {
                    it.address = "https://id.example.com:8443".into();
                    it.published_issuer = Ok("https://id.example.com:8443/oidc".into());
                    it.configured_issuer = "https://id.example.com:8443/oidc".into();
                },
                "the port is lost on the way: sent to id.example.com:8443, arrived for id.example.com",
                "$http_host",
            ),
            (
                |it| seen(it).forwarded = vec!["x-forwarded-proto".into()],
                "every request seems to come from 203.0.113.9",
                "let the proxy send X-Forwarded-For",
            ),
            (
                |it| it.seen = None,
                "the server does not say how the request reached it",
                "SECRET_VAULT_KEK",
            ),
            (
                |it| it.cookies = vec!["_interaction=x; HttpOnly".into()],
                "_interaction is not Secure",
                "X-Forwarded-Proto",
            ),
            (
                |it| it.cookies = vec!["_interaction=x; Secure".into()],
                "_interaction can be read by scripts",
                "Set-Cookie",
            ),
            (
                |it| it.clock_ahead = Some(-90),
                "the server's clock is 90 seconds behind",
                "synchronise",
            ),
        ];
        for (change, message, mend) in cases {
            let mut outside = healthy();
            change(&mut outside);
            let faults = faults(&outside);
            assert!(
                faults.contains(message) && faults.contains(mend),
                "{message} -> {mend}: {faults}"
            );
        }
    }

    #[test]
    fn secure_cookies_over_plain_http_are_told() {
        let mut outside = healthy();
        outside.address = "http://id.example.com".into();
        assert!(faults(&outside).contains("browsers drop it over plain http"));
    }

    #[test]
    fn plain_http_is_doubtful_on_this_machine_and_broken_elsewhere() {
        for (address, verdict) in [
            ("http://localhost:3001", Verdict::Doubtful),
            ("http://127.0.0.1:3001", Verdict::Doubtful),
            ("http://id.lan", Verdict::Broken),
        ] {
            let mut outside = healthy();
            outside.address = address.into();
            let found = findings(&outside)
                .into_iter()
                .find(|finding| finding.check == "https")
                .unwrap();
            assert_eq!(found.verdict, verdict, "{address}");
        }
    }

    #[test]
    fn clocks_may_differ_by_half_a_minute() {
        assert_eq!(clock("clock", "it", 30).verdict, Verdict::Good);
        assert_eq!(clock("clock", "it", 31).verdict, Verdict::Broken);
    }
}
