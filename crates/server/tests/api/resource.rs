//! `/resources` and their scopes (`contract/logto-api.md` §3.2).

use serde_json::{Value, json};
use store::{on_both, seed::MANAGEMENT_API, testing::TestDb};

use crate::manager::Manager;

on_both!(
    a_resource_is_registered_changed_and_deleted,
    what_cannot_be_registered_is_refused,
    the_management_api_is_kept_as_it_is,
    one_resource_at_most_is_the_default,
    scopes_belong_to_their_resource,
    scopes_are_searched,
    lists_come_in_pages,
);

async fn register(manager: &Manager, name: &str) -> Value {
    let body = json!({ "name": name, "indicator": format!("https://{name}.test") });
    manager.post("/resources", &body).await.with(201)
}

fn path(resource: &Value, rest: &str) -> String {
    format!("/resources/{}{rest}", resource["id"].as_str().unwrap())
}

async fn a_resource_is_registered_changed_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = register(&manager, "shop").await;
    assert_eq!(
        made,
        json!({
            "tenantId": "default", "id": made["id"], "name": "shop", "indicator": "https://shop.test",
            "isDefault": false, "accessTokenTtl": 3600, "scopes": [],
        })
    );
    assert_eq!(made["id"].as_str().unwrap().len(), 21);
    let change = json!({ "name": "Shop", "accessTokenTtl": 60, "indicator": "https://other.test" });
    let changed = manager.patch(&path(&made, ""), &change).await.with(200);
    assert_eq!(changed["name"], "Shop");
    assert_eq!(changed["accessTokenTtl"], 60);
    assert_eq!(changed["indicator"], "https://shop.test", "tokens carry it");
    assert_eq!(manager.get(&path(&made, "")).await.with(200), changed);
    assert!(
        manager
            .server
            .app
            .tenant("default")
            .unwrap()
            .resource("https://shop.test")
            .is_some(),
        "the token endpoint knows it at once"
    );
    manager.delete(&path(&made, "")).await.with(204);
    for answer in [
        manager.get(&path(&made, "")).await,
        manager.patch(&path(&made, ""), &json!({})).await,
        manager.delete(&path(&made, "")).await,
    ] {
        answer.failed(404, "entity.not_exists_with_id");
    }
}

async fn what_cannot_be_registered_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    register(&manager, "shop").await;
    for (body, code, status) in [
        (
            json!({ "name": "a", "indicator": "https://shop.test" }),
            "resource.resource_identifier_in_use",
            422,
        ),
        (
            json!({ "name": "a", "indicator": "shop" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "name": "a", "indicator": "https://a.test/#b" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "name": "", "indicator": "https://a.test" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "name": "a".repeat(257), "indicator": "https://a.test" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "name": "a\u{0}", "indicator": "https://a.test" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "name": 7, "indicator": "https://a.test" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "indicator": "https://a.test" }),
            "guard.invalid_input",
            400,
        ),
        (
            json!({ "name": "a", "indicator": "https://a.test", "accessTokenTtl": 0 }),
            "guard.invalid_input",
            400,
        ),
        (json!([]), "guard.invalid_input", 400),
    ] {
        manager.post("/resources", &body).await.failed(status, code);
    }
    let broken = manager.send("POST", "/resources", Some(&Value::Null)).await;
    assert_eq!(broken.status, 400);
}

async fn the_management_api_is_kept_as_it_is(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = json!({ "name": "write" });
    manager
        .patch("/resources/management-api", &body)
        .await
        .failed(400, "resource.cannot_modify_management_api");
    manager
        .delete("/resources/management-api")
        .await
        .failed(400, "resource.cannot_delete_management_api");
    let scopes = "/resources/management-api/scopes";
    manager
        .post(scopes, &body)
        .await
        .failed(400, "resource.cannot_modify_management_api");
    let all = format!("{scopes}/management-api-all");
    manager
        .patch(&all, &body)
        .await
        .failed(400, "resource.cannot_modify_management_api");
    manager
        .delete(&all)
        .await
        .failed(400, "resource.cannot_modify_management_api");
    let found = manager.get("/resources/management-api").await.with(200);
    assert_eq!(found["indicator"], MANAGEMENT_API);
}

async fn one_resource_at_most_is_the_default(db: TestDb) {
    let manager = Manager::start(db).await;
    let (one, two) = (
        register(&manager, "one").await,
        register(&manager, "two").await,
    );
    let default = json!({ "isDefault": true });
    for resource in [&one, &two] {
        let answer = manager
            .patch(&path(resource, "/is-default"), &default)
            .await;
        assert_eq!(answer.with(200)["isDefault"], true);
    }
    assert_eq!(
        manager.get(&path(&one, "")).await.with(200)["isDefault"],
        false
    );
    let none = json!({ "isDefault": false });
    manager
        .patch(&path(&two, "/is-default"), &none)
        .await
        .with(200);
    assert_eq!(
        manager
            .server
            .app
            .tenant("default")
            .unwrap()
            .default_resource(),
        None
    );
}

