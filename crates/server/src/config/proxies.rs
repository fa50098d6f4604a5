//! Whose `X-Forwarded-*` headers count.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{ConfigError, reader::Reader};

/// Loopback and private networks: where a reverse proxy stands in nearly every installation.
const USUAL: &[&str] = &[
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "fc00::/7",
    "fe80::/10",
];

/// The reverse proxies in front of the server; none unless `TRUST_PROXY_HEADER` is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    networks: Vec<IpNet>,
}

impl Proxies {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        const NAME: &str = "HUFU_TRUSTED_PROXIES";
        let mut networks = Vec::new();
        for entry in reader.list(NAME) {
            networks.push(network(&entry).ok_or_else(|| {
                reader.wrong(NAME, &entry, "which is not an address or a network")
            })?);
        }
        if !reader.flag("TRUST_PROXY_HEADER", false)? {
            return Ok(Self::default());
        }
        if networks.is_empty() {
            networks = USUAL.iter().filter_map(|text| network(text)).collect();
        }
        Ok(Self { networks })
    }

    /// Whether what the peer at `ip` forwards is believed.
    pub fn trusts(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.networks.iter().any(|network| network.contains(&ip))
    }

    /// Whether any proxy is trusted.
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }
}

/// Reads `10.0.0.0/8` or a single address.
pub(super) fn network(text: &str) -> Option<IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::load, USUAL, network};

    #[test]
    fn t48_nobody_is_trusted_unless_the_operator_says_so() {
        assert!(load(&[]).unwrap().proxies.is_empty());
        assert!(
            load(&[("HUFU_TRUSTED_PROXIES", "10.0.0.1")])
                .unwrap()
                .proxies
                .is_empty()
        );
    }

    #[test]
    fn loopback_and_private_networks_are_trusted_unless_a_list_says_otherwise() {
        let usual = load(&[("TRUST_PROXY_HEADER", "1")]).unwrap().proxies;
        for (ip, trusted) in [
            ("127.0.0.1", true),
            ("::ffff:172.18.0.1", true),
            ("::1", true),
            ("fd12::1", true),
            ("203.0.113.9", false),
        ] {
            assert_eq!(usual.trusts(ip.parse().unwrap()), trusted, "{ip}");
        }
        let listed = load(&[
            ("TRUST_PROXY_HEADER", "1"),
            ("HUFU_TRUSTED_PROXIES", "203.0.113.0/24"),
        ])
        .unwrap()
        .proxies;
        assert!(listed.trusts("203.0.113.9".parse().unwrap()));
        assert!(!listed.trusts("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn the_usual_networks_are_well_formed() {
        assert!(USUAL.iter().all(|text| network(text).is_some()));
    }
}
