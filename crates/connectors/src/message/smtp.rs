//! E-mail by SMTP (`contract/logto-core.md` §8.8; RFC 5321, STARTTLS RFC 3207).

mod config;

use std::{net::SocketAddr, time::Duration};

use aws_lc_rs::rand;
use identity::message::Template;
use lettre::{
    Address, Message as Mail,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
    },
};
use serde_json::{Map, Value};

use self::config::{Auth, Config};
use crate::{error::ConnectorError, http::Guarded};

/// How long everything may take: somebody waits at a page.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends one e-mail with a connection of its own.
pub(super) async fn send(
    http: &Guarded,
    config: &Map<String, Value>,
    to: &str,
    template: &Template,
) -> Result<(), ConnectorError> {
    let config = Config::read(config)?;
    let mail = compose(&config, to, template)?;
    let login = login(http, &config.auth).await?;
    let addresses = http.resolve(&config.host, config.port).await?;
    let delivery = deliver(&config, &addresses, &mail, login);
    match tokio::time::timeout(TIMEOUT, delivery).await {
        Ok(done) => done,
        Err(_) => Err(ConnectorError::NotSent(
            "the mail server took too long".to_owned(),
        )),
    }
}

/// How we prove who we are; `None` where the server does not ask.
type Login = Option<(Credentials, &'static [Mechanism])>;

async fn deliver(
    config: &Config,
    addresses: &[SocketAddr],
    mail: &Mail,
    login: Login,
) -> Result<(), ConnectorError> {
    let hello = ClientId::Domain(config.hello());
    let connect = Some(CONNECT_TIMEOUT.min(config.connection_timeout()));
    let tls = config.secure.then(|| tls_parameters(config)).transpose()?;
    let mut connection = AsyncSmtpConnection::connect_tokio1(addresses, connect, &hello, tls, None)
        .await
        .map_err(not_sent)?;
    let may_encrypt = !config.secure && !config.ignore_tls && connection.can_starttls();
    if may_encrypt || config.require_tls && !config.secure {
        connection
            .starttls(tls_parameters(config)?, &hello)
            .await
            .map_err(not_sent)?;
    }
    if let Some((credentials, mechanisms)) = login {
        connection
            .auth(mechanisms, &credentials)
            .await
            .map_err(not_sent)?;
    }
    connection
        .send(mail.envelope(), &mail.formatted())
        .await
        .map_err(not_sent)?;
    // The message is taken: how the server says farewell changes nothing.
    drop(connection.quit().await);
    Ok(())
}

/// The keys by which the server is known: the system's, and those that the configuration names.
fn tls_parameters(config: &Config) -> Result<TlsParameters, ConnectorError> {
    let wrong = |error: lettre::transport::smtp::Error| {
        ConnectorError::InvalidConfig(format!("tls: {error}"))
    };
    let name = config.servername.as_ref().unwrap_or(&config.host);
    let takes_any = config.tls.reject_unauthorized == Some(false);
    let mut tls = TlsParameters::builder(name.clone())
        .dangerous_accept_invalid_certs(takes_any)
        .dangerous_accept_invalid_hostnames(takes_any);
    if let Some(authorities) = &config.tls.ca {
        let authorities = Certificate::from_pem(authorities.as_bytes()).map_err(wrong)?;
        tls = tls.add_root_certificate(authorities);
    }
    tls.build_rustls().map_err(wrong)
}

async fn login(http: &Guarded, auth: &Auth) -> Result<Login, ConnectorError> {
    const PASSWORD: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];
    const TOKEN: &[Mechanism] = &[Mechanism::Xoauth2];
    let user = auth.user.clone().unwrap_or_default();
    if auth.kind.as_deref() == Some("oauth2") {
        let token = auth.token(http).await?;
        return Ok(Some((Credentials::new(user, token), TOKEN)));
    }
    let password = auth.pass.clone().unwrap_or_default();
    let has_login = !user.is_empty() || !password.is_empty();
    Ok(has_login.then(|| (Credentials::new(user, password), PASSWORD)))
}

/// The e-mail with its headers. Sender and answers are as the template says, else as the configuration does.
fn compose(config: &Config, to: &str, template: &Template) -> Result<Mail, ConnectorError> {
    let mailbox = |what: &str, text: &str| {
        let wrong = |_| ConnectorError::InvalidConfig(format!("{what} is no e-mail address"));
        text.parse::<Mailbox>().map_err(wrong)
    };
    let sender = template.send_from.as_ref().unwrap_or(&config.from_email);
    let from = mailbox("the sender", sender)?;
    let to = to
        .parse::<Address>()
        .map_err(|_| ConnectorError::NotSent("the recipient is no e-mail address".to_owned()))?;
    let id = message_id(from.email.domain())?;
    let mut mail = Mail::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .message_id(Some(id));
    if let Some(answers) = template.reply_to.as_ref().or(config.reply_to.as_ref()) {
        mail = mail.reply_to(mailbox("the address for answers", answers)?);
    }
    for (name, value) in config.headers() {
        mail = mail.raw_header(HeaderValue::new(header_name(name)?, value));
    }
    let content = template.content.clone();
    let part = if template.is_html() {
        SinglePart::html(content)
    } else {
        SinglePart::plain(content)
    };
    let mail = mail.subject(template.subject.clone()).singlepart(part);
    mail.map_err(|error| ConnectorError::NotSent(error.to_string()))
}

fn header_name(name: &str) -> Result<HeaderName, ConnectorError> {
    HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| ConnectorError::InvalidConfig(format!("{name:?} is no name of a header")))
}

/// Some servers take no e-mail without one, and make their own from the address of the container.
fn message_id(domain: &str) -> Result<String, ConnectorError> {
    let mut id = [0; 16];
    rand::fill(&mut id).map_err(|_| ConnectorError::NotSent("no random bytes".to_owned()))?;
    Ok(format!("<{:032x}@{domain}>", u128::from_ne_bytes(id)))
}

fn not_sent(error: lettre::transport::smtp::Error) -> ConnectorError {
    let cause = std::error::Error::source(&error);
    let text = cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    ConnectorError::NotSent(text)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
