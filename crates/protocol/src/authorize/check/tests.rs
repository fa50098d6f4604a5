use proptest::prelude::*;

use super::*;
use crate::{
    client::ApplicationType::{MachineToMachine, Native, Spa, Traditional},
    jose::{KeyStatus, TokenType, test_keys},
    samples::client,
};

const ISSUER: &str = "https://id.example.com/oidc";
const GOOD: &str = "client_id=chat&redirect_uri=https://chat.example.com/callback&response_type=code&scope=openid&state=s";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Checks a whole request: `Err(None)` means a page, `Err(Some(…))` a redirect.
fn check(
    client: &Client,
    query: &str,
) -> Result<AuthorizationRequest, (Option<Refused>, ErrorCode)> {
    let keys = KeyRing::new(vec![(KeyStatus::Current, test_keys::es384())]);
    check_with(client, query, &keys, None)
}

fn check_with(
    client: &Client,
    query: &str,
    keys: &KeyRing,
    default_resource: Option<&str>,
) -> Result<AuthorizationRequest, (Option<Refused>, ErrorCode)> {
    let (api, management) = (ScopeSet::parse("read write"), ScopeSet::parse("all"));
    let organizations = ScopeSet::parse("invite");
    let scopes_of = |indicator: &str| match indicator {
        "https://api" | "https://other" => Some(&api),
        "https://default.logto.app/api" => Some(&management),
        "urn:logto:resource:organizations" => Some(&organizations),
        _ => None,
    };
    let server = Server {
        issuer: ISSUER,
        keys,
        default_resource,
        scopes_of: &scopes_of,
    };
    let parameters = Parameters::parse(query);
    let untrusted = Untrusted::new(&parameters);
    let page = |error: OAuthError| (None, error.code);
    assert_eq!(untrusted.client_id().map_err(page)?, client.id);
    let trusted = untrusted.trust(client).map_err(page)?;
    trusted.check(&server, Time(1_000)).map_err(|refused| {
        let code = refused.error.code;
        (Some(refused), code)
    })
}

fn good(query: &str) -> AuthorizationRequest {
    check(&client(Traditional), query).unwrap()
}

/// The error the application is told.
fn redirected(client: &Client, query: &str) -> (ErrorCode, ReturnTo) {
    match check(client, query) {
        Err((Some(refused), code)) => (code, refused.return_to),
        other => panic!("{query}: no redirect but {other:?}"),
    }
}

fn refused(query: &str) -> ErrorCode {
    redirected(&client(Traditional), query).0
}

fn shown_on_a_page(client: &Client, query: &str) -> ErrorCode {
    match check(client, query) {
        Err((None, code)) => code,
        other => panic!("{query}: no page but {other:?}"),
    }
}

#[test]
fn a_plain_request_of_the_code_flow_is_read() {
    let request = good(&format!(
        "{GOOD}&nonce=n&max_age=60&login_hint=ann&ui_locales=fr+en&code_challenge={CHALLENGE}&code_challenge_method=S256"
    ));
    assert_eq!(request.client_id, "chat");
    assert_eq!(
        request.return_to.redirect_uri,
        "https://chat.example.com/callback"
    );
    assert_eq!(request.return_to.state.as_deref(), Some("s"));
    assert_eq!(request.return_to.response_mode, ResponseMode::Query);
    assert!(request.names_redirect_uri);
    assert_eq!(request.nonce.as_deref(), Some("n"));
    assert_eq!(request.max_age, Some(60));
    assert_eq!(request.hints.login_hint.as_deref(), Some("ann"));
    assert_eq!(request.hints.ui_locales.as_deref(), Some("fr en"));
    assert_eq!(request.code_challenge.as_deref(), Some(CHALLENGE));
    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(
        serde_json::from_str::<AuthorizationRequest>(&stored).unwrap(),
        request
    );
}

