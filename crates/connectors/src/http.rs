//! The guarded HTTP client: it calls public addresses only, unless the operator listed others, and nothing it meets can make
//! it wait or read for ever.
//!
//! The address is checked where the connection is made: the resolver gives only addresses that passed, so a name whose answer
//! changes between check and connection gains nothing. Redirects are not followed; the caller sees them.

mod address;

use std::{
    collections::HashMap,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Certificate, Client, Method, RequestBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    header::HeaderMap,
    redirect::Policy,
};
use thiserror::Error;
use url::{Host, Url};

pub use address::is_public;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(5);
/// The most that is read of an answer, in bytes.
const MOST: usize = 1024 * 1024;

/// Whether a host at an address may be called although the address is not public.
pub type Allow = dyn Fn(&str, IpAddr) -> bool + Send + Sync;

/// A client for every call to the outside; clones share connections.
#[derive(Clone)]
pub struct Guarded {
    allow: Arc<Allow>,
    /// Trusted besides the authorities of the system.
    authorities: Arc<[Certificate]>,
    /// Made at the first call: most servers never make one.
    client: Arc<OnceLock<Client>>,
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guarded")
    }
}

/// The addresses of a name, unless one of them may not be called.
async fn lookup(allow: &Allow, host: &str, port: u16) -> Result<Vec<SocketAddr>, LookupFailed> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    let may_call = |address: &SocketAddr| is_public(address.ip()) || allow(host, address.ip());
    // One private address among public ones is an attack or a mistake: none of them is called.
    if found.is_empty() || !found.iter().all(may_call) {
        return Err(LookupFailed::Private(PrivateAddress));
    }
    Ok(found)
}

