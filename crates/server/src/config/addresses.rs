//! The public addresses of the tenants, and the tenant behind an address.

use std::collections::HashMap;

use url::Url;

use super::{ConfigError, Listen, listen::port, reader::Reader};

/// Which addresses belong to which tenant (`contract/logto-core.md` §0 and §1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// `ENDPOINT` and localhost: every tenant but `admin`. With a `*` in the host name, the tenant's id takes its place.
    pub core: UrlSet,
    /// `ADMIN_ENDPOINT` and localhost: the tenant `admin`. Empty when that tenant is turned off.
    pub admin: UrlSet,
    /// `CLOUD_ENDPOINT` and localhost, when set: more places from which the console may be used.
    pub cloud: UrlSet,
    /// Origins as browsers write them, with their tenants: nearly every request comes to one of these, and need not be parsed.
    known: HashMap<String, &'static str>,
}

/// A configured address and the one on localhost. Without a trailing slash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlSet {
    /// What the operator named.
    pub endpoint: Option<String>,
    /// `http(s)://localhost:PORT`, unless it is turned off.
    pub localhost: Option<String>,
}

impl UrlSet {
    /// The address that is told to the outside.
    pub fn primary(&self) -> Option<&str> {
        self.endpoint.as_deref().or(self.localhost.as_deref())
    }

    /// Every address, each once.
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<_> = self
            .endpoint
            .iter()
            .chain(&self.localhost)
            .map(String::as_str)
            .collect();
        all.dedup();
        all
    }

    fn holds(&self, origin: &str) -> bool {
        self.all()
            .iter()
            .any(|address| origin_of(address).is_some_and(|known| known == origin))
    }
}

impl Addresses {
    pub(super) fn read(reader: &Reader<'_>, listen: &Listen) -> Result<Self, ConfigError> {
        if reader.flag("PATH_BASED_MULTI_TENANCY", false)? {
            let value = reader.text("PATH_BASED_MULTI_TENANCY").unwrap_or_default();
            let fault = "which Hufu does not offer: put a * in the host name of ENDPOINT instead";
            return Err(ConfigError::shown(
                "PATH_BASED_MULTI_TENANCY",
                &value,
                fault,
                "ENDPOINT=https://*.example.com",
            ));
        }
        let localhost = |port: u16| format!("{}://localhost:{port}", listen.scheme());
        let core = UrlSet {
            endpoint: address(reader, "ENDPOINT", true)?,
            localhost: (!reader.flag("DISABLE_LOCALHOST", false)?).then(|| localhost(listen.port)),
        };
        if core.primary().is_none() {
            let value = reader.text("DISABLE_LOCALHOST").unwrap_or_default();
            let fault = "which needs ENDPOINT to be set as well";
            return Err(ConfigError::shown(
                "DISABLE_LOCALHOST",
                &value,
                fault,
                "ENDPOINT=https://id.example.com",
            ));
        }
        let admin = UrlSet {
            endpoint: address(reader, "ADMIN_ENDPOINT", false)?,
            localhost: listen.admin_port.map(localhost),
        };
        Ok(Self {
            cloud: cloud(reader, localhost)?,
            known: known(&core, &admin),
            core,
            admin,
        })
    }

    /// The tenant that answers at this origin; `None` when no tenant does.
    ///
    /// Whatever is not an address of `admin` is `default`, unless the tenants have their own host names.
    pub fn tenant_of_origin(&self, origin: &str) -> Option<String> {
        if let Some(tenant) = self.known.get(origin) {
            return Some((*tenant).to_owned());
        }
        let origin = origin_of(origin)?;
        if self.admin.holds(&origin) {
            return Some("admin".to_owned());
        }
        match self.pattern() {
            None => Some("default".to_owned()),
            Some((before, after)) => match origin
                .strip_prefix(&*before)
                .and_then(|rest| rest.strip_suffix(&*after))
            {
                Some(id) if !id.is_empty() && id.bytes().all(is_tenant_byte) => Some(id.to_owned()),
                _ => (origin_of(self.core.localhost.as_deref()?)? == origin)
                    .then(|| "default".to_owned()),
            },
        }
    }

