//! Which private addresses the server may call.

use std::{net::IpAddr, path::PathBuf};

use ipnet::IpNet;

use super::{ConfigError, proxies::network, reader::Reader};

/// Exceptions from the rule that the server calls public addresses only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbound {
    /// Networks that may be called although they are private.
    pub networks: Vec<IpNet>,
    /// Host names that may be called whatever they resolve to. Lower case.
    pub hosts: Vec<String>,
    /// `OIDC_PROVIDER_SSRF_PROTECTION_DISABLED`: every private address may be called.
    pub everything: bool,
    /// A PEM file of authorities that HTTPS calls trust besides those of the system.
    pub authorities: Option<PathBuf>,
}

impl Outbound {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        const NAME: &str = "HUFU_OUTBOUND_ALLOW";
        let mut outbound = Self {
            everything: reader.flag("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", false)?,
            authorities: reader.text("HUFU_OUTBOUND_CA").map(PathBuf::from),
            ..Self::default()
        };
        for entry in reader.list(NAME) {
            match network(&entry) {
                Some(network) => outbound.networks.push(network),
                None if is_host(&entry) => outbound.hosts.push(entry.to_ascii_lowercase()),
                None => {
                    return Err(reader.wrong(
                        NAME,
                        &entry,
                        "which is not an address, a network or a host name",
                    ));
                }
            }
        }
        Ok(outbound)
    }

    /// Whether the operator listed this host or address.
    pub fn allows(&self, host: &str, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.everything
            || self
                .hosts
                .iter()
                .any(|known| known.eq_ignore_ascii_case(host))
            || self.networks.iter().any(|network| network.contains(&ip))
    }
}

/// Letters, digits, `-`, `_` and dots, and not all digits in the last label: that would be a mistyped address.
fn is_host(text: &str) -> bool {
    let last_is_name = text
        .rsplit('.')
        .next()
        .is_some_and(|label| !label.is_empty() && !label.bytes().all(|byte| byte.is_ascii_digit()));
    last_is_name
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::super::tests::load;

    #[test]
    fn only_what_is_listed_is_allowed() {
        let outbound = load(&[("HUFU_OUTBOUND_ALLOW", "10.1.0.0/16, chat.internal,fd00::1")])
            .unwrap()
            .outbound;
        for (host, ip, allowed) in [
            ("x", "10.1.2.3", true),
            ("x", "::ffff:10.1.2.3", true),
            ("x", "10.2.0.1", false),
            ("Chat.Internal", "192.168.0.1", true),
            ("evil.chat.internal", "192.168.0.1", false),
            ("x", "fd00::1", true),
            ("x", "fd00::2", false),
        ] {
            assert_eq!(
                outbound.allows(host, ip.parse().unwrap()),
                allowed,
                "{host} {ip}"
            );
        }
    }

    #[test]
    fn nothing_is_listed_at_first() {
        assert!(
            !load(&[])
                .unwrap()
                .outbound
                .allows("localhost", "127.0.0.1".parse().unwrap())
        );
        let all = load(&[("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", "1")]).unwrap();
        assert!(
            all.outbound
                .allows("localhost", "127.0.0.1".parse().unwrap())
        );
    }

    #[test]
    fn a_mistyped_address_is_not_taken_for_a_name() {
        assert!(load(&[("HUFU_OUTBOUND_ALLOW", "10.0.0.300")]).is_err());
        assert!(load(&[("HUFU_OUTBOUND_ALLOW", "chat.internal:8080")]).is_err());
    }
}