/// Why a name has no addresses for us.
#[derive(Debug, Error)]
enum LookupFailed {
    #[error(transparent)]
    Unknown(#[from] std::io::Error),
    #[error(transparent)]
    Private(#[from] PrivateAddress),
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, by lower-case name.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum CallFailed {
    /// The address cannot be called by anybody: it is not http or https, or carries a user name.
    #[error("{0} is not an http or https address without user name")]
    Address(String),
    /// The host is at an address that is not public, and the operator did not list it.
    #[error("{0} is at a private address; list it in HUFU_OUTBOUND_ALLOW if it may be called")]
    Private(String),
    /// The name has no address.
    #[error("the host {0} is unknown")]
    Unknown(String),
    /// The answer was longer than is read.
    #[error("the answer of {0} is too long")]
    TooLong(String),
    /// The other side could not be reached, or was too slow.
    #[error("{host} did not answer")]
    NoAnswer {
        /// Whom we called.
        host: String,
        /// Why, as the library says it.
        #[source]
        source: reqwest::Error,
    },
}

/// What is sent besides the address.
#[derive(Debug, Default)]
pub struct Call<'a> {
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// A form to post; without one it is a GET.
    pub form: Option<&'a [(String, String)]>,
    /// The most that is read of the answer, in bytes, where that is less than usual.
    pub most: Option<usize>,
}

/// A file of certificates that cannot be used.
#[derive(Debug, Error)]
#[error("it holds no certificate of an authority in PEM form")]
pub struct NoAuthorities;

impl Guarded {
    /// A client that calls public addresses and those that `allow` admits.
    pub fn new(allow: impl Fn(&str, IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self {
            allow: Arc::new(allow),
            authorities: Arc::default(),
            client: Arc::default(),
        }
    }

    /// Trusts the authorities of this PEM text as well as those of the system.
    ///
    /// # Errors
    /// When it holds none, or one that cannot be read.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, NoAuthorities> {
        let authorities = Certificate::from_pem_bundle(pem).map_err(|_| NoAuthorities)?;
        if authorities.is_empty() {
            return Err(NoAuthorities);
        }
        let trusting = Self {
            authorities: authorities.into(),
            client: Arc::default(),
            ..self
        };
        trusting.client().map_err(|_| NoAuthorities)?;
        Ok(trusting)
    }

    /// Gets an address.
    pub async fn get(&self, address: &str) -> Result<Answer, CallFailed> {
        self.call(address, Call::default()).await
    }

    /// Posts a form.
    pub async fn post_form(
        &self,
        address: &str,
        form: &[(String, String)],
    ) -> Result<Answer, CallFailed> {
        self.call(
            address,
            Call {
                form: Some(form),
                ..Call::default()
            },
        )
        .await
    }

    /// Calls an address.
    pub async fn call(&self, address: &str, call: Call<'_>) -> Result<Answer, CallFailed> {
        let url = self.checked(address)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let method = if call.form.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = self
            .client()
            .map_err(|source| failed(&host, source))?
            .request(method, url)
            .header("user-agent", "Hufu");
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(form) = call.form {
            request = request.form(form);
        }
        send(request, host, call.most.unwrap_or(MOST)).await
    }

    /// Posts bytes with these headers, as they are, and waits `timeout` at most.
    pub async fn post(
        &self,
        address: &str,
        headers: HeaderMap,
        body: Vec<u8>,
        timeout: Duration,
    ) -> Result<Answer, CallFailed> {
        let url = self.checked(address)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let client = self.client().map_err(|source| failed(&host, source))?;
        let request = client.post(url).headers(headers);
        send(request.body(body).timeout(timeout), host, MOST).await
    }

    /// Where a host is, for what speaks another protocol than HTTP: addresses that may be called, and at least one.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, CallFailed> {
        let found = lookup(&*self.allow, host, port).await;
        found.map_err(|failed| match failed {
            LookupFailed::Unknown(_) => CallFailed::Unknown(host.to_owned()),
            LookupFailed::Private(_) => CallFailed::Private(host.to_owned()),
        })
    }

    /// The address, unless it can be refused by its look alone. Names are checked when they are resolved.
    fn checked(&self, address: &str) -> Result<Url, CallFailed> {
        let wrong = || CallFailed::Address(address.chars().take(200).collect());
        let url = Url::parse(address).map_err(|_| wrong())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none();
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return Err(wrong()),
        };
        if !plain {
            return Err(wrong());
        }
        let host = url.host_str().unwrap_or_default();
        match ip {
            Some(ip) if !is_public(ip) && !(self.allow)(host, ip) => {
                Err(CallFailed::Private(host.to_owned()))
            }
            _ => Ok(url),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the client that everybody else is sent to"
    )]
    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let resolver = Checking {
            allow: self.allow.clone(),
        };
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .dns_resolver(Arc::new(resolver))
            .tls_certs_merge(self.authorities.iter().cloned())
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

async fn send(request: RequestBuilder, host: String, most: usize) -> Result<Answer, CallFailed> {
    let mut response = request
        .send()
        .await
        .map_err(|source| failed(&host, source))?;
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|source| failed(&host, source))?
    {
        if body.len() + chunk.len() > most {
            return Err(CallFailed::TooLong(host));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status,
        headers,
        body,
    })
}

fn failed(host: &str, source: reqwest::Error) -> CallFailed {
    let mut cause: Option<&dyn std::error::Error> = Some(&source);
    while let Some(error) = cause {
        if error.is::<PrivateAddress>() {
            return CallFailed::Private(host.to_owned());
        }
        cause = error.source();
    }
    CallFailed::NoAnswer {
        host: host.to_owned(),
        source,
    }
}

/// A name resolved to nothing but addresses that may not be called.
#[derive(Debug, Error)]
#[error("no address that may be called")]
struct PrivateAddress;

/// Resolves names and lets only addresses through that may be called.
struct Checking {
    allow: Arc<Allow>,
}

impl Resolve for Checking {
    fn resolve(&self, name: Name) -> Resolving {
        let allow = self.allow.clone();
        Box::pin(async move {
            let found = lookup(&*allow, name.as_str(), 0)
                .await
                .map_err(|failed| match failed {
                    LookupFailed::Unknown(error) => {
                        Box::<dyn std::error::Error + Send + Sync>::from(error)
                    }
                    LookupFailed::Private(private) => private.into(),
                })?;
            let checked: Addrs = Box::new(found.into_iter());
            Ok(checked)
        })
    }
}

#[cfg(test)]
mod tests;