#[test]
fn t06_no_error_is_sent_to_an_address_that_is_not_registered() {
    let client = client(Traditional);
    for query in [
        "client_id=chat&response_type=code&redirect_uri=https://evil.com/cb",
        "client_id=chat&response_type=code&redirect_uri=https://evil.com/cb&prompt=none",
        "client_id=chat&redirect_uri=https://evil.com/cb",
        "client_id=chat&redirect_uri=https://evil.com/cb&request=x",
        "client_id=chat&redirect_uri=https://evil.com/cb&response_mode=form_post.jwt",
        "client_id=chat&response_type=code&redirect_uri=https://chat.example.com/callback&redirect_uri=https://evil.com",
        "client_id=chat&response_type=code&redirect_uri=https://chat.example.com/callback%00",
        "client_id=chat&response_type=code&redirect_uri=https://chat.example.com/callback?x",
        "client_id=chat&client_id=chat&response_type=code&redirect_uri=https://chat.example.com/callback",
        "response_type=code&redirect_uri=https://chat.example.com/callback",
    ] {
        assert_eq!(
            shown_on_a_page(&client, query),
            ErrorCode::InvalidRequest,
            "{query}"
        );
    }
}

#[test]
fn redirect_uri_may_be_left_out_when_exactly_one_is_registered() {
    let mut client = client(Traditional);
    let query = "client_id=chat&response_type=code";
    let request = check(&client, query).unwrap();
    assert!(!request.names_redirect_uri);
    assert_eq!(
        request.return_to.redirect_uri,
        "https://chat.example.com/callback"
    );

    client.redirect_uris = vec!["https://*.example.com/callback".to_owned()];
    assert_eq!(shown_on_a_page(&client, query), ErrorCode::InvalidRequest);
    client.redirect_uris = vec!["https://a/".to_owned(), "https://b/".to_owned()];
    assert_eq!(shown_on_a_page(&client, query), ErrorCode::InvalidRequest);
    client.redirect_uris = vec![];
    assert_eq!(shown_on_a_page(&client, query), ErrorCode::InvalidRequest);
}

#[test]
fn t09_request_objects_are_refused_by_name_and_never_fetched() {
    for (parameter, code) in [
        ("request=e30.e30.", ErrorCode::RequestNotSupported),
        (
            "request_uri=https://evil.com/r",
            ErrorCode::RequestUriNotSupported,
        ),
        ("registration=%7B%7D", ErrorCode::RegistrationNotSupported),
    ] {
        assert_eq!(refused(&format!("{GOOD}&{parameter}")), code);
        let without_address = format!("client_id=chat&response_type=code&{parameter}");
        assert_eq!(
            shown_on_a_page(&client(Traditional), &without_address),
            code
        );
    }
}

#[test]
fn t08_duplicate_parameters_are_refused_where_the_application_hears_it() {
    for name in [
        "state",
        "scope",
        "nonce",
        "response_type",
        "response_mode",
        "prompt",
        "max_age",
        "claims",
        "code_challenge",
        "code_challenge_method",
        "id_token_hint",
        "login_hint",
    ] {
        assert_eq!(
            refused(&format!("{GOOD}&{name}=x&{name}=x")),
            ErrorCode::InvalidRequest,
            "{name}"
        );
    }
    let (_, return_to) = redirected(&client(Traditional), &format!("{GOOD}&state=t"));
    assert_eq!(return_to.state, None, "neither state is believed");
}

#[test]
fn unknown_parameters_are_ignored() {
    good(&format!(
        "{GOOD}&extra=foobar&extra=twice&claims_locales=se&display=popup&acr_values=1+2"
    ));
}

