//! What applications may not: those whose access control keeps a person out, and those of somebody else (`contract/logto-core.md` §3.15).

use serde_json::{Value, json};
use store::{
    application::access::{self, Rules},
    on_both,
    relation::{self, CONSENT_RESOURCE_SCOPES},
    seed::DEFAULT_TENANT,
    testing::TestDb,
};

use crate::support::{ANN, API, TestServer, decoded};

on_both!(
    each_rule_lets_its_people_in,
    t39_a_person_who_is_kept_out_gets_no_tokens_from_a_code_or_a_refresh,
    t39_a_third_party_application_gets_the_scopes_of_an_api_that_it_may_ask_for,
);

impl TestServer {
    async fn guard(&self, client: &str, rules: &Rules) {
        self.change(client, |application| {
            application.access_control_enabled = true;
        })
        .await;
        let mut tx = self.app.db().begin().await.unwrap();
        access::replace(&mut tx, DEFAULT_TENANT, client, rules)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

fn users(ids: &[&str]) -> Rules {
    Rules {
        users: ids.iter().map(ToString::to_string).collect(),
        ..Rules::default()
    }
}

async fn each_rule_lets_its_people_in(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let mut tx = server.app.db().begin().await.unwrap();
    let roles = relation::children(&mut tx, relation::USER_ROLES, DEFAULT_TENANT, &[ANN]).await;
    let organization = store::organization::Organization {
        id: "acme".to_owned(),
        name: "Acme".to_owned(),
        description: None,
        custom_data: serde_json::Map::new(),
        is_mfa_required: false,
        color: serde_json::Map::new(),
        branding: serde_json::Map::new(),
        custom_css: None,
        created_at: server.now(),
    };
    store::organization::insert(&mut tx, DEFAULT_TENANT, &organization)
        .await
        .unwrap();
    let role = store::organization_role::OrganizationRole {
        id: "editor".to_owned(),
        name: "editor".to_owned(),
        description: None,
        kind: store::role::RoleType::User,
    };
    store::organization_role::insert(&mut tx, DEFAULT_TENANT, &role)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let acme = || vec!["acme".to_owned()];
    let rows = [
        (
            Rules {
                roles: roles.unwrap(),
                ..Rules::default()
            },
            true,
            true,
        ),
        (users(&[ANN]), true, true),
        (
            Rules {
                organizations: acme(),
                ..Rules::default()
            },
            false,
            true,
        ),
        (
            Rules {
                organization_roles: [("acme".to_owned(), vec!["editor".to_owned()])].into(),
                ..Rules::default()
            },
            false,
            false,
        ),
        (Rules::default(), false, false),
    ];
    let admits = async |rules: &Rules| {
        server.guard("chat", rules).await;
        access::admits(&*db, DEFAULT_TENANT, "chat", ANN)
            .await
            .unwrap()
    };
    for (rules, before, _) in &rows {
        assert_eq!(admits(rules).await, *before, "{rules:?}");
    }
    let mut tx = server.app.db().begin().await.unwrap();
    relation::add(
        &mut tx,
        relation::ORGANIZATION_USERS,
        DEFAULT_TENANT,
        &["acme"],
        &[ANN.to_owned()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    for (rules, _, as_member) in &rows {
        assert_eq!(admits(rules).await, *as_member, "member: {rules:?}");
    }
    let mut tx = server.app.db().begin().await.unwrap();
    let parent = ["acme", ANN];
    let role = ["editor".to_owned()];
    relation::add(
        &mut tx,
        relation::ORGANIZATION_USER_ROLES,
        DEFAULT_TENANT,
        &parent,
        &role,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert!(admits(&rows[3].0).await, "with the role");
    assert!(
        !access::admits(&*db, "admin", "chat", ANN).await.unwrap(),
        "another tenant"
    );
    db.remove().await;
}

async fn t39_a_person_who_is_kept_out_gets_no_tokens_from_a_code_or_a_refresh(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let tokens = server.tokens("chat", "openid offline_access").await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let code = server.code("chat", "openid").await;
    server.guard("chat", &users(&[])).await;
    server
        .redeem("chat", &code)
        .await
        .refused(400, "access_denied");
    server
        .refresh("chat", refresh_token)
        .await
        .refused(400, "access_denied");
    server.guard("chat", &users(&[ANN])).await;
    server.refresh("chat", refresh_token).await.ok();
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
    db.remove().await;
}

async fn t39_a_third_party_application_gets_the_scopes_of_an_api_that_it_may_ask_for(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let scope_of = |tokens: &Value| {
        let (_, claims) = decoded(&tokens["access_token"]);
        claims["scope"].clone()
    };
    let tokens = server.tokens_for("partner", "openid read", API).await;
    assert_eq!(scope_of(&tokens), json!("openid"), "allowed none");
    let mut tx = server.app.db().begin().await.unwrap();
    let resource = store::resource::find_by_indicator(&mut tx, DEFAULT_TENANT, API).await;
    let resource = resource.unwrap().unwrap();
    let scopes = store::resource::scopes(&mut tx, DEFAULT_TENANT, &resource.id)
        .await
        .unwrap();
    let read = scopes.iter().find(|scope| scope.name == "read").unwrap();
    let (parent, read) = (["partner"], [read.id.clone()]);
    relation::add(
        &mut tx,
        CONSENT_RESOURCE_SCOPES,
        DEFAULT_TENANT,
        &parent,
        &read,
    )
    .await
    .unwrap();
    server.app.commit(tx).await.unwrap();
    let tokens = server.tokens_for("partner", "openid read write", API).await;
    assert_eq!(scope_of(&tokens), json!("openid read"));
    db.remove().await;
}
