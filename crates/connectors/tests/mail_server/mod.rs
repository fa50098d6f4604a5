//! A mail server on loopback that speaks SMTP and keeps what it gets.

use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};

/// An e-mail that came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Who signed in.
    pub login: Option<String>,
    /// Headers and text.
    pub data: String,
}

impl Mail {
    pub(crate) fn header(&self, name: &str) -> &str {
        let (headers, _) = self.data.split_once("\r\n\r\n").unwrap();
        let start = format!("{name}: ");
        let line = headers.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("no {name} in {headers}"))
    }

    /// The text. Of what quoted-printable encodes (RFC 2045 §6.7) soft line breaks and `=` are decoded.
    pub(crate) fn body(&self) -> String {
        let body = self.data.split_once("\r\n\r\n").unwrap().1;
        if self.data.contains("quoted-printable") {
            return body.replace("=\r\n", "").replace("=3D", "=");
        }
        body.to_owned()
    }
}

/// What a server says first.
pub(crate) const GREETING: &str = "220 mail.test ESMTP\r\n";

/// Takes every e-mail, except for recipients called `full`.
#[derive(Clone, Default)]
pub(crate) struct MailServer {
    pub port: u16,
    login: Option<(String, String)>,
    mails: Arc<Mutex<Vec<Mail>>>,
    logins: Arc<Mutex<usize>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        Self::listen(None).await
    }

    /// One that asks for a password.
    pub(crate) async fn with_login(user: &str, password: &str) -> Self {
        Self::listen(Some((user.to_owned(), password.to_owned()))).await
    }

    async fn listen(login: Option<(String, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            login,
            ..Self::default()
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.talk(stream, GREETING, false).await });
            }
        });
        server
    }

    /// The e-mails that came since the last look.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        std::mem::take(&mut self.mails.lock().unwrap())
    }

    /// How often somebody tried to sign in.
    pub(crate) fn logins(&self) -> usize {
        *self.logins.lock().unwrap()
    }

    /// Speaks with a client until it leaves; gives the stream back when it is to be encrypted.
    pub(crate) async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        greeting: &str,
        offers_tls: bool,
    ) -> std::io::Result<Option<S>> {
        let mut stream = BufReader::new(stream);
        stream.write_all(greeting.as_bytes()).await?;
        let mut mail = Mail::default();
        let mut login = None;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(None);
            }
            let command = line.trim_end();
            let verb = command.split_once([' ', ':']);
            let answer = match verb.map_or(command, |(verb, _)| verb) {
                "EHLO" if offers_tls => "250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN",
                "EHLO" => "250-mail.test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                "STARTTLS" if offers_tls => {
                    stream.write_all(b"220 go on\r\n").await?;
                    return Ok(Some(stream.into_inner()));
                }
                "AUTH" => self.authenticate(command, &mut login),
                "QUIT" => "221 bye",
                "MAIL" if self.login.is_some() && login.is_none() => "530 sign in first",
                "MAIL" => {
                    mail = Mail {
                        from: path(command),
                        login: login.clone(),
                        ..Mail::default()
                    };
                    "250 ok"
                }
                "RCPT" if path(command).starts_with("full@") => "552 the mailbox is full",
                "RCPT" => {
                    mail.to.push(path(command));
                    "250 ok"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    mail.data = data(&mut stream).await?;
                    self.mails.lock().unwrap().push(mail.clone());
                    "250 taken"
                }
                _ => "502 unknown",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }

    fn authenticate(&self, command: &str, login: &mut Option<String>) -> &'static str {
        *self.logins.lock().unwrap() += 1;
        let response = command.strip_prefix("AUTH PLAIN ").unwrap_or_default();
        let response = String::from_utf8(STANDARD.decode(response).unwrap()).unwrap();
        let parts: Vec<_> = response.split('\0').collect();
        match &self.login {
            Some((user, password)) if parts == ["", user, password] => {
                *login = Some(user.clone());
                "235 welcome"
            }
            _ => "535 wrong",
        }
    }
}

/// What stands between `<` and `>`.
fn path(command: &str) -> String {
    let (_, rest) = command.split_once('<').unwrap_or_default();
    rest.split('>').next().unwrap_or_default().to_owned()
}

/// Everything until the line with nothing but a dot; dots that were doubled are single again (RFC 5321 §4.5.2).
async fn data<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut data = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