#[test]
fn response_type_is_code() {
    let base = "client_id=chat&redirect_uri=https://chat.example.com/callback&state=s";
    let (code, return_to) = redirected(&client(Traditional), base);
    assert_eq!(code, ErrorCode::InvalidRequest, "missing");
    assert_eq!(return_to.response_mode, ResponseMode::Query);
    assert_eq!(return_to.state.as_deref(), Some("s"));
    for (response_type, mode) in [
        ("id_token", ResponseMode::Fragment),
        ("code%20id_token", ResponseMode::Fragment),
        ("token", ResponseMode::Fragment),
        ("none", ResponseMode::Query),
        ("CODE", ResponseMode::Query),
    ] {
        let (code, return_to) = redirected(
            &client(Traditional),
            &format!("{base}&response_type={response_type}"),
        );
        assert_eq!(
            (code, return_to.response_mode),
            (ErrorCode::UnsupportedResponseType, mode),
            "{response_type}"
        );
    }
}

#[test]
fn t07_unknown_response_modes_are_refused_in_the_query() {
    for mode in ["form_post.jwt", "query.jwt", "jwt", "web_message", "x"] {
        let (code, return_to) = redirected(
            &client(Traditional),
            &format!("{GOOD}&response_mode={mode}"),
        );
        assert_eq!(code, ErrorCode::InvalidRequest, "{mode}");
        assert_eq!(return_to.response_mode, ResponseMode::Query, "{mode}");
    }
    for (mode, read) in [
        ("query", ResponseMode::Query),
        ("fragment", ResponseMode::Fragment),
        ("form_post", ResponseMode::FormPost),
    ] {
        assert_eq!(
            good(&format!("{GOOD}&response_mode={mode}"))
                .return_to
                .response_mode,
            read
        );
        let (_, return_to) = redirected(
            &client(Traditional),
            &format!("{GOOD}&response_mode={mode}&prompt=x"),
        );
        assert_eq!(return_to.response_mode, read, "errors too");
    }
}

#[test]
fn t13_public_clients_must_use_pkce_with_s256() {
    let with = |rest: &str| format!("{GOOD}&{rest}");
    for kind in [Native, Spa] {
        assert_eq!(redirected(&client(kind), GOOD).0, ErrorCode::InvalidRequest);
        let good = with(&format!(
            "code_challenge={CHALLENGE}&code_challenge_method=S256"
        ));
        assert!(check(&client(kind), &good).is_ok());
    }
    assert_eq!(
        good(GOOD).code_challenge,
        None,
        "optional for confidential clients"
    );
    for bad in [
        format!("code_challenge={CHALLENGE}"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=s256"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=S512"),
        "code_challenge=short&code_challenge_method=S256".to_owned(),
        "code_challenge_method=S256".to_owned(),
        "code_challenge=&code_challenge_method=S256".to_owned(),
    ] {
        assert_eq!(refused(&with(&bad)), ErrorCode::InvalidRequest, "{bad}");
    }
}

#[test]
fn a_machine_may_not_sign_people_in() {
    assert_eq!(
        redirected(&client(MachineToMachine), GOOD).0,
        ErrorCode::UnauthorizedClient
    );
}

#[test]
fn t53_scopes_that_nobody_knows_are_dropped() {
    let scope_of = |query: &str| good(query).scope.to_string();
    let base = "client_id=chat&response_type=code";
    assert_eq!(
        scope_of(&format!(
            "{base}&scope=openid+offline_access+nonsense+roles"
        )),
        "openid offline_access roles"
    );
    assert_eq!(scope_of(&format!("{base}&scope=openid+read")), "openid");
    assert_eq!(
        scope_of(&format!("{base}&scope=openid+read&resource=https://api")),
        "openid read"
    );
    assert_eq!(
        scope_of(&format!("{base}&scope={}", "x+".repeat(10_000))),
        ""
    );
    assert_eq!(scope_of(base), "");
}