    /// The public base address of a tenant, without a trailing slash; `None` when the tenant `admin` is turned off.
    pub fn endpoint(&self, tenant: &str) -> Option<String> {
        if tenant == "admin" {
            return self.admin.primary().map(str::to_owned);
        }
        self.core
            .primary()
            .map(|address| address.replacen('*', tenant, 1))
    }

    /// `iss` of a tenant's tokens.
    pub fn issuer(&self, tenant: &str) -> Option<String> {
        self.endpoint(tenant)
            .map(|endpoint| format!("{endpoint}/oidc"))
    }

    /// Whether tenants are told apart by host name.
    pub fn is_domain_based(&self) -> bool {
        self.core
            .endpoint
            .as_deref()
            .is_some_and(|address| address.contains('*'))
    }

    fn pattern(&self) -> Option<(String, String)> {
        let address = self
            .core
            .endpoint
            .as_deref()
            .filter(|address| address.contains('*'))?;
        // The URL parser refuses `*` in a host; `x-any-x` keeps its place.
        let origin = origin_of(&address.replacen('*', PLACE, 1))?;
        origin
            .split_once(PLACE)
            .map(|(before, after)| (before.to_owned(), after.to_owned()))
    }
}

const PLACE: &str = "x-any-x";

fn is_tenant_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
}

/// `scheme://host[:port]` in its normal form: lower case, without the scheme's own port.
/// The origins of both sets; `admin` goes first where they share one.
fn known(core: &UrlSet, admin: &UrlSet) -> HashMap<String, &'static str> {
    let origins = |set: &UrlSet, tenant| {
        let fixed = set
            .all()
            .into_iter()
            .filter(|address| !address.contains('*'));
        let origins: Vec<_> = fixed.filter_map(origin_of).collect();
        origins.into_iter().map(move |origin| (origin, tenant))
    };
    origins(core, "default")
        .chain(origins(admin, "admin"))
        .collect()
}

