//! How a request reached us: its public address, its sender, and the id it is logged under.

use std::{
    net::{IpAddr, SocketAddr},
    panic::resume_unwind,
};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, header, uri::Authority},
    response::Response,
};

use crate::{app::App, audit, config::Proxies};

const REQUEST_ID: HeaderName = HeaderName::from_static("logto-core-request-id");

tokio::task_local! {
    static CURRENT: (String, Sender);
}

/// Who sent a request.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    /// The address, looked through trusted proxies.
    pub ip: Option<IpAddr>,
    /// What the sender calls its program.
    pub user_agent: Option<HeaderValue>,
}

/// What is known of a request before anything of it is believed.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// `scheme://host[:port]` as the browser sees it.
    pub origin: String,
    /// Whether the browser's connection is encrypted: cookies are then `Secure`.
    pub https: bool,
    /// The sender's address, looked through trusted proxies.
    pub ip: IpAddr,
}

/// A request under way: its id, and who sent it.
#[derive(Debug)]
pub struct Arrival {
    id: String,
    sender: Sender,
}

impl Arrival {
    /// Runs the answering of the request, which may then ask for [`request_id`] and [`Sender::current`]; the response carries the id.
    pub async fn answer(self, answering: impl Future<Output = Response>) -> Response {
        let answering = audit::scope(answering);
        let scope = (self.id.clone(), self.sender.clone());
        let response = CURRENT.scope(scope, answering).await;
        self.stamp(response)
    }

    /// The response with the id of its request.
    pub fn stamp(self, mut response: Response) -> Response {
        if let Ok(value) = HeaderValue::try_from(self.id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
}

/// Marks the request with [`Arriving`].
pub fn mark(app: &App, request: &mut Request) -> Arrival {
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    let peer = Peer {
        // Tests call the router without a connection.
        address: address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
        tls: app.config().listen.tls.is_some(),
    };
    let arriving = arriving(
        request.headers(),
        request.uri().authority(),
        &peer,
        &app.config().proxies,
    );
    let sender = Sender {
        ip: Some(arriving.ip),
        user_agent: request.headers().get(header::USER_AGENT).cloned(),
    };
    request.extensions_mut().insert(arriving);
    Arrival {
        id: app.random_id(16),
        sender,
    }
}

/// The id of the request being answered: what an internal error shows in place of its cause.
pub fn request_id() -> String {
    CURRENT.try_with(|(id, _)| id.clone()).unwrap_or_default()
}

/// Does work of the request being answered to its end, even when the sender goes away and nobody waits for the answer any more.
pub async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let scope = (request_id(), Sender::current());
    let done = tokio::spawn(CURRENT.scope(scope, audit::scope(work))).await;
    // Nobody cancels it: it ended or it panicked.
    done.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

impl Sender {
    /// Who sent the request being answered.
    pub fn current() -> Self {
        CURRENT
            .try_with(|(_, sender)| sender.clone())
            .unwrap_or_default()
    }

    /// What the sender calls its program.
    pub fn agent(&self) -> Option<&str> {
        self.user_agent.as_ref()?.to_str().ok()
    }
}

/// The other end of the connection.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether we terminated TLS on this connection.
    pub tls: bool,
}

/// Reads the public address and the sender. Forwarded headers count only from a trusted proxy (T48).
pub fn arriving(
    headers: &HeaderMap,
    authority: Option<&Authority>,
    peer: &Peer,
    proxies: &Proxies,
) -> Arriving {
    let trusted = proxies.trusts(peer.address.ip());
    let forwarded = |name: &str| trusted.then(|| headers.get(name)?.to_str().ok()).flatten();
    let host = forwarded("x-forwarded-host")
        .and_then(|list| list.split(',').next())
        .map(str::trim)
        .or_else(|| headers.get(header::HOST)?.to_str().ok())
        .or(authority.map(Authority::as_str))
        .unwrap_or_default();
    let https = match forwarded("x-forwarded-proto")
        .and_then(|list| list.split(',').next())
        .map(str::trim)
    {
        Some(scheme) => scheme.eq_ignore_ascii_case("https"),
        None => peer.tls,
    };
    let ip = forwarded("x-forwarded-for").map_or(peer.address.ip(), |list| {
        sender(list, peer.address.ip(), proxies)
    });
    let scheme = if https { "https" } else { "http" };
    Arriving {
        origin: format!("{scheme}://{}", host.to_ascii_lowercase()),
        https,
        ip,
    }
}

/// The last address of the list that is not a trusted proxy: what stands before it could be forged.
fn sender(list: &str, peer: IpAddr, proxies: &Proxies) -> IpAddr {
    let mut sender = peer;
    for entry in list.rsplit(',') {
        let Ok(ip) = entry.trim().parse() else { break };
        sender = ip;
        if !proxies.trusts(ip) {
            break;
        }
    }
    sender
}
