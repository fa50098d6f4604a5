//! The audit log over few and many rows: what growth costs.

use std::time::Duration;

use anyhow::{Context, Result};
use store::{
    log::{Log, NewLog},
    seed::DEFAULT_TENANT,
};

use crate::{
    figures::Report,
    growth::{self, Question},
    http::Request,
    process::{Hufu, MANAGEMENT_API},
};

/// Enough for every question to be counted as far as counting goes, and all that a person has.
const FEW: i64 = 200_000;
const MANY: i64 = 10_000_000;
/// Rows written in one transaction.
const BATCH: i64 = 10_000;
/// The newest row's moment in milliseconds, and how far apart rows are: ten million of them fill 90 days.
const NEWEST: i64 = 1_760_000_000_000;
const APART: i64 = 777;
/// How many people share `FEW` rows; the next rows are others', so that nobody's logs grow with the table.
const PEOPLE: i64 = 100;
const APPLICATIONS: i64 = 20;
const KEYS: [&str; 4] = [
    "ExchangeTokenBy.RefreshToken",
    "ExchangeTokenBy.AuthorizationCode",
    "ExchangeTokenBy.ClientCredentials",
    "Interaction.SignIn.Submit",
];
const LOAD: Duration = Duration::from_secs(2);

/// Measures over few rows, writes the others, and measures again.
pub(crate) async fn growth(report: &mut Report, hufu: &Hufu) -> Result<()> {
    let machine = hufu.machine_application(MANAGEMENT_API).await?;
    let bearer = hufu.bearer(&machine).await?;
    let db = store::Db::connect(hufu.database_address(), &store::Options::default()).await?;
    fill(&db, 0, FEW).await?;
    hufu.settle("logs")?;
    let few = growth::measure(hufu, &bearer, questions(), LOAD).await?;
    fill(&db, FEW, MANY).await?;
    hufu.settle("logs")?;
    db.close().await;
    let many = growth::measure(hufu, &bearer, questions(), LOAD).await?;
    growth::compare(report, hufu.database, "logs", (FEW, few), (MANY, many));
    Ok(())
}

fn questions() -> Vec<Question> {
    let question = |what, query: &str| Question {
        what,
        request: Request::get(format!("/api/logs?page_size=20&enableCap=true{query}")),
        has_goal: true,
    };
    let window = format!(
        "&start_time={}&end_time={}",
        NEWEST - 9_000 * APART,
        NEWEST - 8_000 * APART
    );
    vec![
        question("the newest 20 logs", ""),
        question("the newest 20 logs of a person", "&userId=person7"),
        question(
            "the newest 20 logs of an application",
            "&applicationId=application7",
        ),
        question(
            "the newest 20 logs with a key",
            "&logKey=Interaction.SignIn.Submit",
        ),
        question("20 logs of a window of time", &window),
    ]
}

/// Rows `from` to `to`, counted from the newest back into the past.
async fn fill(db: &store::Db, from: i64, to: i64) -> Result<()> {
    let mut next = from;
    while next < to {
        let until = (next + BATCH).min(to);
        let rows: Vec<NewLog> = (next..until).map(row).collect();
        let mut tx = db.begin().await?;
        store::log::insert(&mut tx, &rows).await?;
        tx.commit().await.context("logs cannot be written")?;
        next = until;
    }
    Ok(())
}

fn row(number: i64) -> NewLog {
    let key = usize::try_from(number % 4)
        .ok()
        .and_then(|index| KEYS.get(index));
    let key = (*key.unwrap_or(&KEYS[0])).to_owned();
    let person = format!("person{}", number / FEW * PEOPLE + number / 3 % PEOPLE);
    let application = format!("application{}", number / 7 % APPLICATIONS);
    let payload = format!(
        r#"{{"key":"{key}","result":"Success","ip":"192.0.2.1","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0)","userId":"{person}","applicationId":"{application}","params":{{"grant_type":"refresh_token","scope":"openid offline_access"}}}}"#
    );
    NewLog {
        tenant_id: DEFAULT_TENANT.to_owned(),
        log: Log {
            id: format!("bench{number:016}"),
            key,
            payload,
            created_at: NEWEST - number * APART,
        },
        user_id: Some(person),
        application_id: Some(application),
        hook_id: None,
        is_success: true,
    }
}