fn origin_of(address: &str) -> Option<String> {
    let origin = Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

fn cloud(reader: &Reader<'_>, localhost: impl Fn(u16) -> String) -> Result<UrlSet, ConfigError> {
    let endpoint = address(reader, "CLOUD_ENDPOINT", false)?;
    let closed = reader.flag("CLOUD_DISABLE_LOCALHOST", false)?;
    // Logto adds localhost:3003 to every installation; here only to those that say they want it.
    let port = port(reader, "CLOUD_PORT")?
        .or(endpoint.as_ref().map(|_| 3003))
        .filter(|_| !closed);
    Ok(UrlSet {
        endpoint,
        localhost: port.map(localhost),
    })
}

fn address(
    reader: &Reader<'_>,
    name: &'static str,
    may_have_star: bool,
) -> Result<Option<String>, ConfigError> {
    let Some(text) = reader.text(name) else {
        return Ok(None);
    };
    let wrong = |fault: &str| reader.wrong(name, &text, fault);
    let host_has_star = text
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .is_some_and(|host| host.contains('*'));
    if text.contains('*') && !(may_have_star && host_has_star && text.matches('*').count() == 1) {
        return Err(wrong(
            "which may hold one * at most, in the host name of ENDPOINT",
        ));
    }
    let url = Url::parse(&text.replacen('*', PLACE, 1))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| wrong("which is not an http or https address"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("which has a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("which has a user name or password"));
    }
    Ok(Some(
        url.as_str().trim_end_matches('/').replacen(PLACE, "*", 1),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::load;

    #[test]
    fn the_tenant_is_chosen_by_origin_and_everything_unknown_is_default() {
        let addresses = load(&[
            ("ENDPOINT", "https://id.example.com/"),
            ("ADMIN_ENDPOINT", "https://Admin.example.com:443"),
        ])
        .unwrap()
        .addresses;
        let cases = [
            ("https://id.example.com", "default"),
            ("https://admin.example.com", "admin"),
            ("https://ADMIN.example.com:443", "admin"),
            ("http://admin.example.com", "default"),
            ("http://localhost:3002", "admin"),
            ("http://localhost:3001", "default"),
            ("http://10.0.0.7:3001", "default"),
            ("https://admin.example.com.evil.example", "default"),
        ];
        for (origin, tenant) in cases {
            assert_eq!(
                addresses.tenant_of_origin(origin).as_deref(),
                Some(tenant),
                "{origin}"
            );
        }
        assert_eq!(
            addresses.endpoint("default").as_deref(),
            Some("https://id.example.com")
        );
        assert_eq!(
            addresses.issuer("admin").as_deref(),
            Some("https://admin.example.com/oidc")
        );
        assert_eq!(addresses.tenant_of_origin("nonsense"), None);
    }

    #[test]
    fn a_star_in_the_host_name_stands_for_the_tenant() {
        let addresses = load(&[("ENDPOINT", "https://*.id.example.com")])
            .unwrap()
            .addresses;
        assert!(addresses.is_domain_based());
        assert_eq!(
            addresses.endpoint("acme").as_deref(),
            Some("https://acme.id.example.com")
        );
        let cases = [
            ("https://acme.id.example.com", Some("acme")),
            ("http://acme.id.example.com", None),
            ("https://id.example.com", None),
            ("https://.id.example.com", None),
            ("https://a.b.id.example.com", None),
            ("http://localhost:3001", Some("default")),
            ("http://localhost:3002", Some("admin")),
        ];
        for (origin, tenant) in cases {
            assert_eq!(
                addresses.tenant_of_origin(origin).as_deref(),
                tenant,
                "{origin}"
            );
        }
    }

    #[test]
    fn a_star_elsewhere_is_refused() {
        for (name, value) in [
            ("ENDPOINT", "https://id.example.com/*"),
            ("ENDPOINT", "https://*.*.example.com"),
            ("ENDPOINT", "*://id.example.com"),
            ("ADMIN_ENDPOINT", "https://*.example.com"),
        ] {
            assert!(load(&[(name, value)]).is_err(), "{name}={value}");
        }
    }

    #[test]
    fn without_localhost_and_endpoint_there_is_no_admin_tenant() {
        let addresses = load(&[("ADMIN_DISABLE_LOCALHOST", "1")]).unwrap().addresses;
        assert_eq!(addresses.endpoint("admin"), None);
        assert_eq!(
            addresses
                .tenant_of_origin("http://localhost:3002")
                .as_deref(),
            Some("default")
        );
        let addresses = load(&[
            ("ADMIN_DISABLE_LOCALHOST", "1"),
            ("ADMIN_ENDPOINT", "https://admin.example.com"),
        ])
        .unwrap()
        .addresses;
        assert_eq!(
            addresses
                .tenant_of_origin("https://admin.example.com")
                .as_deref(),
            Some("admin")
        );
    }

    #[test]
    fn an_address_may_have_a_path() {
        let addresses = load(&[("ENDPOINT", "https://example.com/id/")])
            .unwrap()
            .addresses;
        assert_eq!(
            addresses.issuer("default").as_deref(),
            Some("https://example.com/id/oidc")
        );
    }

    #[test]
    fn cloud_addresses_exist_only_when_asked_for() {
        assert_eq!(load(&[]).unwrap().addresses.cloud.all(), Vec::<&str>::new());
        let cloud = load(&[("CLOUD_ENDPOINT", "https://cloud.example.com")])
            .unwrap()
            .addresses
            .cloud;
        assert_eq!(
            cloud.all(),
            ["https://cloud.example.com", "http://localhost:3003"]
        );
    }
}
