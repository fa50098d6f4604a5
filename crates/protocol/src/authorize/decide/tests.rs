use super::*;
use crate::{
    authorize::request::{Hints, ResponseMode, ReturnTo},
    client::ApplicationType::Traditional,
    prompt::Prompt,
    samples::{client, session},
};

const NOW: Time = Time(1_000);

fn request(prompt: &str) -> AuthorizationRequest {
    AuthorizationRequest {
        client_id: "chat".to_owned(),
        return_to: ReturnTo {
            redirect_uri: "https://chat.example.com/callback".to_owned(),
            response_mode: ResponseMode::Query,
            state: None,
        },
        names_redirect_uri: true,
        scope: ScopeSet::parse("openid email"),
        resources: vec![],
        nonce: None,
        code_challenge: None,
        prompt: Prompt::parse(prompt).unwrap(),
        max_age: None,
        subject: Subject::Anyone,
        claims: None,
        hints: Hints::default(),
    }
}

/// Decides for a first-party application over the live session of `ann`, after `progress`.
fn over_session(request: &AuthorizationRequest, progress: &Progress) -> Decision {
    let session = session();
    let standing = Standing {
        session: Some(&session),
        user_is_active: true,
        is_admitted: true,
        consent: None,
        progress,
    };
    decide(request, &client(Traditional), standing, NOW)
}

fn without_session(request: &AuthorizationRequest) -> Decision {
    let standing = Standing {
        session: None,
        user_is_active: false,
        is_admitted: true,
        consent: None,
        progress: &Progress::default(),
    };
    decide(request, &client(Traditional), standing, NOW)
}

/// As if the person had just signed in for this request.
fn signed_in() -> Progress {
    Progress {
        signed_in: Some(session().id),
        ..Progress::default()
    }
}

fn sign_in(reason: Reason) -> Decision {
    Decision::SignIn {
        reason,
        screen: FirstScreen::SignIn,
    }
}

fn refusal(decision: Decision) -> ErrorCode {
    match decision {
        Decision::Refuse(error) => error.code,
        other => panic!("{other:?} is no refusal"),
    }
}

#[test]
fn a_live_session_is_answered_silently() {
    for prompt in ["", "none", "consent"] {
        let decision = over_session(&request(prompt), &Progress::default());
        assert_eq!(decision, Decision::Issue, "{prompt}");
    }
}

#[test]
fn without_a_session_the_person_signs_in_or_the_silent_request_fails() {
    for prompt in ["", "login", "consent", "select_account"] {
        assert_eq!(
            without_session(&request(prompt)),
            sign_in(Reason::NoSession),
            "{prompt}"
        );
    }
    assert_eq!(
        refusal(without_session(&request("none"))),
        ErrorCode::LoginRequired
    );
}

#[test]
fn t26_an_expired_session_or_a_suspended_account_is_no_session() {
    let progress = Progress::default();
    let mut old = session();
    old.expires_at = NOW;
    for (session, user_is_active) in [(&old, true), (&session(), false)] {
        let standing = Standing {
            session: Some(session),
            user_is_active,
            is_admitted: true,
            consent: None,
            progress: &progress,
        };
        let decision = decide(&request(""), &client(Traditional), standing, NOW);
        assert_eq!(decision, sign_in(Reason::NoSession));
        let decision = decide(&request("none"), &client(Traditional), standing, NOW);
        assert_eq!(refusal(decision), ErrorCode::LoginRequired);
    }
}

#[test]
fn t29_prompt_login_really_asks_and_is_satisfied_once_it_was_done_here() {
    let request = request("login");
    assert_eq!(
        over_session(&request, &Progress::default()),
        sign_in(Reason::Prompt)
    );
    let elsewhere = Progress {
        signed_in: Some("another session".to_owned()),
        ..Progress::default()
    };
    assert_eq!(over_session(&request, &elsewhere), sign_in(Reason::Prompt));
    assert_eq!(over_session(&request, &signed_in()), Decision::Issue);
}

#[test]
fn t29_select_account_asks_and_is_satisfied_by_a_choice_or_a_sign_in() {
    let request = request("select_account");
    assert_eq!(
        over_session(&request, &Progress::default()),
        Decision::SelectAccount
    );
    let chosen = Progress {
        chose_account: Some(session().id),
        ..Progress::default()
    };
    assert_eq!(over_session(&request, &chosen), Decision::Issue);
    assert_eq!(over_session(&request, &signed_in()), Decision::Issue);
}

#[test]
fn create_shows_the_registration_page_over_any_session() {
    let mut request = request("create");
    request.hints.first_screen = FirstScreen::Register;
    let register = Decision::SignIn {
        reason: Reason::Prompt,
        screen: FirstScreen::Register,
    };
    assert_eq!(over_session(&request, &Progress::default()), register);
    assert_eq!(over_session(&request, &signed_in()), Decision::Issue);
}

