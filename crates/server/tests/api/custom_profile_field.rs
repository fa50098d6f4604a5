//! `/custom-profile-fields` (`contract/logto-api.md` §4.4).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(
    fields_are_added_behind_one_another,
    a_batch_is_added_as_a_whole_or_not_at_all,
    a_field_is_defined_anew,
    places_change,
    a_field_goes_from_every_list,
    a_field_may_be_called_like_a_route,
    bad_definitions_are_refused,
);

const PATH: &str = "/custom-profile-fields";

async fn fields_are_added_behind_one_another(db: TestDb) {
    let manager = Manager::start(db).await;
    let text = json!({ "name": "nickname", "type": "Text", "label": "Nick", "required": true,
        "config": { "placeholder": "虎", "minLength": 1, "options": [] } });
    let first = manager.post(PATH, &text).await.with(201);
    assert_eq!(
        first,
        json!({ "tenantId": "default", "id": first["id"], "name": "nickname", "type": "Text", "label": "Nick",
            "description": null, "required": true, "config": { "placeholder": "虎", "minLength": 1 },
            "createdAt": first["createdAt"], "sieOrder": 1 })
    );
    assert_eq!(first["createdAt"], manager.server.now().0 * 1000);
    let checkbox =
        json!({ "name": "news", "type": "Checkbox", "required": false, "description": "dropped" });
    let second = manager.post(PATH, &checkbox).await.with(201);
    assert_eq!(
        (
            &second["sieOrder"],
            &second["label"],
            &second["description"],
            &second["config"]
        ),
        (&json!(2), &json!(""), &json!(null), &json!({}))
    );
    assert_eq!(manager.get(PATH).await.with(200), json!([first, second]));
    let path = format!("{PATH}/nickname");
    assert_eq!(manager.get(&path).await.with(200), first);
    let unknown = manager.get(&format!("{PATH}/shoes")).await;
    unknown.failed(404, "entity.not_found");
    let again = manager.post(PATH, &text).await;
    again.failed(422, "custom_profile_fields.name_exists");
}

async fn a_batch_is_added_as_a_whole_or_not_at_all(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("{PATH}/batch");
    let field = |name: &str| json!({ "name": name, "type": "Url", "required": false });
    let twice = json!([field("one"), field("two"), field("one")]);
    let refused = manager.post(&path, &twice).await;
    refused.failed(422, "custom_profile_fields.name_exists");
    assert_eq!(manager.get(PATH).await.with(200), json!([]));
    let both = json!([field("one"), field("two")]);
    let added = manager.post(&path, &both).await.with(201);
    let places: Vec<&Value> = (0..2).map(|place| &added[place]["sieOrder"]).collect();
    assert_eq!(places, [1, 2]);
    let many: Vec<Value> = (0..21).map(|number| field(&format!("f{number}"))).collect();
    let refused = manager.post(&path, &json!(many)).await;
    refused.failed(400, "guard.invalid_input");
}

async fn a_field_is_defined_anew(db: TestDb) {
    let manager = Manager::start(db).await;
    let draft = json!({ "name": "size", "type": "Select", "label": "Size", "description": "d", "required": true,
        "config": { "options": [] } });
    let before = manager.post(PATH, &draft).await.with(201);
    let path = format!("{PATH}/size");
    let incomplete = json!({ "type": "Select", "required": false, "config": { "options": [] } });
    let refused = manager.put(&path, &incomplete).await;
    refused.failed(400, "custom_profile_fields.invalid_options");
    assert_eq!(manager.get(&path).await.with(200), before);
    let anew =
        json!({ "type": "Select", "required": false, "config": { "options": [{ "value": "s" }] } });
    let after = manager.put(&path, &anew).await.with(200);
    let mut expected = before;
    expected["label"] = json!("");
    expected["description"] = json!(null);
    expected["required"] = json!(false);
    expected["config"] = json!({ "options": [{ "value": "s" }] });
    assert_eq!(after, expected);
    let unknown = manager.put(&format!("{PATH}/shoes"), &anew).await;
    unknown.failed(404, "entity.not_exists");
}

async fn places_change(db: TestDb) {
    let manager = Manager::start(db).await;
    for name in ["one", "two", "three"] {
        let field = json!({ "name": name, "type": "Text", "required": false });
        manager.post(PATH, &field).await.with(201);
    }
    let path = format!("{PATH}/properties/sie-order");
    let place = |name: &str, sie_order: i64| json!({ "name": name, "sieOrder": sie_order });
    let order = json!({ "order": [place("one", 9), place("three", 1)] });
    let moved = manager.post(&path, &order).await.with(200);
    assert_eq!(names(&moved), ["three", "one"]);
    let all = manager.get(PATH).await.with(200);
    assert_eq!(names(&all), ["three", "two", "one"]);
    for (order, code) in [
        (
            json!([place("one", 4), place("shoes", 5)]),
            "custom_profile_fields.entity_not_exists_with_names",
        ),
        (
            json!([place("one", 4), place("two", 4)]),
            "custom_profile_fields.conflicted_sie_order",
        ),
        (
            json!([place("one", 4), place("one", 5)]),
            "custom_profile_fields.conflicted_sie_order",
        ),
        (json!([place("one", 1 << 40)]), "guard.invalid_input"),
        (json!("one"), "guard.invalid_input"),
    ] {
        let refused = manager.post(&path, &json!({ "order": order })).await;
        refused.failed(400, code);
    }
    assert_eq!(manager.get(PATH).await.with(200), all);
}

