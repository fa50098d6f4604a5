//! Figures, their goals, and the page they are written to.

use std::{fmt::Write as _, fs, process::Command};

use anyhow::Result;

/// What was measured, in order.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<(String, String, String)>,
}

impl Report {
    /// A figure without a goal.
    pub(crate) fn line(&mut self, what: &str, figure: f64) {
        self.push(what, figure, String::new());
    }

    /// A figure that should be at least `goal`.
    pub(crate) fn goal_at_least(&mut self, what: &str, figure: f64, goal: f64) {
        self.push(
            what,
            figure,
            format!("≥ {goal}: {}", verdict(figure >= goal)),
        );
    }

    /// A figure that should be at most `goal`.
    pub(crate) fn goal_at_most(&mut self, what: &str, figure: f64, goal: f64) {
        self.push(
            what,
            figure,
            format!("≤ {goal}: {}", verdict(figure <= goal)),
        );
    }

    fn push(&mut self, what: &str, figure: f64, goal: String) {
        let figure = if figure >= 100.0 {
            format!("{figure:.0}")
        } else {
            format!("{figure:.2}")
        };
        eprintln!("{what}: {figure} {goal}");
        self.rows.push((what.to_owned(), figure, goal));
    }

    /// Writes the table to standard output.
    pub(crate) fn print(&self) {
        println!("{}", self.table());
    }

    /// Writes the table to `bench/RESULTS.md`, with what it was measured on.
    pub(crate) fn save(&self) -> Result<()> {
        let mut page = String::from("# Results of `make bench`\n\nCommand: `make bench`  \n");
        writeln!(
            page,
            "Date: {}  ",
            said_by("date", &["-u", "+%Y-%m-%d %H:%M UTC"])
        )?;
        writeln!(page, "Machine: {}  ", machine())?;
        writeln!(page, "Compiler: {}  ", said_by("rustc", &["--version"]))?;
        writeln!(
            page,
            "Commit: {}\n",
            said_by("git", &["rev-parse", "--short", "HEAD"])
        )?;
        page.push_str(&self.table());
        fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/RESULTS.md"),
            page,
        )?;
        Ok(())
    }

    fn table(&self) -> String {
        let rows = self.rows.iter();
        let rows = rows.map(|(what, figure, goal)| format!("| {what} | {figure} | {goal} |\n"));
        let head = "| what | figure | goal |\n|---|---:|---|\n".to_owned();
        std::iter::once(head).chain(rows).collect()
    }
}

/// The middle value.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "not met" }
}

fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .and_then(|rest| rest.split_once(": "));
    format!(
        "{cpus} × {}",
        model.map_or("unknown processor", |(_, name)| name)
    )
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}
