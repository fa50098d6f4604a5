use super::*;
use crate::{
    client::ApplicationType::Traditional,
    samples::{client, session},
};

const URI: &str = "https://chat.example.com/bye";

/// Decides for the session of `ann`; the application `chat` has registered [`URI`], and the hint reads `subject`.
fn over_session(query: &str, subject: Option<&str>) -> Decision {
    decided(query, subject, Some(&session()))
}

fn decided(query: &str, subject: Option<&str>, session: Option<&Session>) -> Decision {
    let request = LogoutRequest::parse(query);
    let hint = subject.map(|subject| Hint {
        subject: subject.to_owned(),
        client_id: "chat".to_owned(),
        session_id: None,
    });
    let mut chat = client(Traditional);
    chat.post_logout_redirect_uris = vec![
        URI.to_owned(),
        "https://chat.example.com/bye?a=b&c=d".to_owned(),
    ];
    let found = request
        .client(hint.as_ref())
        .filter(|id| *id == "chat")
        .map(|_| &chat);
    decide(
        &request,
        hint.as_ref(),
        found,
        session,
        &["ann", "annie", "ann@example.com"],
    )
}

fn end(redirect: &str) -> Decision {
    Decision::End {
        redirect: Some(redirect.to_owned()),
    }
}

const END_HERE: Decision = Decision::End { redirect: None };
const ASK: Decision = Decision::Ask { redirect: None };

#[test]
fn with_the_persons_own_id_token_the_session_ends_and_the_browser_returns() {
    let query = format!("id_token_hint=t&post_logout_redirect_uri={URI}&state=s%201");
    assert_eq!(
        over_session(&query, Some("ann")),
        end("https://chat.example.com/bye?state=s+1")
    );
    let query = format!("id_token_hint=t&post_logout_redirect_uri={URI}");
    assert_eq!(over_session(&query, Some("ann")), end(URI));
    assert_eq!(over_session("id_token_hint=t", Some("ann")), END_HERE);
}

#[test]
fn a_client_id_alone_is_enough() {
    assert_eq!(over_session("client_id=chat", None), END_HERE);
    let query = format!("client_id=chat&post_logout_redirect_uri={URI}");
    assert_eq!(over_session(&query, None), end(URI));
    for absent in ["None", "null", "undefined", ""] {
        assert_eq!(
            over_session(&format!("{query}&id_token_hint={absent}"), None),
            end(URI),
            "{absent}"
        );
    }
}

#[test]
fn an_address_that_is_not_registered_ends_the_session_without_redirect() {
    for uri in [
        "https://evil.com",
        "https://chat.example.com/bye?foo=bar",
        "https://chat.example.com/callback",
        "javascript:alert(1)",
    ] {
        let query = format!("id_token_hint=t&post_logout_redirect_uri={uri}");
        assert_eq!(over_session(&query, Some("ann")), END_HERE, "{uri}");
        assert_eq!(
            over_session(
                &format!("client_id=chat&post_logout_redirect_uri={uri}"),
                None
            ),
            END_HERE,
            "{uri}"
        );
    }
}

#[test]
fn without_a_proven_client_the_person_is_asked_and_never_sent_away() {
    let address = format!("post_logout_redirect_uri={URI}");
    for query in [
        "",
        "state=s",
        &address,
        &format!("{address}&id_token_hint=None"),
        &format!("{address}&client_id=unknown"),
    ] {
        assert_eq!(over_session(query, None), ASK, "{query}");
        assert_eq!(decided(query, None, None), END_HERE, "{query}");
    }
}

#[test]
fn t27_a_hint_of_another_person_or_client_or_without_our_signature_only_asks() {
    let query = format!("id_token_hint=t&post_logout_redirect_uri={URI}");
    assert_eq!(
        over_session(&query, Some("bob")),
        Decision::Ask {
            redirect: Some(URI.to_owned())
        }
    );
    assert_eq!(over_session(&query, None), ASK, "unreadable");
    assert_eq!(
        over_session(&format!("{query}&client_id=other"), Some("ann")),
        ASK
    );
}

#[test]
fn logout_hint_is_any_name_of_the_person_or_the_session() {
    for hint in ["ann", "annie", "Ann@Example.com", "s23456789012345678901"] {
        assert_eq!(
            over_session(&format!("client_id=chat&logout_hint={hint}"), None),
            END_HERE,
            "{hint}"
        );
    }
    assert_eq!(over_session("client_id=chat&logout_hint=bob", None), ASK);
}

#[test]
fn without_a_session_there_is_nothing_to_end() {
    let query = format!("client_id=chat&post_logout_redirect_uri={URI}");
    assert_eq!(decided(&query, None, None), end(URI));
    assert_eq!(decided("client_id=chat", None, None), END_HERE);
}

#[test]
fn an_address_written_without_encoding_is_put_together_again() {
    let whole = "https://chat.example.com/bye?a=b&c=d";
    let raw = format!("id_token_hint=t&post_logout_redirect_uri={whole}");
    assert_eq!(over_session(&raw, Some("ann")), end(whole));
    assert_eq!(
        over_session(&format!("{raw}&state=s"), Some("ann")),
        end("https://chat.example.com/bye?a=b&c=d&state=s")
    );
    let encoded = format!(
        "client_id=chat&post_logout_redirect_uri={}",
        "https%3A%2F%2Fchat.example.com%2Fbye%3Fa%3Db%26c%3Dd"
    );
    assert_eq!(over_session(&encoded, None), end(whole));
    let shorter = format!("client_id=chat&post_logout_redirect_uri={URI}&c=d");
    assert_eq!(over_session(&shorter, None), end(URI));
}

#[test]
fn a_logout_token_has_the_claims_of_back_channel_logout_section_2_4() {
    let session = session();
    let ended = Ended {
        user_id: &session.user_id,
        session_id: &session.id,
    };
    let claims = logout_token(
        "https://id.example.com/oidc",
        "chat",
        ended,
        "j",
        Time(1_000),
    );
    assert_eq!(
        Value::Object(claims),
        json!({
            "iss": "https://id.example.com/oidc", "sub": "ann", "aud": "chat", "iat": 1_000, "exp": 1_120, "jti": "j",
            "sid": "s23456789012345678901",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        })
    );
}
