//! What a question costs over few rows and over many.

use std::time::Duration;

use anyhow::Result;

use crate::{figures::Report, http::Request, process::Hufu, raw};

/// What a path that an index serves may cost over many rows, as a multiple of what it costs over few.
const GROWTH: f64 = 1.5;
const CONNECTIONS: usize = 8;

/// What an operator's program asks for.
pub(crate) struct Question {
    /// What the report calls it.
    pub(crate) what: &'static str,
    /// Without the token.
    pub(crate) request: Request,
    /// Whether an index serves it.
    pub(crate) has_goal: bool,
}

/// What answering a question takes.
pub(crate) struct Cost {
    /// Requests per second of processor time, of the server and its database.
    rate: f64,
    /// One request, counted in ES384 signatures of the same moment: the machine's mood is not in it.
    signatures: f64,
}

/// Each question with its cost.
pub(crate) async fn measure(
    hufu: &Hufu,
    bearer: &str,
    questions: Vec<Question>,
    load: Duration,
) -> Result<Vec<(Question, Cost)>> {
    let mut costs = Vec::new();
    for question in questions {
        let request = question.request.clone().with("authorization", bearer);
        let before = raw::es384_signatures_per_cpu_second();
        // What reads every row is asked for by one administrator at a time.
        let connections = if question.has_goal { CONNECTIONS } else { 1 };
        let rate = hufu.rate_with_database(&request, connections, load).await?;
        let after = raw::es384_signatures_per_cpu_second();
        let signatures = f64::midpoint(before, after) / rate;
        costs.push((question, Cost { rate, signatures }));
    }
    Ok(costs)
}

/// Writes down both, and how much the cost has grown.
pub(crate) fn compare(
    report: &mut Report,
    database: &str,
    rows: &str,
    (few_rows, few): (i64, Vec<(Question, Cost)>),
    (many_rows, many): (i64, Vec<(Question, Cost)>),
) {
    for ((question, few), (_, many)) in few.into_iter().zip(many) {
        let what = format!("{} on {database}", question.what);
        for (number, cost) in [(few_rows, &few), (many_rows, &many)] {
            report.line(
                &format!("{what}: requests per CPU-second over {number} {rows}"),
                cost.rate,
            );
        }
        let ratio = many.signatures / few.signatures;
        let what = format!("{what}: cost over {many_rows} {rows} against {few_rows}");
        if question.has_goal {
            report.goal_at_most(&what, ratio, GROWTH);
        } else {
            report.line(&what, ratio);
        }
    }
}