async fn scopes_belong_to_their_resource(db: TestDb) {
    let manager = Manager::start(db).await;
    let (one, two) = (
        register(&manager, "one").await,
        register(&manager, "two").await,
    );
    let scopes = path(&one, "/scopes");
    let body = json!({ "name": "read:all", "description": "Reads." });
    let made = manager.post(&scopes, &body).await.with(201);
    assert_eq!(made["resourceId"], one["id"]);
    assert_eq!(made["createdAt"], 1_800_000_000_000_i64, "milliseconds");
    manager
        .post(&scopes, &body)
        .await
        .failed(422, "scope.name_exists");
    manager
        .post(&scopes, &json!({ "name": "a b" }))
        .await
        .failed(400, "scope.name_with_space");
    manager
        .post("/resources/none/scopes", &body)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager.post(&path(&two, "/scopes"), &body).await.with(201);

    let id = made["id"].as_str().unwrap();
    let elsewhere = path(&two, &format!("/scopes/{id}"));
    manager
        .patch(&elsewhere, &json!({ "name": "x" }))
        .await
        .failed(404, "entity.not_exists");
    manager
        .delete(&elsewhere)
        .await
        .failed(404, "entity.not_found");

    let here = format!("{scopes}/{id}");
    let kept = manager
        .patch(&here, &json!({ "name": "write" }))
        .await
        .with(200);
    assert_eq!(
        (&kept["name"], &kept["description"]),
        (&json!("write"), &json!("Reads."))
    );
    let cleared = manager
        .patch(&here, &json!({ "description": null }))
        .await
        .with(200);
    assert_eq!(cleared["description"], Value::Null);
    manager.delete(&here).await.with(204);
    assert_eq!(manager.get(&scopes).await.with(200), json!([]));
    assert_eq!(
        manager.get("/resources/none/scopes").await.with(200),
        json!([])
    );
}

async fn scopes_are_searched(db: TestDb) {
    let manager = Manager::start(db).await;
    let shop = register(&manager, "shop").await;
    let scopes = path(&shop, "/scopes");
    for (name, description) in [
        ("read:one", "Alpha"),
        ("READ:two", "100%"),
        ("write", "read it"),
    ] {
        let body = json!({ "name": name, "description": description });
        manager.post(&scopes, &body).await.with(201);
    }
    let found = async |query: &str| {
        let body = manager.get(&format!("{scopes}?{query}")).await.with(200);
        let names = body.as_array().unwrap().iter();
        let mut names: Vec<_> = names
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        found("search=%25read%25").await,
        ["READ:two", "read:one", "write"]
    );
    assert_eq!(
        found("search.name=%25read%25").await,
        ["READ:two", "read:one"]
    );
    assert_eq!(
        found("search.name=read%25&isCaseSensitive=true").await,
        ["read:one"]
    );
    assert_eq!(
        found("search.name=%25[*?]%25&isCaseSensitive=true").await,
        [""; 0]
    );
    assert_eq!(
        found("search.name=READ:TWO&search.name=write&mode.name=exact").await,
        ["READ:two", "write"]
    );
    assert_eq!(
        found("search.name=write&mode=exact&isCaseSensitive=1").await,
        ["write"]
    );
    assert_eq!(
        found("search.description=100\\%25&mode=like").await,
        ["READ:two"]
    );
    assert_eq!(
        found("search.name=^read&mode=posix").await,
        ["READ:two", "read:one"]
    );
    assert_eq!(
        found("search.name=^read&mode=posix&isCaseSensitive=true").await,
        ["read:one"]
    );
    assert_eq!(
        found("search.name=(read|READ):%25&mode=similar_to&isCaseSensitive=true").await,
        ["READ:two", "read:one"]
    );
    assert_eq!(
        found("search.name=read%25&search.description=alpha&joint=and").await,
        ["read:one"]
    );
    assert_eq!(
        found("search.name=write&search.description=alpha").await,
        ["read:one", "write"]
    );
    for query in [
        "search=",
        "search=(&mode=posix",
        "search=a\\",
        "mode=x",
        "search.other=a",
    ] {
        manager
            .get(&format!("{scopes}?{query}"))
            .await
            .failed(400, "request.invalid_input");
    }
    manager
        .get(&format!("{scopes}?search=%00"))
        .await
        .failed(400, "guard.invalid_input");
}

async fn lists_come_in_pages(db: TestDb) {
    let manager = Manager::start(db).await;
    for number in 0..3 {
        register(&manager, &format!("api{number}")).await;
    }
    let all = manager.get("/resources").await;
    assert!(!all.headers.contains_key("total-number"), "the whole list");
    let all = all.with(200).as_array().unwrap().len();
    let page = manager
        .get("/resources?page=2&page_size=2&includeScopes=true")
        .await;
    assert_eq!(page.header("total-number"), all.to_string());
    let links: Vec<_> = page
        .headers
        .get_all("link")
        .iter()
        .map(|link| link.to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        links[0],
        "<http://id.test/api/resources?page_size=2&includeScopes=true&page=1>; rel=\"first\""
    );
    let rows = page.with(200);
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert!(rows[0]["scopes"].is_array());
    for query in ["page=0", "page_size=101", "page=x"] {
        manager
            .get(&format!("/resources?{query}"))
            .await
            .failed(400, "guard.invalid_pagination");
    }
}