#[test]
fn t39_a_third_party_application_is_kept_from_account_and_management() {
    let mut client = client(Traditional);
    client.is_third_party = true;
    client.user_scopes = ScopeSet::parse("profile email");
    for (scope, is_allowed) in [
        ("openid+offline_access+profile+email", true),
        ("openid+urn:logto:scope:sessions", false),
        ("openid+phone", false),
        ("openid+roles", false),
        ("openid+nonsense", true),
    ] {
        let query = GOOD.replace("scope=openid", &format!("scope={scope}"));
        if is_allowed {
            assert!(check(&client, &query).is_ok(), "{scope}");
        } else {
            assert_eq!(
                redirected(&client, &query).0,
                ErrorCode::InvalidScope,
                "{scope}"
            );
        }
    }
    let query = GOOD.replace(
        "scope=openid",
        "scope=openid+all&resource=https://default.logto.app/api",
    );
    assert_eq!(check(&client, &query).unwrap().scope.to_string(), "openid");
    client.is_third_party = false;
    assert_eq!(
        check(&client, &query).unwrap().scope.to_string(),
        "openid all"
    );
}

#[test]
fn t22_resource_and_audience_are_one_list_of_known_indicators() {
    let resources = |rest: &str| good(&format!("{GOOD}&{rest}")).resources;
    assert_eq!(resources("audience=https://api"), ["https://api"]);
    assert_eq!(
        resources("resource=https://api&resource=https://other"),
        ["https://api", "https://other"]
    );
    assert_eq!(
        resources("audience=https://api,https://other"),
        ["https://api", "https://other"]
    );
    assert_eq!(
        resources("audience=https://api&resource=https://api"),
        ["https://api"]
    );
    assert_eq!(
        resources("audience=https://api+https://id.example.com/oidc/me"),
        ["https://api"]
    );
    assert!(resources("resource=urn:logto:resource:organizations").is_empty());
    for unknown in ["https://nowhere", "chat", "https://id.example.com/oidc"] {
        assert_eq!(
            refused(&format!("{GOOD}&audience={unknown}")),
            ErrorCode::InvalidTarget,
            "{unknown}"
        );
    }
    let mut client = client(Traditional);
    let by_tenant = |client: &Client| {
        let keys = KeyRing::new(vec![]);
        check_with(client, GOOD, &keys, Some("https://other"))
            .unwrap()
            .resources
    };
    assert_eq!(by_tenant(&client), ["https://other"]);
    client.default_resource = Some("https://api".to_owned());
    assert_eq!(check(&client, GOOD).unwrap().resources, ["https://api"]);
    assert_eq!(by_tenant(&client), ["https://api"], "its own goes first");
    let named = check(&client, &format!("{GOOD}&resource=https://other")).unwrap();
    assert_eq!(named.resources, ["https://other"]);
}

#[test]
fn max_age_is_a_number_of_seconds() {
    assert_eq!(good(&format!("{GOOD}&max_age=0")).max_age, Some(0));
    for bad in ["-1", "+1", "1.5", "x", "99999999999999999999"] {
        assert_eq!(
            refused(&format!("{GOOD}&max_age={}", bad.replace('+', "%2B"))),
            ErrorCode::InvalidRequest,
            "{bad}"
        );
    }
}

