//! `grant_type=refresh_token`.

use serde_json::Value;

use crate::support::{ANN, API, OTHER_API, TestServer, decoded};

const OFFLINE: &str = "openid profile email offline_access";
const DAY: i64 = 86_400;

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[tokio::test]
async fn a_refresh_gives_a_fresh_id_token_with_the_old_auth_time() {
    let server = TestServer::start().await;
    let first = server.tokens("chat", OFFLINE).await;
    server.advance(1800);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token(&first)),
        ("scope", OFFLINE), // LibreChat repeats it
    ];
    let answer = server.token("chat", &form).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let second = answer.ok();
    assert_eq!(second["scope"], OFFLINE);
    assert_ne!(first["access_token"], second["access_token"]);
    let ((_, before), (_, after)) = (decoded(&first["id_token"]), decoded(&second["id_token"]));
    for same in [
        "iss",
        "sub",
        "aud",
        "auth_time",
        "sid",
        "name",
        "email",
        "amr",
    ] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["iat"].as_i64(), Some(server.now().0));
    assert_eq!(
        second["refresh_token"], first["refresh_token"],
        "confidential clients keep it at first"
    );
}

#[tokio::test]
async fn confidential_clients_rotate_after_70_percent() {
    let server = TestServer::start().await;
    let first = server.tokens("chat", OFFLINE).await;
    server.advance(10 * DAY);
    let second = server.refresh("chat", refresh_token(&first)).await.ok();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    server.advance(13 * DAY); // beyond the end of the first
    server.refresh("chat", refresh_token(&second)).await.ok();
}

#[tokio::test]
async fn an_application_in_the_browser_inherits_the_remaining_life() {
    let server = TestServer::start().await;
    let first = server.tokens("spa", OFFLINE).await;
    server.advance(13 * DAY);
    let second = server.refresh("spa", refresh_token(&first)).await.ok();
    server.advance(DAY);
    server
        .refresh("spa", refresh_token(&second))
        .await
        .refused(400, "invalid_grant");

    let first = server.tokens("native", OFFLINE).await;
    server.advance(13 * DAY);
    let second = server.refresh("native", refresh_token(&first)).await.ok();
    server.advance(DAY);
    server.refresh("native", refresh_token(&second)).await.ok();
}

#[tokio::test]
async fn t16_within_60_seconds_the_old_token_answers_with_the_same_successor() {
    let server = TestServer::start().await;
    let first = server.tokens("spa", OFFLINE).await;
    let second = server.refresh("spa", refresh_token(&first)).await.ok();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    server.advance(60);
    let again = server.refresh("spa", refresh_token(&first)).await.ok();
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    assert!(again["id_token"].is_string());
    server.refresh("spa", refresh_token(&second)).await.ok();
}

#[tokio::test]
async fn t16_reuse_after_the_grace_kills_the_family() {
    let server = TestServer::start().await;
    let first = server.tokens("spa", OFFLINE).await;
    let second = server.refresh("spa", refresh_token(&first)).await.ok();
    server.advance(61);
    server
        .refresh("spa", refresh_token(&first))
        .await
        .refused(400, "invalid_grant");
    server
        .refresh("spa", refresh_token(&second))
        .await
        .refused(400, "invalid_grant");
    let access_token = second["access_token"].as_str().unwrap();
    server
        .userinfo(access_token)
        .await
        .refused(401, "invalid_token");
}

#[tokio::test]
async fn a_client_that_does_not_rotate_keeps_its_token() {
    let server = TestServer::start().await;
    server
        .change("spa", |application| {
            application.custom_client_metadata.rotate_refresh_token = Some(false);
        })
        .await;
    let first = server.tokens("spa", OFFLINE).await;
    for _ in 0..3 {
        server.advance(3600);
        let next = server.refresh("spa", refresh_token(&first)).await.ok();
        assert_eq!(next["refresh_token"], first["refresh_token"]);
    }
}

#[tokio::test]
async fn scope_narrows_and_unknown_values_are_passed_over() {
    let server = TestServer::start().await;
    let first = server.tokens("native", OFFLINE).await;
    let mut token = refresh_token(&first).to_owned();
    for (scope, given) in [
        ("openid", "openid"),
        ("openid admin", "openid"),
        ("offline_access email openid", "openid email offline_access"),
        ("", OFFLINE),
    ] {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*token),
            ("scope", scope),
        ];
        let next = server.token("native", &form).await.ok();
        assert_eq!(next["scope"], given, "{scope}");
        assert!(next["id_token"].is_string(), "openid was granted");
        token = refresh_token(&next).to_owned();
    }
}

