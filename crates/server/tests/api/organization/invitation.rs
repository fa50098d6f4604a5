//! `/organization-invitations` (`contract/logto-api.md` §3.5).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use super::{every, made, organization, role, user};
use crate::{
    manager::Manager,
    support::{ANN, START},
};

on_both!(
    t36_an_invitation_is_accepted_once,
    t36_an_invitation_that_ended_is_not_accepted,
    what_cannot_be_an_invitation_is_refused,
);

pub(super) fn invitation(organization_id: &str, invitee: &str) -> Value {
    json!({ "invitee": invitee, "organizationId": organization_id, "expiresAt": (START + 600) * 1000 })
}

pub(super) const INVITATIONS: &str = "/organization-invitations";

async fn t36_an_invitation_is_accepted_once(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, bob) = (
        organization(&manager, "Acme").await,
        user(&manager, "bob").await,
    );
    let admin = role(&manager, "admin", "User").await;
    let mut body = invitation(&acme, "Bob@Example.com");
    body["organizationRoleIds"] = json!([admin]);
    body["inviterId"] = ANN.into();
    let made = manager.post(INVITATIONS, &body).await.with(201);
    assert_eq!(
        made,
        json!({ "tenantId": "default", "id": made["id"], "inviterId": ANN, "invitee": "Bob@Example.com",
            "acceptedUserId": null, "organizationId": acme, "status": "Pending", "createdAt": START * 1000,
            "updatedAt": START * 1000, "expiresAt": (START + 600) * 1000,
            "organizationRoles": [{ "id": admin, "name": "admin" }] })
    );
    let again = manager.post(INVITATIONS, &body).await;
    again.failed(422, "entity.unique_integrity_violation");
    let path = format!("{INVITATIONS}/{}", made["id"].as_str().unwrap());
    let status = format!("{path}/status");
    for (body, http, code) in [
        (
            json!({ "status": "Accepted" }),
            422,
            "request.invalid_input",
        ),
        (
            json!({ "status": "Accepted", "acceptedUserId": ANN }),
            422,
            "request.invalid_input",
        ),
        (
            json!({ "status": "Accepted", "acceptedUserId": "no" }),
            422,
            "entity.relation_foreign_key_not_found",
        ),
        (json!({ "status": "Pending" }), 400, "guard.invalid_input"),
    ] {
        manager.put(&status, &body).await.failed(http, code);
    }
    assert_eq!(manager.get(&path).await.with(200), made, "nothing happened");
    let accept = json!({ "status": "Accepted", "acceptedUserId": bob });
    let accepted = manager.put(&status, &accept).await.with(200);
    assert_eq!(accepted["status"], "Accepted");
    assert_eq!(accepted["acceptedUserId"], *bob);
    let roles = manager
        .get(&format!("/organizations/{acme}/users/{bob}/roles"))
        .await;
    assert_eq!(every(&roles.with(200), "id"), [admin]);
    manager
        .put(&status, &accept)
        .await
        .failed(422, "request.invalid_input");
    let member = manager
        .post(INVITATIONS, &invitation(&acme, "bob@example.com"))
        .await;
    member.failed(422, "request.invalid_input");
}

async fn t36_an_invitation_that_ended_is_not_accepted(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, bob) = (
        organization(&manager, "Acme").await,
        user(&manager, "bob").await,
    );
    let revoke = json!({ "status": "Revoked" });
    let accept = json!({ "status": "Accepted", "acceptedUserId": bob });
    let first = made(&manager, INVITATIONS, invitation(&acme, "c@example.com")).await;
    let status = format!("{INVITATIONS}/{first}/status");
    let revoked = manager.put(&status, &revoke).await.with(200);
    assert_eq!(revoked["status"], "Revoked");
    for late in [&revoke, &accept] {
        let late = manager.put(&status, late).await;
        late.failed(422, "request.invalid_input");
    }
    let second = made(&manager, INVITATIONS, invitation(&acme, "c@example.com")).await;
    manager.server.advance(600);
    let path = format!("{INVITATIONS}/{second}");
    let expired = manager.get(&path).await.with(200);
    assert_eq!(expired["status"], "Expired");
    for late in [&revoke, &accept] {
        let late = manager.put(&format!("{path}/status"), late).await;
        late.failed(422, "request.invalid_input");
    }
    let members = manager.get(&format!("/organizations/{acme}/users")).await;
    assert_eq!(members.with(200), json!([]));
    let mut body = invitation(&acme, "c@example.com");
    body["expiresAt"] = json!((START + 1200) * 1000);
    let third = made(&manager, INVITATIONS, body).await;
    let listed = manager
        .get(&format!(
            "{INVITATIONS}?organizationId={acme}&invitee=C@EXAMPLE.com"
        ))
        .await;
    let listed = listed.with(200);
    assert_eq!(
        listed.as_array().unwrap().len(),
        3,
        "an expired one is not in the way"
    );
    assert_eq!(listed[0]["id"], *third);
    let of_ann = manager.get(&format!("{INVITATIONS}?inviterId={ANN}")).await;
    assert_eq!(of_ann.with(200), json!([]));
    manager
        .delete(&format!("{INVITATIONS}/{third}"))
        .await
        .with(204);
    let gone = manager.get(&format!("{INVITATIONS}/{third}")).await;
    gone.failed(404, "entity.not_found");
    let gone = manager.delete(&format!("{INVITATIONS}/{third}")).await;
    gone.failed(404, "entity.not_found");
}

async fn what_cannot_be_an_invitation_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let acme = organization(&manager, "Acme").await;
    let with = |name: &str, value: Value| {
        let mut body = invitation(&acme, "c@example.com");
        body[name] = value;
        body
    };
    for (body, status, code) in [
        (json!({}), 400, "guard.invalid_input"),
        (with("invitee", json!("nobody")), 400, "guard.invalid_input"),
        (
            with("expiresAt", json!(START * 1000)),
            400,
            "request.invalid_input",
        ),
        (with("expiresAt", json!("soon")), 400, "guard.invalid_input"),
        (
            with("organizationId", json!("none")),
            422,
            "entity.relation_foreign_key_not_found",
        ),
        (
            with("organizationRoleIds", json!(["none"])),
            422,
            "entity.relation_foreign_key_not_found",
        ),
        (
            with("inviterId", json!("none")),
            422,
            "entity.relation_foreign_key_not_found",
        ),
    ] {
        manager.post(INVITATIONS, &body).await.failed(status, code);
    }
    assert_eq!(
        manager.get(INVITATIONS).await.with(200),
        json!([]),
        "nothing half made"
    );
}
