//! What scripts are told of a person.

use identity::script_context::{Memberships, Organization, OrganizationRole};
use serde_json::json;
use store::testing::TestDb;

use crate::fixture::{TENANT, ann, commit};

store::on_both!(
    a_person_without_anything_belongs_to_nothing,
    everything_a_person_belongs_to_is_told_and_nothing_of_others,
);

async fn a_person_without_anything_belongs_to_nothing(db: TestDb) {
    ann(&db).await;
    let found = commit!(db, tx => store::script_context::memberships(&mut tx, TENANT, "ann"));
    assert_eq!(found, Memberships::default());
    let none = store::script_context::organization(&*db, TENANT, "ann", "o1").await;
    assert_eq!(none.unwrap(), None);
    db.remove().await;
}

const ROWS: &str = "
INSERT INTO tenants (id, created_at) VALUES ('other', 1);
INSERT INTO users (tenant_id, id, created_at, updated_at) VALUES ('default', 'bob', 1, 1), ('other', 'ann', 1, 1);
INSERT INTO resources (tenant_id, id, name, indicator) VALUES ('default', 'a1', 'API', 'https://api');
INSERT INTO scopes (tenant_id, id, resource_id, name, description, created_at) VALUES
  ('default', 's1', 'a1', 'write', NULL, 1), ('default', 's2', 'a1', 'read', 'Reads', 1);
INSERT INTO roles (tenant_id, id, name, description, type) VALUES
  ('default', 'r1', 'b', 'B', 'User'), ('default', 'r2', 'a', 'A', 'User'), ('default', 'r3', 'c', 'C', 'User'), ('other', 'r1', 'b', 'B', 'User');
INSERT INTO roles_scopes (tenant_id, role_id, scope_id) VALUES ('default', 'r1', 's1'), ('default', 'r1', 's2'), ('default', 'r3', 's1');
INSERT INTO users_roles (tenant_id, user_id, role_id) VALUES ('default', 'ann', 'r1'), ('default', 'ann', 'r2'), ('default', 'bob', 'r3'), ('other', 'ann', 'r1');
INSERT INTO mfa_verifications (tenant_id, id, user_id, type, value, created_at) VALUES
  ('default', 'm1', 'ann', 'WebAuthn', '', 1), ('default', 'm2', 'ann', 'WebAuthn', '', 1), ('default', 'm3', 'ann', 'Totp', '', 1), ('default', 'm4', 'bob', 'BackupCode', '', 1);
INSERT INTO sso_connectors (tenant_id, id, provider_name, connector_name, config, created_at) VALUES ('default', 'c1', 'OIDC', 'c', '', 1);
INSERT INTO user_sso_identities (tenant_id, id, user_id, issuer, identity_id, detail, sso_connector_id, created_at, updated_at) VALUES
  ('default', 'i1', 'ann', 'https://idp', '7', '{\"a\":1}', 'c1', 1, 1), ('default', 'i2', 'bob', 'https://idp', '8', '{}', 'c1', 1, 1);
INSERT INTO organizations (tenant_id, id, name, name_key, description, custom_data, created_at) VALUES
  ('default', 'o1', 'One', 'one', 'First', '{\"tier\":1}', 1), ('default', 'o2', 'Two', 'two', NULL, '{}', 2), ('default', 'o3', 'Three', 'three', NULL, '{}', 3);
INSERT INTO organization_users (tenant_id, organization_id, user_id) VALUES ('default', 'o2', 'ann'), ('default', 'o1', 'ann'), ('default', 'o3', 'bob');
INSERT INTO organization_roles (tenant_id, id, name, name_key, type) VALUES ('default', 'x1', 'admin', 'admin', 'User');
INSERT INTO organization_user_roles (tenant_id, organization_id, user_id, organization_role_id) VALUES ('default', 'o1', 'ann', 'x1'), ('default', 'o3', 'bob', 'x1');
";

async fn everything_a_person_belongs_to_is_told_and_nothing_of_others(db: TestDb) {
    ann(&db).await;
    db.sql(ROWS).await;
    let found = commit!(db, tx => store::script_context::memberships(&mut tx, TENANT, "ann"));
    let api = json!({ "id": "a1", "name": "API", "indicator": "https://api" });
    assert_eq!(
        json!(found.roles),
        json!([
            { "id": "r2", "name": "a", "description": "A", "scopes": [] },
            { "id": "r1", "name": "b", "description": "B", "scopes": [
                { "id": "s2", "name": "read", "description": "Reads", "resourceId": "a1", "resource": api },
                { "id": "s1", "name": "write", "description": null, "resourceId": "a1", "resource": api },
            ] },
        ])
    );
    assert_eq!(found.mfa_verification_factors, ["Totp", "WebAuthn"]);
    assert_eq!(
        json!(found.sso_identities),
        json!([{ "issuer": "https://idp", "identityId": "7", "detail": { "a": 1 } }])
    );
    let organization = |id: &str, name: &str, description: Option<&str>| Organization {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.map(str::to_owned),
    };
    assert_eq!(
        found.organizations,
        [
            organization("o1", "One", Some("First")),
            organization("o2", "Two", None)
        ]
    );
    assert_eq!(
        found.organization_roles,
        [OrganizationRole {
            organization_id: "o1".to_owned(),
            role_id: "x1".to_owned(),
            role_name: "admin".to_owned(),
        }]
    );
    for (id, expected) in [
        (
            "o1",
            Some(
                json!({ "id": "o1", "name": "One", "description": "First", "customData": { "tier": 1 } }),
            ),
        ),
        ("o3", None),
        ("none", None),
    ] {
        let told = store::script_context::organization(&*db, TENANT, "ann", id).await;
        assert_eq!(told.unwrap(), expected, "{id}");
    }
    db.remove().await;
}