#[test]
fn max_age_asks_again_when_the_sign_in_is_older() {
    // ann signed in at 900, and it is 1000.
    for (max_age, fresh) in [
        (0, false),
        (1, false),
        (99, false),
        (100, true),
        (10_000, true),
    ] {
        let mut request = request("");
        request.max_age = Some(max_age);
        let expected = if fresh {
            Decision::Issue
        } else {
            sign_in(Reason::MaxAge)
        };
        assert_eq!(
            over_session(&request, &Progress::default()),
            expected,
            "{max_age}"
        );
        assert_eq!(
            over_session(&request, &signed_in()),
            Decision::Issue,
            "{max_age}"
        );
        request.prompt = Prompt::parse("none").unwrap();
        let silent = over_session(&request, &Progress::default());
        if fresh {
            assert_eq!(silent, Decision::Issue);
        } else {
            assert_eq!(refusal(silent), ErrorCode::LoginRequired);
        }
    }
}

#[test]
fn a_hint_at_another_person_asks_once_and_then_fails() {
    let mut request = request("");
    request.subject = Subject::Only("ann".to_owned());
    assert_eq!(
        over_session(&request, &Progress::default()),
        Decision::Issue
    );

    request.subject = Subject::Only("bob".to_owned());
    assert_eq!(
        over_session(&request, &Progress::default()),
        sign_in(Reason::OtherPerson)
    );
    assert_eq!(
        refusal(over_session(&request, &signed_in())),
        ErrorCode::LoginRequired
    );
    request.prompt = Prompt::parse("none").unwrap();
    assert_eq!(
        refusal(over_session(&request, &Progress::default())),
        ErrorCode::LoginRequired
    );
}

#[test]
fn an_unreadable_hint_stops_only_the_silent_request() {
    let mut request = request("");
    request.subject = Subject::Unknown;
    assert_eq!(
        over_session(&request, &Progress::default()),
        Decision::Issue
    );
    request.prompt = Prompt::parse("none").unwrap();
    assert_eq!(
        refusal(over_session(&request, &Progress::default())),
        ErrorCode::LoginRequired
    );
}

/// Decides for a third-party application.
fn third_party(
    request: &AuthorizationRequest,
    before: Option<&Consent>,
    progress: &Progress,
) -> Decision {
    let mut client = client(Traditional);
    client.is_third_party = true;
    let session = session();
    let standing = Standing {
        session: Some(&session),
        user_is_active: true,
        is_admitted: true,
        consent: before,
        progress,
    };
    decide(request, &client, standing, NOW)
}

fn consent(scope: &str, resources: &[&str]) -> Consent {
    Consent {
        scope: ScopeSet::parse(scope),
        resources: resources.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_third_party_application_needs_consent_for_what_it_did_not_have() {
    let mut request = request("");
    request.resources = vec!["https://api".to_owned()];
    let none = Progress::default();
    let rows = [
        (None, Some(consent("openid email", &["https://api"]))),
        (
            Some(consent("openid", &[])),
            Some(consent("email", &["https://api"])),
        ),
        (Some(consent("openid email phone", &["https://api"])), None),
    ];
    for (before, missing) in rows {
        let expected = missing.map_or(Decision::Issue, |missing| Decision::Consent { missing });
        assert_eq!(
            third_party(&request, before.as_ref(), &none),
            expected,
            "{before:?}"
        );
    }
}

#[test]
fn consent_is_given_for_one_request_in_one_session() {
    let request = request("consent");
    let before = consent("openid email", &[]);
    let everything = Decision::Consent {
        missing: before.clone(),
    };
    assert_eq!(
        third_party(&request, Some(&before), &Progress::default()),
        everything
    );
    assert_eq!(
        third_party(&request, Some(&before), &signed_in()),
        everything
    );
    let mut progress = Progress {
        consented: Some(session().id),
        ..Progress::default()
    };
    assert_eq!(
        third_party(&request, Some(&before), &progress),
        Decision::Issue
    );
    progress.consented = Some("another session".to_owned());
    assert_eq!(third_party(&request, Some(&before), &progress), everything);
}

#[test]
fn a_silent_request_without_consent_fails_with_consent_required() {
    let request = request("none");
    let none = Progress::default();
    assert_eq!(
        refusal(third_party(&request, None, &none)),
        ErrorCode::ConsentRequired
    );
    let before = consent("openid email", &[]);
    assert_eq!(third_party(&request, Some(&before), &none), Decision::Issue);
}

#[test]
fn what_was_allowed_adds_up() {
    let mut request = request("");
    request.resources = vec!["https://api".to_owned()];
    let sum = consent("openid phone", &["https://api"]).extended(&request);
    assert_eq!(sum, consent("openid phone email", &["https://api"]));
}

#[test]
fn a_person_whom_access_control_keeps_out_is_told_so_after_signing_in_and_choosing() {
    let outsider = |prompt: &str, progress: &Progress| {
        let session = session();
        let standing = Standing {
            session: Some(&session),
            user_is_active: true,
            is_admitted: false,
            consent: None,
            progress,
        };
        decide(&request(prompt), &client(Traditional), standing, NOW)
    };
    let none = Progress::default();
    for (prompt, progress) in [("", &none), ("none", &none), ("login", &signed_in())] {
        assert_eq!(
            refusal(outsider(prompt, progress)),
            ErrorCode::AccessDenied,
            "{prompt}"
        );
    }
    assert_eq!(
        outsider("login", &none),
        sign_in(Reason::Prompt),
        "as somebody else"
    );
    assert_eq!(outsider("select_account", &none), Decision::SelectAccount);
}
