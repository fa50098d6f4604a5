//! `/verification-codes` (`contract/logto-api.md` §5.5).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{manager::Manager, receiver::Receiver};

on_both! {
    a_code_is_good_once,
    a_new_code_takes_the_place_of_the_one_before,
    a_code_is_good_for_ten_minutes_unless_the_tenant_says_otherwise,
    t51_after_ten_wrong_tries_the_right_one_is_of_no_use,
    t12_fifty_tries_with_one_code_have_one_success,
    without_a_connector_no_code_is_sent,
    what_is_no_recipient_is_refused,
}

struct Codes {
    manager: Manager,
    program: Receiver,
}

impl Codes {
    async fn start(db: TestDb) -> Self {
        let manager = Manager::start_with(db, &[("HUFU_OUTBOUND_ALLOW", "127.0.0.1")]).await;
        let program = Receiver::start().await;
        for factory in ["http-email", "http-sms"] {
            let body = json!({ "connectorId": factory, "config": { "endpoint": program.url } });
            manager.post("/connectors", &body).await.with(200);
        }
        Self { manager, program }
    }

    async fn send(&self, recipient: &Value) -> String {
        self.manager
            .post("/verification-codes", recipient)
            .await
            .with(204);
        let call = self.program.calls().pop().unwrap();
        call.body["payload"]["code"].as_str().unwrap().to_owned()
    }

    async fn verify(&self, recipient: &Value, code: &str) -> crate::support::Answer {
        let mut body = recipient.clone();
        body["verificationCode"] = code.into();
        self.manager.post("/verification-codes/verify", &body).await
    }
}

/// Another code.
fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn a_code_is_good_once(db: TestDb) {
    let codes = Codes::start(db).await;
    let (ann, phone) = (
        json!({ "email": "Ann@People.test" }),
        json!({ "phone": "4915112345678" }),
    );
    let code = codes.send(&ann).await;
    // Nobody else's, and in whatever case the address is written.
    codes
        .verify(&phone, &code)
        .await
        .failed(400, "verification_code.not_found");
    codes
        .verify(&json!({ "email": "bob@people.test" }), &code)
        .await
        .failed(400, "verification_code.not_found");
    codes
        .verify(&ann, &wrong(&code))
        .await
        .failed(400, "verification_code.code_mismatch");
    codes
        .verify(&json!({ "email": "ann@people.test" }), &code)
        .await
        .with(204);
    codes
        .verify(&ann, &code)
        .await
        .failed(400, "verification_code.not_found");
    let code = codes.send(&phone).await;
    codes.verify(&phone, &code).await.with(204);
}

async fn a_new_code_takes_the_place_of_the_one_before(db: TestDb) {
    let codes = Codes::start(db).await;
    let ann = json!({ "email": "ann@people.test" });
    let first = codes.send(&ann).await;
    let mut second = codes.send(&ann).await;
    while second == first {
        second = codes.send(&ann).await;
    }
    codes
        .verify(&ann, &first)
        .await
        .failed(400, "verification_code.code_mismatch");
    codes.verify(&ann, &second).await.with(204);
}

async fn a_code_is_good_for_ten_minutes_unless_the_tenant_says_otherwise(db: TestDb) {
    let codes = Codes::start(db).await;
    let ann = json!({ "email": "ann@people.test" });
    let code = codes.send(&ann).await;
    codes.manager.server.advance(600);
    codes
        .verify(&ann, &code)
        .await
        .failed(400, "verification_code.expired");
    let policy =
        json!({ "verificationCodePolicy": { "expirationDuration": 60, "maxRetryAttempts": 1 } });
    codes.manager.patch("/sign-in-exp", &policy).await.with(200);
    let code = codes.send(&ann).await;
    codes.manager.server.advance(59);
    codes.verify(&ann, &code).await.with(204);
    let code = codes.send(&ann).await;
    codes.manager.server.advance(60);
    codes
        .verify(&ann, &code)
        .await
        .failed(400, "verification_code.expired");
    let code = codes.send(&ann).await;
    codes
        .verify(&ann, &wrong(&code))
        .await
        .failed(400, "verification_code.code_mismatch");
    codes
        .verify(&ann, &code)
        .await
        .failed(400, "verification_code.exceed_max_try");
}

async fn t51_after_ten_wrong_tries_the_right_one_is_of_no_use(db: TestDb) {
    let codes = Codes::start(db).await;
    let ann = json!({ "email": "ann@people.test" });
    let code = codes.send(&ann).await;
    for _ in 0..10 {
        codes
            .verify(&ann, &wrong(&code))
            .await
            .failed(400, "verification_code.code_mismatch");
    }
    codes
        .verify(&ann, &code)
        .await
        .failed(400, "verification_code.exceed_max_try");
    let code = codes.send(&ann).await;
    codes.verify(&ann, &code).await.with(204);
}

async fn t12_fifty_tries_with_one_code_have_one_success(db: TestDb) {
    let codes = Codes::start(db).await;
    let policy = json!({ "verificationCodePolicy": { "maxRetryAttempts": 100 } });
    codes.manager.patch("/sign-in-exp", &policy).await.with(200);
    let ann = json!({ "email": "ann@people.test" });
    let code = codes.send(&ann).await;
    let tries = (0..50).map(|_| codes.verify(&ann, &code));
    let answers = futures_util::future::join_all(tries).await;
    let good = answers.iter().filter(|answer| answer.status == 204).count();
    assert_eq!(good, 1);
}

async fn without_a_connector_no_code_is_sent(db: TestDb) {
    let manager = Manager::start(db).await;
    for recipient in [
        json!({ "email": "ann@people.test" }),
        json!({ "phone": "4915112345678" }),
    ] {
        manager
            .post("/verification-codes", &recipient)
            .await
            .failed(501, "connector.not_found");
    }
}

async fn what_is_no_recipient_is_refused(db: TestDb) {
    let codes = Codes::start(db).await;
    for recipient in [
        json!({}),
        json!({ "email": "" }),
        json!({ "email": "ann" }),
        json!({ "email": 1 }),
        json!({ "email": "a@b.test\nBcc: c@d.test" }),
        json!({ "phone": "+49 151" }),
        json!({ "phone": "1".repeat(40) }),
    ] {
        codes
            .manager
            .post("/verification-codes", &recipient)
            .await
            .failed(400, "guard.invalid_input");
    }
    let ann = json!({ "email": "ann@people.test" });
    codes
        .manager
        .post("/verification-codes/verify", &ann)
        .await
        .failed(400, "guard.invalid_input");
    assert!(codes.program.calls().is_empty());
}
