//! People who sign in once and then keep their applications busy.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    http::{Answer, Connection, Request},
    process::Hufu,
};

const PASSWORD: &str = "a-long-Passphrase-7";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT: &str = "https%3A%2F%2Fchat.example.com%2Fcallback";

/// One signed-in browser with an application of its own.
pub(crate) struct Browser {
    client_id: String,
    cookies: Vec<(String, String)>,
}

/// How often something was done.
pub(crate) struct Rate {
    /// Per second of the server's processor time.
    pub(crate) per_cpu_second: f64,
    /// Per second of the clock, with the load program on the same processors.
    pub(crate) per_second: f64,
}

/// Registers a public application and signs `count` people in through the pages.
pub(crate) async fn signed_in(hufu: &Hufu, count: usize) -> Result<Vec<Browser>> {
    let application = hufu.run(&[
        "app",
        "create",
        "--preset",
        "native",
        "--name",
        "bench",
        "--url",
        "https://chat.example.com",
        "--json",
    ])?;
    let client_id = application
        .get("id")
        .and_then(|id| id.as_str())
        .context("no id")?
        .to_owned();
    hufu.has_noticed().await;
    let mut browsers = Vec::new();
    for number in 0..count {
        let username = format!("bench_{number}");
        hufu.run(&[
            "user",
            "create",
            "--username",
            &username,
            "--password",
            PASSWORD,
            "--json",
        ])?;
        let mut browser = Browser {
            client_id: client_id.clone(),
            cookies: Vec::new(),
        };
        browser
            .sign_in(&mut hufu.connect().await?, &username)
            .await?;
        browsers.push(browser);
    }
    Ok(browsers)
}

impl Browser {
    async fn sign_in(&mut self, connection: &mut Connection, username: &str) -> Result<()> {
        let mut answer = self
            .go(connection, Request::get(self.authorization()))
            .await?;
        while answer.status == 303 || answer.status == 302 {
            let next = path_of(answer.location()?);
            answer = self.go(connection, Request::get(&next)).await?;
        }
        let page = answer.text();
        let action = between(&page, "action=\"", "\"")
            .context("no form")?
            .replace("&amp;", "&");
        let csrf = between(&page, "name=\"csrf\" value=\"", "\"").context("no csrf field")?;
        let form = format!("csrf={csrf}&identifier={username}&password={PASSWORD}");
        let mut answer = self
            .go(connection, Request::form(path_of(&action), form))
            .await?;
        while answer.status == 303 && !answer.location()?.starts_with("https://chat.example.com") {
            answer = self
                .go(connection, Request::get(path_of(answer.location()?)))
                .await?;
        }
        ensure!(
            answer.location()?.contains("code="),
            "no code in {}",
            answer.location()?
        );
        Ok(())
    }

    fn authorization(&self) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        format!(
            "/oidc/auth?client_id={}&redirect_uri={REDIRECT}&response_type=code&scope=openid+profile+offline_access&state=x&code_challenge={challenge}&code_challenge_method=S256",
            self.client_id
        )
    }

    /// From the authorization request to the tokens, over a live session.
    async fn code_flow(&mut self, connection: &mut Connection) -> Result<Answer> {
        let answer = self
            .go(connection, Request::get(self.authorization()))
            .await?;
        let location = answer.location()?;
        let code = between(location, "code=", "&").with_context(|| location.to_owned())?;
        let form = format!(
            "grant_type=authorization_code&client_id={}&redirect_uri={REDIRECT}&code_verifier={VERIFIER}&code={code}",
            self.client_id
        );
        let answer = connection.send(&Request::form("/oidc/token", form)).await?;
        ensure!(answer.status == 200, "{}", answer.text());
        Ok(answer)
    }

    async fn refresh(&self, connection: &mut Connection, token: &str) -> Result<String> {
        let form = format!(
            "grant_type=refresh_token&client_id={}&refresh_token={token}",
            self.client_id
        );
        let answer = connection.send(&Request::form("/oidc/token", form)).await?;
        ensure!(answer.status == 200, "{}", answer.text());
        answer.member("refresh_token")
    }

    async fn go(&mut self, connection: &mut Connection, request: Request) -> Result<Answer> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = connection
            .send(&request.with("cookie", cookies.join("; ")))
            .await?;
        for set in answer.headers.get_all("set-cookie") {
            let (name, value) = set
                .to_str()?
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .context("no cookie")?;
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Ok(answer)
    }
}

/// Whole code flows, one after the other in every browser.
pub(crate) async fn code_flows(hufu: &Hufu, browsers: &[Browser], load: Duration) -> Result<Rate> {
    measured(hufu, browsers, load, async |browser, connection, _| {
        browser.code_flow(connection).await?;
        Ok(String::new())
    })
    .await
}

/// Rotating refreshes, one after the other in every browser.
pub(crate) async fn refreshes(hufu: &Hufu, browsers: &[Browser], load: Duration) -> Result<Rate> {
    measured(hufu, browsers, load, async |browser, connection, token| {
        if token.is_empty() {
            return browser.code_flow(connection).await?.member("refresh_token");
        }
        browser.refresh(connection, &token).await
    })
    .await
}

async fn measured<F>(hufu: &Hufu, browsers: &[Browser], load: Duration, step: F) -> Result<Rate>
where
    F: AsyncFn(&mut Browser, &mut Connection, String) -> Result<String>,
{
    let (before, started) = (hufu.cpu_seconds(), Instant::now());
    let runs = browsers.iter().map(|browser| async {
        let mut browser = Browser {
            client_id: browser.client_id.clone(),
            cookies: browser.cookies.clone(),
        };
        let mut connection = hufu.connect().await?;
        let (mut memory, mut done) = (String::new(), 0u32);
        while started.elapsed() < load {
            memory = step(&mut browser, &mut connection, memory).await?;
            done += 1;
        }
        Ok::<u32, anyhow::Error>(done)
    });
    let done: u32 = futures_util::future::try_join_all(runs)
        .await?
        .into_iter()
        .sum();
    let per_second = f64::from(done) / started.elapsed().as_secs_f64();
    Ok(Rate {
        per_cpu_second: f64::from(done) / (hufu.cpu_seconds() - before),
        per_second,
    })
}

fn path_of(address: &str) -> String {
    match address.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|slash| rest.get(slash..))
            .unwrap_or("/")
            .to_owned(),
        None => address.to_owned(),
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end).map_or(rest, |(found, _)| found))
}
