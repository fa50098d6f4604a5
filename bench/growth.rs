//! What a question costs over few rows and over many.

use std::time::Duration;

use anyhow::Result;

use crate::{figures::Report, http::Request, process::Hufu};

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

/// Each question with how often it is answered per second of the server's processor time.
pub(crate) async fn measure(
    hufu: &Hufu,
    bearer: &str,
    questions: Vec<Question>,
    load: Duration,
) -> Result<Vec<(Question, f64)>> {
    let mut figures = Vec::new();
    for question in questions {
        let request = question.request.clone().with("authorization", bearer);
        let figure = hufu.rate(&request, CONNECTIONS, load).await?;
        figures.push((question, figure));
    }
    Ok(figures)
}

/// Writes down both, and how much the cost has grown.
pub(crate) fn compare(
    report: &mut Report,
    database: &str,
    rows: &str,
    (few_rows, few): (i64, Vec<(Question, f64)>),
    (many_rows, many): (i64, Vec<(Question, f64)>),
) {
    for ((question, few), (_, many)) in few.into_iter().zip(many) {
        let what = format!("{} on {database}", question.what);
        report.line(
            &format!("{what}: requests per CPU-second over {few_rows} {rows}"),
            few,
        );
        let ratio = few / many;
        let what = format!("{what}: cost over {many_rows} {rows} against {few_rows}");
        if question.has_goal {
            report.goal_at_most(&what, ratio, GROWTH);
        } else {
            report.line(&what, ratio);
        }
    }
}
