//! SAML applications: what is registered of them, what signs their answers, and their requests under way.

use protocol::saml::{
    name_id::NameIdFormat,
    service_provider::{AcsUrl, Binding, ServiceProvider},
};
use store::{
    StoreError, Vault, saml_application,
    saml_application_secret::{self as secret, SamlApplicationSecret},
    saml_session::{self, SamlSession},
    sweep,
    testing::{TestDb, vault},
};

use crate::{
    application,
    fixture::{NOW, TENANT, commit, tenant},
    race::race,
};

store::on_both!(
    what_is_registered_reads_back,
    the_key_that_signs_is_read_with_the_vault_key_only,
    a_key_that_signs_is_not_forgotten,
    parallel_activations_leave_one_key_active,
    a_request_is_answered_in_its_browser_for_its_application_and_in_time,
    t12_parallel_answers_to_a_request_are_one,
    deletion_takes_everything_along,
    requests_that_nobody_answered_are_swept,
);

async fn furnish(db: &TestDb) {
    tenant(db).await;
    application::insert(db, "app").await;
    application::insert(db, "other").await;
}

fn key(id: &str, active: bool) -> SamlApplicationSecret {
    SamlApplicationSecret {
        id: id.to_owned(),
        certificate: format!("certificate of {id}"),
        active,
        created_at: NOW,
        expires_at: NOW.plus(1000),
    }
}

async fn insert(db: &TestDb, id: &str, active: bool) {
    let (key, private) = (key(id, active), format!("private key of {id}"));
    commit!(db, tx => secret::insert(&mut tx, &vault(), TENANT, "app", &key, private.as_bytes()));
}

async fn active(db: &TestDb) -> Option<String> {
    let keys = secret::list(&**db, TENANT, "app").await.unwrap();
    let mut active = keys.into_iter().filter(|key| key.active);
    let found = active.next().map(|key| key.id);
    assert_eq!(active.next(), None, "one at most");
    found
}

fn session() -> SamlSession {
    SamlSession {
        application_id: "app".to_owned(),
        request_id: "_b7".to_owned(),
        relay_state: Some("\"><script>".to_owned()),
        is_passive: true,
        created_at: NOW,
        expires_at: NOW.plus(3600),
    }
}

async fn what_is_registered_reads_back(db: TestDb) {
    furnish(&db).await;
    let find = async |tenant: &str| saml_application::find(&*db, tenant, "app").await.unwrap();
    assert_eq!(find(TENANT).await, None);
    let mut provider = ServiceProvider::default();
    commit!(db, tx => saml_application::set(&mut tx, TENANT, "app", &provider));
    assert_eq!(find(TENANT).await.as_ref(), Some(&provider));
    provider.name_id_format = NameIdFormat::EmailAddress;
    provider.entity_id = Some("https://sp.example.com".to_owned());
    provider.acs_url = Some(AcsUrl {
        binding: Binding::Post,
        url: "https://sp.example.com/acs".to_owned(),
    });
    commit!(db, tx => saml_application::set(&mut tx, TENANT, "app", &provider));
    assert_eq!(find(TENANT).await.as_ref(), Some(&provider));
    assert_eq!(find("admin").await, None);
    let mut tx = db.begin().await.unwrap();
    let dangling = saml_application::set(&mut tx, TENANT, "none", &provider).await;
    assert!(
        matches!(dangling, Err(StoreError::Dangling)),
        "{dangling:?}"
    );
    drop(tx);
    db.remove().await;
}

async fn the_key_that_signs_is_read_with_the_vault_key_only(db: TestDb) {
    furnish(&db).await;
    insert(&db, "k1", true).await;
    insert(&db, "k2", false).await;
    let found = secret::active(&*db, &vault(), TENANT, "app").await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.certificate, "certificate of k1");
    assert_eq!(*found.private_key, b"private key of k1");
    let other = Vault::new([8; 32]).unwrap();
    let refused = secret::active(&*db, &other, TENANT, "app").await;
    assert!(matches!(refused, Err(StoreError::Vault(_))), "{refused:?}");
    let reveal = async |tenant: &str, application: &str, id: &str| {
        let found = secret::reveal(&*db, &vault(), tenant, application, id).await;
        found.unwrap().map(|key| key.to_vec())
    };
    let one = reveal(TENANT, "app", "k2").await;
    assert_eq!(one.as_deref(), Some(&b"private key of k2"[..]));
    assert_eq!(reveal(TENANT, "app", "k3").await, None);
    assert_eq!(reveal(TENANT, "other", "k2").await, None);
    assert_eq!(reveal("admin", "app", "k2").await, None);
    let refused = secret::reveal(&*db, &other, TENANT, "app", "k2").await;
    assert!(matches!(refused, Err(StoreError::Vault(_))), "{refused:?}");
    let certificate = secret::active_certificate(&*db, TENANT, "app").await;
    assert_eq!(certificate.unwrap().as_deref(), Some("certificate of k1"));
    for (tenant, application) in [(TENANT, "other"), ("admin", "app")] {
        let found = secret::active(&*db, &vault(), tenant, application).await;
        assert!(found.unwrap().is_none());
    }
    db.remove().await;
}

