//! Organizations in tokens and claims (`contract/logto-core.md` §3.6, §3.8, §3.10).

use serde_json::{Map, Value, json};
use store::{
    on_both,
    organization::Organization,
    organization_role::OrganizationRole,
    organization_scope::OrganizationScope,
    relation::{self, Relation},
    role::RoleType,
    seed::DEFAULT_TENANT,
    testing::TestDb,
};

use crate::{
    exchange::{ACCESS, IMPERSONATION},
    support::{ANN, API, Answer, OTHER_API, TestServer, decoded},
};

on_both!(
    a_members_token_carries_what_the_roles_there_give,
    a_token_for_an_api_can_be_confined_to_an_organization,
    t56_whoever_is_no_member_gets_nothing,
    t17_a_member_who_leaves_gets_nothing_more,
    an_organization_may_ask_for_a_second_factor,
    a_third_party_application_needs_to_be_let_in,
    organizations_are_told_in_claims,
    an_application_acts_in_its_organizations,
    t21_an_exchange_gives_what_the_member_may_do_there,
);

const ORGANIZATIONS: &str = "urn:logto:scope:organizations";
const ROLES: &str = "urn:logto:scope:organization_roles";

/// A server with the organizations `acme`, where ann is `editor` (organization scope `invite`, scope `write` of the API) and
/// `worker` is `machine` (the same), and `beta` with nobody in it.
struct Company {
    server: TestServer,
    write: String,
}