#[test]
fn the_claims_parameter_is_an_object_of_claim_requests() {
    let claims = |json: &str| {
        let parameters = Parameters::parse(GOOD).with("claims", json);
        check(&client(Traditional), &parameters.to_query())
    };
    let request = claims(r#"{"userinfo":{"name":{"essential":true},"email":null},"id_token":{"auth_time":{"essential":true}},"x":1}"#).unwrap();
    let read = request.claims.unwrap();
    assert_eq!(
        (read.userinfo, read.id_token),
        (
            vec!["name".to_owned(), "email".to_owned()],
            vec!["auth_time".to_owned()]
        )
    );
    let request = claims(r#"{"id_token":{"sub":{"value":"ann"}}}"#).unwrap();
    assert_eq!(request.subject, Subject::Only("ann".to_owned()));

    let many = format!(
        "{{\"userinfo\":{{{}}}}}",
        (0..101)
            .map(|n| format!("\"c{n}\":null"))
            .collect::<Vec<_>>()
            .join(",")
    );
    let deep = "[".repeat(8_000);
    for bad in [
        "x",
        "[]",
        "\"a\"",
        r#"{"userinfo":[]}"#,
        r#"{"userinfo":{"name":1}}"#,
        r#"{"id_token":"sub"}"#,
        &many,
        &deep,
        &" ".repeat(9_000),
    ] {
        let (_, code) = claims(bad).unwrap_err();
        assert_eq!(
            code,
            ErrorCode::InvalidRequest,
            "{}",
            bad.get(..20).unwrap_or(bad)
        );
    }
}

#[test]
fn id_token_hint_names_the_person_meant() {
    let key = test_keys::es384();
    let keys = KeyRing::new(vec![(KeyStatus::Current, key.clone())]);
    let claims = serde_json::json!({"iss": ISSUER, "sub": "ann", "aud": "chat", "exp": 5});
    let token = key.sign(TokenType::IdToken, &claims).unwrap();
    for (hint, subject) in [
        (&*token, Subject::Only("ann".to_owned())),
        ("", Subject::Anyone),
        ("None", Subject::Anyone),
        ("null", Subject::Anyone),
        ("a.b.c", Subject::Unknown),
    ] {
        let query = format!("{GOOD}&id_token_hint={hint}");
        assert_eq!(
            check_with(&client(Traditional), &query, &keys, None)
                .unwrap()
                .subject,
            subject,
            "{hint}"
        );
    }
}

#[test]
fn hints_for_the_pages_are_copied_and_wrong_ones_passed_over() {
    let hints = good(&format!("{GOOD}&first_screen=register&identifier=email+phone&direct_sign_in=social:github&one_time_token=t&organization_id=o")).hints;
    assert_eq!(hints.first_screen, FirstScreen::Register);
    assert_eq!(hints.identifier, ["email", "phone"]);
    assert_eq!(
        hints.direct_sign_in,
        Some(DirectSignIn::Social("github".to_owned()))
    );
    assert_eq!(
        (
            hints.one_time_token.as_deref(),
            hints.organization_id.as_deref()
        ),
        (Some("t"), Some("o"))
    );
    let hints = good(&format!(
        "{GOOD}&first_screen=x&identifier=email+x&direct_sign_in=x&screen_hint=signup"
    ))
    .hints;
    assert_eq!(hints.first_screen, FirstScreen::Register);
    assert!(hints.identifier.is_empty() && hints.direct_sign_in.is_none());
}

proptest! {
    #[test]
    fn t06_whatever_is_sent_an_answer_goes_to_the_registered_address_or_nowhere(
        pairs in prop::collection::vec((
            prop::sample::select(vec!["redirect_uri", "state", "response_mode", "response_type", "prompt", "request_uri", "claims", "max_age"]),
            "(https://chat\\.example\\.com/callback|https://evil\\.com|code|none|form_post|\\PC{0,12})",
        ), 0..6),
    ) {
        let parameters: Parameters = [("client_id", "chat".to_owned())].into_iter().chain(pairs).collect();
        if let Ok(request) = check(&client(Traditional), &parameters.to_query()).map(|request| request.return_to)
            .or_else(|(refused, _)| refused.map(|refused| refused.return_to).ok_or(())) {
            prop_assert_eq!(request.redirect_uri, "https://chat.example.com/callback");
        }
    }
}

#[test]
fn organization_scopes_are_kept_where_organization_tokens_are_asked_for() {
    let kept = |scope: &str| {
        let query = format!("{}&scope={scope}", GOOD.replace("&scope=openid", ""));
        good(&query).scope.to_string()
    };
    assert_eq!(
        kept("openid+urn:logto:scope:organizations+invite+pay"),
        "openid urn:logto:scope:organizations invite"
    );
    assert_eq!(kept("openid+invite"), "openid");
}

#[test]
fn a_device_that_signs_in_by_codes_is_refused_here() {
    let mut device = client(Native);
    device.is_device_flow = true;
    let (code, _) = redirected(
        &device,
        &format!("{GOOD}&code_challenge={CHALLENGE}&code_challenge_method=S256"),
    );
    assert_eq!(code, ErrorCode::UnauthorizedClient);
}
