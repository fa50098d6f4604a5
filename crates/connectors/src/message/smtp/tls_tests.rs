use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivatePkcs8KeyDer},
};

use super::tests::{config, try_to_send};
use crate::mail_server::{GREETING, MailServer};

/// A mail server with a certificate for `mail.test` that nobody signed.
struct Encrypting {
    server: MailServer,
    certificate: String,
}

impl Encrypting {
    /// With TLS from the first byte on, or after STARTTLS.
    async fn start(from_the_first_byte: bool) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["mail.test".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut server = MailServer::with_login("mailer", "s3cret").await;
        server.port = listener.local_addr().unwrap().port();
        let (serving, acceptor) = (server.clone(), TlsAcceptor::from(Arc::new(tls)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, acceptor) = (serving.clone(), acceptor.clone());
                tokio::spawn(async move {
                    if from_the_first_byte {
                        let stream = acceptor.accept(stream).await?;
                        return server.talk(stream, GREETING, false).await.map(drop);
                    }
                    if let Some(stream) = server.talk(stream, GREETING, true).await? {
                        let stream = acceptor.accept(stream).await?;
                        server.talk(stream, "", false).await?;
                    }
                    Ok(())
                });
            }
        });
        let text = STANDARD.encode(certificate.der());
        Self {
            server,
            certificate: format!(
                "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
            ),
        }
    }

    async fn send(&self, more: Value) -> Result<(), String> {
        let mut settings = json!({ "auth": { "user": "mailer", "pass": "s3cret" } });
        let members = settings.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        try_to_send(&config(&self.server, settings), "ann@people.test").await
    }
}

#[tokio::test]
async fn a_message_travels_encrypted_to_a_server_that_is_known() {
    for from_the_first_byte in [true, false] {
        let mail = Encrypting::start(from_the_first_byte).await;
        let known = json!({
            "secure": from_the_first_byte,
            "requireTLS": true,
            "servername": "mail.test",
            "tls": { "ca": mail.certificate },
        });
        mail.send(known).await.unwrap();
        let arrived = mail.server.mails().pop().unwrap();
        assert_eq!(arrived.login.as_deref(), Some("mailer"));
    }
}

#[tokio::test]
async fn the_password_is_not_told_to_a_server_that_is_not_known() {
    for from_the_first_byte in [true, false] {
        let mail = Encrypting::start(from_the_first_byte).await;
        for settings in [
            json!({ "servername": "mail.test" }),
            json!({ "servername": "other.test", "tls": { "ca": mail.certificate } }),
            json!({ "tls": { "ca": mail.certificate } }),
        ] {
            let mut settings = settings;
            settings["secure"] = from_the_first_byte.into();
            let error = mail.send(settings).await.unwrap_err();
            assert!(error.starts_with("connector.general"), "{error}");
        }
        assert_eq!(mail.server.logins(), 0);
    }
}

#[tokio::test]
async fn the_operator_may_trust_any_certificate() {
    let mail = Encrypting::start(false).await;
    let trusting = json!({ "tls": { "rejectUnauthorized": false } });
    mail.send(trusting).await.unwrap();
    assert_eq!(mail.server.mails().len(), 1);
}