impl Company {
    async fn start(db: &store::Db) -> Self {
        let server = TestServer::on(db.clone()).await;
        let found = store::resource::list(server.app.db(), DEFAULT_TENANT).await;
        let api = found.unwrap().into_iter().find(|api| api.indicator == API);
        let api = api.unwrap().id;
        let scopes = store::resource::scopes(server.app.db(), DEFAULT_TENANT, &api);
        let mut scopes = scopes.await.unwrap().into_iter();
        let write = scopes.find(|scope| scope.name == "write").unwrap().id;

        let mut tx = server.app.db().begin().await.unwrap();
        for id in ["acme", "beta"] {
            store::organization::insert(&mut tx, DEFAULT_TENANT, &organization(id))
                .await
                .unwrap();
        }
        for name in ["invite", "pay"] {
            let scope = OrganizationScope {
                id: name.to_owned(),
                name: name.to_owned(),
                description: None,
            };
            store::organization_scope::insert(&mut tx, DEFAULT_TENANT, &scope)
                .await
                .unwrap();
        }
        for (name, kind) in [
            ("editor", RoleType::User),
            ("machine", RoleType::MachineToMachine),
        ] {
            let role = OrganizationRole {
                id: name.to_owned(),
                name: name.to_owned(),
                description: None,
                kind,
            };
            store::organization_role::insert(&mut tx, DEFAULT_TENANT, &role)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let company = Self { server, write };
        for role in ["editor", "machine"] {
            company
                .add(relation::ORGANIZATION_ROLE_SCOPES, &[role], "invite")
                .await;
            let write = company.write.clone();
            company
                .add(relation::ORGANIZATION_ROLE_RESOURCE_SCOPES, &[role], &write)
                .await;
        }
        for (relation, parent, child) in [
            (relation::ORGANIZATION_USERS, &["acme"][..], ANN),
            (relation::ORGANIZATION_USER_ROLES, &["acme", ANN], "editor"),
            (relation::ORGANIZATION_APPLICATIONS, &["acme"], "worker"),
            (
                relation::ORGANIZATION_APPLICATION_ROLES,
                &["acme", "worker"],
                "machine",
            ),
        ] {
            company.add(relation, parent, child).await;
        }
        company.server.app.reload().await.unwrap();
        company
    }

    async fn add(&self, relation: Relation, parent: &[&str], child: &str) {
        let mut tx = self.server.app.db().begin().await.unwrap();
        relation::add(
            &mut tx,
            relation,
            DEFAULT_TENANT,
            parent,
            &[child.to_owned()],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    async fn remove(&self, relation: Relation, parent: &[&str], child: &str) {
        let mut tx = self.server.app.db().begin().await.unwrap();
        assert!(
            relation::remove(&mut tx, relation, DEFAULT_TENANT, parent, child)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
    }

    /// Refreshes with these further parameters, with a new refresh token of this scope.
    async fn refresh(&self, client: &str, scope: &str, more: &[(&str, &str)]) -> Answer {
        let tokens = self.server.tokens(client, scope).await;
        let token = tokens["refresh_token"].as_str().unwrap();
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        form.extend(more);
        self.server.token(client, &form).await
    }
}

fn organization(id: &str) -> Organization {
    Organization {
        id: id.to_owned(),
        name: id.to_uppercase(),
        description: Some(format!("the {id}")),
        custom_data: Map::new(),
        is_mfa_required: false,
        color: Map::new(),
        branding: Map::new(),
        custom_css: None,
        created_at: protocol::time::Time(1),
    }
}

fn offline(scope: &str) -> String {
    format!("openid offline_access {ORGANIZATIONS} {scope}")
}

fn claims(tokens: &Value) -> Value {
    decoded(&tokens["access_token"]).1
}

/// 403 without a challenge: this is no protected resource.
fn forbidden(answer: &Answer, error: &str) {
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(answer.body["error"], error);
    assert_eq!(answer.body["code"], format!("oidc.{error}"));
    assert!(answer.header("www-authenticate").is_empty());
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn a_members_token_carries_what_the_roles_there_give(db: TestDb) {
    let company = Company::start(&db).await;
    let scope = offline("invite pay");
    for (asked, given) in [("", "invite"), ("invite pay", "invite"), ("pay", "")] {
        let form = [("organization_id", "acme"), ("scope", asked)];
        let tokens = company.refresh("native", &scope, &form).await.ok();
        assert_eq!(tokens["scope"], given);
        assert_eq!(tokens["expires_in"], 3600);
        let (header, _) = decoded(&tokens["access_token"]);
        assert_eq!(header["typ"], "at+jwt");
        let claims = claims(&tokens);
        assert_eq!(claims["aud"], "urn:logto:organization:acme");
        assert_eq!(claims["sub"], ANN);
        assert_eq!(claims["client_id"], "native");
        assert_eq!(claims["scope"].as_str().unwrap_or_default(), given);
        assert_eq!(claims.get("organization_id"), None);
        let token = tokens["access_token"].as_str().unwrap();
        let userinfo = company.server.userinfo(token).await;
        userinfo.refused(403, "insufficient_scope");
        assert!(tokens["refresh_token"].is_string() && tokens["id_token"].is_string());
    }
    let form = [("organization_id", "acme")];
    let ungranted = company.refresh("native", &offline(""), &form).await.ok();
    assert_eq!(ungranted["scope"], "");
    db.remove().await;
}

async fn a_token_for_an_api_can_be_confined_to_an_organization(db: TestDb) {
    let company = Company::start(&db).await;
    let scope = offline("read write");
    let form = [("organization_id", "acme"), ("resource", API)];
    let claims_of = |answer: Answer| claims(&answer.ok());
    let told = claims_of(company.refresh("chat", &scope, &form).await);
    assert_eq!(told["aud"], API);
    assert_eq!(told["organization_id"], "acme");
    // `read` comes of a role in the tenant, `write` of one in the organization.
    let scopes = |claims: &Value| {
        claims["scope"]
            .as_str()
            .unwrap()
            .replace(offline("").trim(), "")
            .trim()
            .to_owned()
    };
    assert_eq!(scopes(&told), "write");

    let told = claims_of(company.refresh("chat", &scope, &[("resource", API)]).await);
    assert_eq!(told.get("organization_id"), None);
    assert_eq!(scopes(&told), "read write");

    let form = [("organization_id", "acme"), ("resource", OTHER_API)];
    let told = claims_of(company.refresh("chat", &scope, &form).await);
    assert_eq!(told["aud"], OTHER_API);
    assert_eq!(scopes(&told), "");
    let form = [
        ("organization_id", "acme"),
        ("resource", "https://nowhere.test"),
    ];
    let answer = company.refresh("chat", &scope, &form).await;
    answer.refused(400, "invalid_target");
    db.remove().await;
}

async fn t56_whoever_is_no_member_gets_nothing(db: TestDb) {
    let company = Company::start(&db).await;
    for id in ["beta", "nowhere", "acme' OR 1=1"] {
        for more in [&[][..], &[("resource", API)]] {
            let mut form = vec![("organization_id", id)];
            form.extend(more);
            let answer = company.refresh("chat", &offline("write"), &form).await;
            forbidden(&answer, "access_denied");
        }
    }
    let form = [("organization_id", "acme")];
    let answer = company
        .refresh("chat", "openid offline_access", &form)
        .await;
    forbidden(&answer, "insufficient_scope");
    db.remove().await;
}

async fn t17_a_member_who_leaves_gets_nothing_more(db: TestDb) {
    let company = Company::start(&db).await;
    let form = [("organization_id", "acme")];
    company
        .remove(relation::ORGANIZATION_USER_ROLES, &["acme", ANN], "editor")
        .await;
    let tokens = company
        .refresh("chat", &offline("invite"), &form)
        .await
        .ok();
    assert_eq!(tokens["scope"], "");
    let api = [("resource", API)];
    let tokens = company.refresh("chat", &offline("write"), &api).await.ok();
    assert!(!tokens["scope"].as_str().unwrap().contains("write"));
    company
        .remove(relation::ORGANIZATION_USERS, &["acme"], ANN)
        .await;
    let answer = company.refresh("chat", &offline("invite"), &form).await;
    forbidden(&answer, "access_denied");
    db.remove().await;
}

async fn an_organization_may_ask_for_a_second_factor(db: TestDb) {
    let company = Company::start(&db).await;
    let mut strict = organization("acme");
    strict.is_mfa_required = true;
    let mut tx = company.server.app.db().begin().await.unwrap();
    store::organization::update(&mut tx, DEFAULT_TENANT, &strict)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let form = [("organization_id", "acme")];
    let answer = company.refresh("chat", &offline("invite"), &form).await;
    forbidden(&answer, "access_denied");
    let description = answer.body["error_description"].as_str().unwrap();
    assert!(description.contains("second factor"), "{description}");
    let api = [("resource", API)];
    let tokens = company.refresh("chat", &offline("write"), &api).await.ok();
    assert!(!tokens["scope"].as_str().unwrap().contains("write"));
    db.remove().await;
}

async fn a_third_party_application_needs_to_be_let_in(db: TestDb) {
    let company = Company::start(&db).await;
    let form = [("organization_id", "acme")];
    let scope = offline(&format!("invite {ROLES}"));
    let answer = company.refresh("partner", &scope, &form).await;
    forbidden(&answer, "access_denied");
    let tokens = company.server.tokens("partner", &scope).await;
    let told = decoded(&tokens["id_token"]).1;
    assert_eq!(told["organizations"], json!([]), "not let into any");
    assert_eq!(told["organization_roles"], json!([]));

    let mut tx = company.server.app.db().begin().await.unwrap();
    let acme = ["acme".to_owned()];
    let relation = relation::CONSENT_ORGANIZATIONS;
    relation::add(&mut tx, relation, DEFAULT_TENANT, &["partner", ANN], &acme)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let tokens = company.refresh("partner", &scope, &form).await.ok();
    assert_eq!(claims(&tokens)["aud"], "urn:logto:organization:acme");
    assert_eq!(tokens["scope"], "", "the operator allows it no scope");
    let told = decoded(&tokens["id_token"]).1;
    assert_eq!(told["organizations"], json!(["acme"]));
    db.remove().await;
}

async fn organizations_are_told_in_claims(db: TestDb) {
    let company = Company::start(&db).await;
    let server = &company.server;
    let scope = format!("openid {ORGANIZATIONS} {ROLES}");
    let tokens = server.tokens("chat", &scope).await;
    let told = decoded(&tokens["id_token"]).1;
    assert_eq!(told["organizations"], json!(["acme"]));
    assert_eq!(told["organization_roles"], json!(["acme:editor"]));
    assert_eq!(told.get("organization_data"), None, "not enabled");
    let told = server
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await
        .ok();
    assert_eq!(told["organizations"], json!(["acme"]));
    assert_eq!(told["organization_roles"], json!(["acme:editor"]));
    let data = json!([{"id": "acme", "name": "ACME", "description": "the acme"}]);
    assert_eq!(told["organization_data"], data);

    let tokens = server.tokens("chat", "openid").await;
    let token = tokens["access_token"].as_str().unwrap();
    let told = server.userinfo(token).await.ok();
    assert_eq!(told, json!({ "sub": ANN }));
    db.remove().await;
}

async fn an_application_acts_in_its_organizations(db: TestDb) {
    let company = Company::start(&db).await;
    let ask = async |form: &[(&str, &str)]| {
        let mut all = vec![("grant_type", "client_credentials")];
        all.extend(form);
        company.server.token("worker", &all).await
    };
    let tokens = ask(&[("organization_id", "acme")]).await.ok();
    assert_eq!(
        (&tokens["scope"], &tokens["expires_in"]),
        (&json!("invite"), &json!(3600))
    );
    let told = claims(&tokens);
    assert_eq!(told["aud"], "urn:logto:organization:acme");
    assert_eq!(
        (&told["sub"], &told["client_id"]),
        (&json!("worker"), &json!("worker"))
    );
    assert_eq!(told.get("organization_id"), None);

    let form = [("organization_id", "acme"), ("resource", API)];
    let told = claims(&ask(&form).await.ok());
    assert_eq!(
        (&told["aud"], &told["scope"]),
        (&json!(API), &json!("write"))
    );
    assert_eq!(told["organization_id"], "acme");
    let tokens = ask(&[("resource", API)]).await.ok();
    assert_eq!(tokens["scope"], "read", "organizations have no part in it");
    assert_eq!(claims(&tokens).get("organization_id"), None);

    for id in ["beta", "nowhere"] {
        forbidden(&ask(&[("organization_id", id)]).await, "access_denied");
        let form = [("organization_id", id), ("resource", API)];
        forbidden(&ask(&form).await, "access_denied");
    }
    db.remove().await;
}

async fn t21_an_exchange_gives_what_the_member_may_do_there(db: TestDb) {
    let company = Company::start(&db).await;
    let server = &company.server;
    server.let_exchange("chat").await;
    let impersonate = async |form: &[(&str, &str)]| {
        let token = server.subject_token(DEFAULT_TENANT, ANN).await;
        server.swap("chat", IMPERSONATION, &token, form).await
    };
    let form = [("organization_id", "acme"), ("scope", "invite pay")];
    let tokens = impersonate(&form).await.ok();
    assert_eq!(tokens["scope"], "invite");
    let told = claims(&tokens);
    assert_eq!(told["aud"], "urn:logto:organization:acme");
    assert_eq!(
        (&told["sub"], &told["client_id"]),
        (&json!(ANN), &json!("chat"))
    );
    let form = [
        ("organization_id", "acme"),
        ("resource", API),
        ("scope", "read write"),
    ];
    let confined = impersonate(&form).await.ok();
    let told = claims(&confined);
    assert_eq!(
        (&told["organization_id"], &told["scope"]),
        (&json!("acme"), &json!("write"))
    );
    for id in ["beta", "nowhere"] {
        let answer = impersonate(&[("organization_id", id)]).await;
        forbidden(&answer, "access_denied");
    }

    // A token that is confined to an organization is not exchanged for one outside.
    for tokens in [&tokens, &confined] {
        let token = tokens["access_token"].as_str().unwrap();
        for form in [&[][..], &[("resource", API)], &[("resource", OTHER_API)]] {
            let answer = server.swap("chat", ACCESS, token, form).await;
            forbidden(&answer, "access_denied");
        }
        let form = [("organization_id", "acme"), ("scope", "invite pay write")];
        let again = server.swap("chat", ACCESS, token, &form).await.ok();
        assert_eq!(again["scope"], "invite");
    }
    company
        .remove(relation::ORGANIZATION_USERS, &["acme"], ANN)
        .await;
    let token = tokens["access_token"].as_str().unwrap();
    let form = [("organization_id", "acme")];
    let answer = server.swap("chat", ACCESS, token, &form).await;
    forbidden(&answer, "access_denied");
    db.remove().await;
}