#[tokio::test]
async fn t22_the_audience_is_remembered_and_one_token_serves_several_resources() {
    let server = TestServer::start().await;
    let refresh = async |client: &str, first: &Value, resource: Option<&str>| {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token(first)),
        ];
        form.extend(resource.map(|resource| ("resource", resource)));
        server.token(client, &form).await
    };
    let first = server
        .tokens_for("chat", "openid offline_access read", API)
        .await;
    for (resource, audience) in [
        (None, API),
        (Some(OTHER_API), OTHER_API),
        (Some(API), API),
        (None, API),
    ] {
        let (header, claims) =
            decoded(&refresh("chat", &first, resource).await.ok()["access_token"]);
        assert_eq!(header["typ"], "at+jwt");
        assert_eq!(claims["aud"], audience);
    }
    refresh("chat", &first, Some("https://nowhere.test"))
        .await
        .refused(400, "invalid_target");

    let first = server
        .tokens_for("partner", "openid offline_access read", API)
        .await;
    refresh("partner", &first, Some(OTHER_API))
        .await
        .refused(400, "invalid_target");
    refresh("partner", &first, Some(API)).await.ok();
}

#[tokio::test]
async fn a_refused_refresh_leaves_the_token_as_it_was() {
    let server = TestServer::start().await;
    let first = server.tokens("native", OFFLINE).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token(&first)),
        ("resource", "https://nowhere.test"),
    ];
    server
        .token("native", &form)
        .await
        .refused(400, "invalid_target");
    server.advance(61);
    server.refresh("native", refresh_token(&first)).await.ok();
}

#[tokio::test]
async fn t10_a_refresh_token_of_another_client_is_refused() {
    let server = TestServer::start().await;
    let tokens = server.tokens("spa", OFFLINE).await;
    server
        .refresh("native", refresh_token(&tokens))
        .await
        .refused(400, "invalid_grant");
    server.refresh("spa", refresh_token(&tokens)).await.ok();
}

#[tokio::test]
async fn t17_a_suspended_user_gets_no_more_tokens() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", OFFLINE).await;
    server.suspend(ANN).await;
    server
        .refresh("chat", refresh_token(&tokens))
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn t17_a_deleted_user_gets_no_more_tokens() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", OFFLINE).await;
    server.delete_ann().await;
    server
        .refresh("chat", refresh_token(&tokens))
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn t17_after_log_out_only_offline_access_goes_on() {
    let server = TestServer::start().await;
    server
        .change("chat", |application| {
            application
                .custom_client_metadata
                .always_issue_refresh_token = Some(true);
        })
        .await;
    let online = server.tokens("chat", "openid email").await;
    let offline = server.tokens("chat", OFFLINE).await;
    server.log_ann_out().await;
    server
        .refresh("chat", refresh_token(&online))
        .await
        .refused(400, "invalid_grant");
    let access_token = online["access_token"].as_str().unwrap();
    server
        .userinfo(access_token)
        .await
        .refused(401, "invalid_token");
    server.refresh("chat", refresh_token(&offline)).await.ok();
}

#[tokio::test]
async fn t17_without_offline_access_the_end_of_the_session_is_the_end() {
    let server = TestServer::start().await;
    server
        .change("chat", |application| {
            application
                .custom_client_metadata
                .always_issue_refresh_token = Some(true);
            application.custom_client_metadata.refresh_token_ttl_in_days = Some(90);
        })
        .await;
    let online = server.tokens("chat", "openid").await;
    let offline = server.tokens("chat", OFFLINE).await;
    server.advance(14 * DAY);
    server
        .refresh("chat", refresh_token(&online))
        .await
        .refused(400, "invalid_grant");
    server.refresh("chat", refresh_token(&offline)).await.ok();
}

#[tokio::test]
async fn t17_a_role_that_was_taken_away_is_gone_at_the_next_refresh() {
    let server = TestServer::start().await;
    let first = server
        .tokens_for("chat", "openid offline_access read", API)
        .await;
    assert_eq!(first["scope"], "openid offline_access read");
    server.take_anns_role().await;
    let second = server.refresh("chat", refresh_token(&first)).await.ok();
    assert_eq!(second["scope"], "openid offline_access");
    let (_, claims) = decoded(&second["access_token"]);
    assert_eq!(claims["scope"], "openid offline_access");
}

#[tokio::test]
async fn the_token_of_an_ended_grant_is_refused() {
    let server = TestServer::start().await;
    server
        .change("native", |application| {
            application.custom_client_metadata.refresh_token_ttl_in_days = Some(180);
        })
        .await;
    let first = server.tokens("native", OFFLINE).await;
    server.advance(179 * DAY);
    let second = server.refresh("native", refresh_token(&first)).await.ok();
    server.advance(DAY);
    server
        .refresh("native", refresh_token(&second))
        .await
        .refused(400, "invalid_grant");
}
