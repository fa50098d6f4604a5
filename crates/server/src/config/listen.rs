//! Where connections are accepted.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
};

use super::{ConfigError, reader::Reader};

/// Sockets and their encryption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The one interface to listen on; `None` means all.
    pub host: Option<IpAddr>,
    /// `PORT`.
    pub port: u16,
    /// `ADMIN_PORT`; `None` when the socket of the administrators is not opened.
    pub admin_port: Option<u16>,
    /// Certificate and key when the server terminates TLS itself.
    pub tls: Option<Tls>,
}

/// PEM files for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// `HTTPS_CERT_PATH`: the chain, leaf first.
    pub certificate: PathBuf,
    /// `HTTPS_KEY_PATH`.
    pub key: PathBuf,
}

impl Listen {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let port = port(reader, "PORT")?.unwrap_or(3001);
        let admin_port = port_of_administrators(reader, port)?;
        let host =
            match reader.text("HUFU_LISTEN") {
                Some(text) => Some(text.parse().map_err(|_| {
                    reader.wrong("HUFU_LISTEN", &text, "which is not an IP address")
                })?),
                None => None,
            };
        // One path alone is ignored, as Logto does.
        let tls = reader
            .text("HTTPS_CERT_PATH")
            .zip(reader.text("HTTPS_KEY_PATH"));
        let tls = tls.map(|(certificate, key)| Tls {
            certificate: certificate.into(),
            key: key.into(),
        });
        Ok(Self {
            host,
            port,
            admin_port,
            tls,
        })
    }

    /// The addresses to try for `port`, first that binds wins: all interfaces of both families, or IPv4 alone where there is no IPv6.
    pub fn candidates(&self, port: u16) -> Vec<SocketAddr> {
        match self.host {
            Some(host) => vec![SocketAddr::new(host, port)],
            None => vec![
                (Ipv6Addr::UNSPECIFIED, port).into(),
                (Ipv4Addr::UNSPECIFIED, port).into(),
            ],
        }
    }

    pub(super) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

fn port_of_administrators(reader: &Reader<'_>, taken: u16) -> Result<Option<u16>, ConfigError> {
    let port = port(reader, "ADMIN_PORT")?.unwrap_or(3002);
    if reader.flag("ADMIN_DISABLE_LOCALHOST", false)? {
        return Ok(None);
    }
    if port == taken {
        return Err(reader.wrong("ADMIN_PORT", &port.to_string(), "which PORT uses already"));
    }
    Ok(Some(port))
}

pub(super) fn port(reader: &Reader<'_>, name: &'static str) -> Result<Option<u16>, ConfigError> {
    let Some(text) = reader.text(name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(port) if port > 0 => Ok(Some(port)),
        _ => Err(reader.wrong(name, &text, "which is not a port number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::load;

    #[test]
    fn all_interfaces_are_the_default_and_one_can_be_chosen() {
        let all = load(&[]).unwrap().listen.candidates(80);
        assert_eq!(
            all,
            ["[::]:80".parse().unwrap(), "0.0.0.0:80".parse().unwrap()]
        );
        let one = load(&[("HUFU_LISTEN", "127.0.0.1")])
            .unwrap()
            .listen
            .candidates(80);
        assert_eq!(one, ["127.0.0.1:80".parse().unwrap()]);
    }

    #[test]
    fn the_socket_of_the_administrators_can_be_closed() {
        assert_eq!(load(&[]).unwrap().listen.admin_port, Some(3002));
        assert_eq!(
            load(&[("ADMIN_DISABLE_LOCALHOST", "yes")])
                .unwrap()
                .listen
                .admin_port,
            None
        );
    }

    #[test]
    fn one_half_of_the_certificate_is_ignored() {
        assert!(
            load(&[("HTTPS_CERT_PATH", "/a")])
                .unwrap()
                .listen
                .tls
                .is_none()
        );
        let config = load(&[("HTTPS_CERT_PATH", "/a"), ("HTTPS_KEY_PATH", "/b")]).unwrap();
        assert!(config.listen.tls.is_some());
        assert_eq!(
            config.addresses.endpoint("default").unwrap(),
            "https://localhost:3001"
        );
    }
}