fn names(fields: &Value) -> Vec<&str> {
    let fields = fields.as_array().unwrap().iter();
    fields
        .map(|field| field["name"].as_str().unwrap())
        .collect()
}

async fn a_field_goes_from_every_list(db: TestDb) {
    let manager = Manager::start(db).await;
    let field = json!({ "name": "size", "type": "Text", "required": false });
    manager.post(PATH, &field).await.with(201);
    let field = json!({ "name": "height", "type": "Text", "required": false });
    manager.post(PATH, &field).await.with(201);
    let list = json!([{ "name": "size" }, { "name": "unknown" }, { "name": "height" }]);
    let change = json!({ "signUpProfileFields": list });
    manager.patch("/sign-in-exp", &change).await.with(200);
    let change = json!({ "profileFields": list });
    manager.patch("/account-center", &change).await.with(200);
    let path = format!("{PATH}/size");
    manager.delete(&path).await.with(204);
    manager.delete(&path).await.failed(404, "entity.not_found");
    let left = json!([{ "name": "height" }]);
    let experience = manager.get("/sign-in-exp").await.with(200);
    assert_eq!(experience["signUpProfileFields"], left);
    let center = manager.get("/account-center").await.with(200);
    assert_eq!(center["profileFields"], left);
}

async fn bad_definitions_are_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    for (change, code) in [
        (json!({ "name": "" }), "custom_profile_fields.invalid_name"),
        (
            json!({ "name": "a-b" }),
            "custom_profile_fields.invalid_name",
        ),
        (
            json!({ "name": "email" }),
            "custom_profile_fields.name_conflict_sign_in_identifier",
        ),
        (
            json!({ "name": "preferredUsername" }),
            "custom_profile_fields.name_conflict_built_in_prop",
        ),
        (
            json!({ "name": "guideRequests" }),
            "custom_profile_fields.name_conflict_custom_data",
        ),
        (json!({ "name": null }), "guard.invalid_input"),
        (json!({ "name": "a".repeat(129) }), "guard.invalid_input"),
        (json!({ "name": "a\u{0}" }), "guard.invalid_input"),
        (json!({ "type": "Colour" }), "guard.invalid_input"),
        (json!({ "type": null }), "guard.invalid_input"),
        (json!({ "required": "no" }), "guard.invalid_input"),
        (json!({ "label": "" }), "guard.invalid_input"),
        (
            json!({ "description": "d".repeat(257) }),
            "guard.invalid_input",
        ),
        (json!({ "config": "none" }), "guard.invalid_input"),
        (
            json!({ "config": { "minLength": -1 } }),
            "guard.invalid_input",
        ),
        (
            json!({ "config": { "placeholder": "p".repeat(1 << 16) } }),
            "guard.invalid_input",
        ),
        (
            json!({ "config": { "minLength": 2, "maxLength": 1 } }),
            "custom_profile_fields.invalid_min_max_input",
        ),
        (
            json!({ "type": "Address", "config": { "parts": [{ "enabled": true, "name": "country", "type": "Fullname", "required": true }] } }),
            "custom_profile_fields.invalid_sub_component_type",
        ),
    ] {
        let mut field = json!({ "name": "size", "type": "Text", "required": false });
        let members = field.as_object_mut().unwrap();
        members.extend(change.as_object().unwrap().clone());
        let refused = manager.post(PATH, &field).await;
        assert_eq!(refused.body["code"], code, "{change}");
        refused.failed(400, code);
    }
    assert_eq!(manager.get(PATH).await.with(200), json!([]));
}

async fn a_field_may_be_called_like_a_route(db: TestDb) {
    let manager = Manager::start(db).await;
    let field = json!({ "name": "batch", "type": "Text", "required": false });
    manager.post(PATH, &field).await.with(201);
    let path = format!("{PATH}/batch");
    assert_eq!(manager.get(&path).await.with(200)["name"], "batch");
    let change = json!({ "type": "Text", "required": true });
    assert_eq!(
        manager.put(&path, &change).await.with(200)["required"],
        true
    );
    manager.delete(&path).await.with(204);
    manager.get(&path).await.failed(404, "entity.not_found");
}