async fn a_key_that_signs_is_not_forgotten(db: TestDb) {
    furnish(&db).await;
    insert(&db, "k1", true).await;
    insert(&db, "k2", false).await;
    let delete = async |id: &str| commit!(db, tx => secret::delete(&mut tx, TENANT, "app", id));
    assert!(!delete("k1").await);
    commit!(db, tx => secret::activate(&mut tx, TENANT, "app", Some("k2")));
    assert_eq!(active(&db).await.as_deref(), Some("k2"));
    assert!(!commit!(db, tx => secret::delete(&mut tx, TENANT, "other", "k1")));
    assert!(delete("k1").await);
    assert!(!delete("k1").await);
    commit!(db, tx => secret::activate(&mut tx, TENANT, "app", None));
    assert_eq!(active(&db).await, None);
    assert_eq!(
        secret::list(&*db, TENANT, "app").await.unwrap(),
        [key("k2", false)]
    );
    // Without the lock and the step before, the database itself refuses a second one.
    insert(&db, "k3", true).await;
    let mut tx = db.begin().await.unwrap();
    let second = secret::insert(&mut tx, &vault(), TENANT, "app", &key("k4", true), b"x").await;
    assert!(matches!(second, Err(StoreError::Conflict(_))), "{second:?}");
    drop(tx);
    db.remove().await;
}

async fn parallel_activations_leave_one_key_active(db: TestDb) {
    furnish(&db).await;
    for number in 0..50 {
        insert(&db, &format!("k{number}"), false).await;
    }
    race(&db, |db, number| async move {
        let id = format!("k{number}");
        let mut tx = db.begin().await.unwrap();
        secret::lock(&mut tx, TENANT, "app").await.unwrap();
        secret::activate(&mut tx, TENANT, "app", Some(&id))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    })
    .await;
    assert!(active(&db).await.is_some());
    db.remove().await;
}

async fn a_request_is_answered_in_its_browser_for_its_application_and_in_time(db: TestDb) {
    furnish(&db).await;
    commit!(db, tx => saml_session::insert(&mut tx, TENANT, "state", "browser", &session()));
    let take = async |tenant: &str, application: &str, state: &str, browser: &str, seconds| commit!(db, tx => saml_session::take(&mut tx, tenant, application, state, browser, NOW.plus(seconds)));
    for (tenant, application, state, browser, seconds) in [
        ("admin", "app", "state", "browser", 0),
        (TENANT, "other", "state", "browser", 0),
        (TENANT, "app", "another", "browser", 0),
        (TENANT, "app", "state", "another", 0),
        (TENANT, "app", "state", "browser", 3600),
    ] {
        assert_eq!(
            take(tenant, application, state, browser, seconds).await,
            None
        );
    }
    let taken = take(TENANT, "app", "state", "browser", 3599).await;
    assert_eq!(taken, Some(session()));
    assert_eq!(take(TENANT, "app", "state", "browser", 3599).await, None);
    db.remove().await;
}

async fn t12_parallel_answers_to_a_request_are_one(db: TestDb) {
    furnish(&db).await;
    commit!(db, tx => saml_session::insert(&mut tx, TENANT, "state", "browser", &session()));
    let taken = race(&db, |db, _| async move {
        commit!(db, tx => saml_session::take(&mut tx, TENANT, "app", "state", "browser", NOW))
    })
    .await;
    assert_eq!(taken.into_iter().flatten().collect::<Vec<_>>(), [session()]);
    db.remove().await;
}

async fn deletion_takes_everything_along(db: TestDb) {
    furnish(&db).await;
    insert(&db, "k1", true).await;
    let provider = ServiceProvider::default();
    commit!(db, tx => saml_application::set(&mut tx, TENANT, "app", &provider));
    commit!(db, tx => saml_session::insert(&mut tx, TENANT, "state", "browser", &session()));
    assert!(commit!(db, tx => store::application::delete(&mut tx, TENANT, "app")));
    assert_eq!(
        saml_application::find(&*db, TENANT, "app").await.unwrap(),
        None
    );
    assert_eq!(secret::list(&*db, TENANT, "app").await.unwrap(), []);
    let taken =
        commit!(db, tx => saml_session::take(&mut tx, TENANT, "app", "state", "browser", NOW));
    assert_eq!(taken, None);
    db.remove().await;
}

async fn requests_that_nobody_answered_are_swept(db: TestDb) {
    furnish(&db).await;
    commit!(db, tx => saml_session::insert(&mut tx, TENANT, "state", "browser", &session()));
    assert_eq!(sweep::run(&db, NOW.plus(3599)).await.unwrap(), 0);
    assert_eq!(sweep::run(&db, NOW.plus(3600)).await.unwrap(), 1);
    db.remove().await;
}
