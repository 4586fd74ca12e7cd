//! What a job found, and all of it as a page of Markdown.

use std::fmt::Write as _;
use std::path::Path;

use chrono::Utc;

use crate::arguments::Arguments;
use crate::jobs::Job;
use crate::machine::Bench;
use crate::postgres::SETTINGS;
use crate::process::Say;
use crate::rounds::{Series, median};

/// What a ratio, or a figure, shall be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// So much or more.
    AtLeast(f64),
    /// So much or less.
    AtMost(f64),
    /// For comparison only.
    None,
}

impl Goal {
    fn is_met_by(self, figure: f64) -> Option<bool> {
        match self {
            Self::AtLeast(least) => Some(figure >= least),
            Self::AtMost(most) => Some(figure <= most),
            Self::None => None,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtLeast(least) => format!("at least {least}"),
            Self::AtMost(most) => format!("at most {most}"),
            Self::None => String::new(),
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
struct Line {
    what: String,
    yardstick: String,
    service: String,
    /// The ratio, or the figure itself, and its spread over the rounds.
    reported: String,
    goal: String,
    verdict: &'static str,
}

/// What a job found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    notes: Vec<String>,
}

impl Report {
    /// A report without figures yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a ratio of the service to the yardstick.
    pub(crate) fn ratio(&mut self, what: &str, unit: &str, series: &Series, goal: Goal) {
        let ratios = series.ratios();
        let ratio = median(&ratios);
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let most = ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let spread = if ratios.len() > 1 { format!(" ({least:.2} to {most:.2})") } else { String::new() };
        self.lines.push(Line {
            what: what.to_owned(),
            yardstick: format!("{} {unit}", shown(median(&series.yardstick))),
            service: format!("{} {unit}", shown(median(&series.service))),
            reported: format!("**{ratio:.2}**{spread}"),
            goal: goal.words(),
            verdict: verdict(goal, ratio),
        });
    }

    /// Adds a figure of the service that has no yardstick.
    pub(crate) fn figure(&mut self, what: &str, unit: &str, figures: &[f64], goal: Goal) {
        let figure = median(figures);
        let goal_words =
            if matches!(goal, Goal::None) { String::new() } else { format!("{} {unit}", goal.words()) };
        self.lines.push(Line {
            what: what.to_owned(),
            yardstick: String::new(),
            service: format!("{} {unit}", shown(figure)),
            reported: String::new(),
            goal: goal_words,
            verdict: verdict(goal, figure),
        });
    }

    /// Adds something to know about the figures.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Adds that the service cannot do it.
    pub(crate) fn not_yet(&mut self, why: impl std::fmt::Display) {
        self.notes.push(format!("**Not there yet**: {why}"));
    }
}

fn verdict(goal: Goal, figure: f64) -> &'static str {
    match goal.is_met_by(figure) {
        Some(true) => "met",
        Some(false) => "missed",
        None => "",
    }
}

fn shown(figure: f64) -> String {
    if figure >= 1000.0 {
        let whole = format!("{figure:.0}");
        let mut parts: Vec<String> = Vec::new();
        let mut rest = whole.as_str();
        while rest.len() > 3 {
            let (front, back) = rest.split_at(rest.len() - 3);
            parts.push(back.to_owned());
            rest = front;
        }
        parts.push(rest.to_owned());
        parts.reverse();
        parts.join(",")
    } else if figure >= 10.0 {
        format!("{figure:.1}")
    } else {
        format!("{figure:.2}")
    }
}

/// All that was found in a run.
pub(crate) struct Results {
    head: String,
    jobs: String,
}

impl Results {
    /// A run that begins now.
    pub(crate) fn new(bench: &Bench, arguments: &Arguments) -> Self {
        let mut head = String::from("# Measured\n\n");
        let rounds = arguments.rounds();
        let quick = if arguments.quick { " A quick run: its figures say nothing." } else { "" };
        let settings: Vec<String> = SETTINGS.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let _ = write!(
            head,
            "Written by `{}` on {}. Yardstick and service took turns for {rounds} {}; figures are medians, and a ratio \
             is the median of the rounds' ratios, with the lowest and the highest.{quick}\n\n{}\n\nPostgreSQL: {}.\n",
            arguments.command(),
            Utc::now().format("%-d %B %Y, %H:%M UTC"),
            if rounds == 1 { "round" } else { "rounds" },
            bench.description(),
            settings.join(", "),
        );
        Self { head, jobs: String::new() }
    }

    /// Adds a job, and gives it as text.
    pub(crate) fn add(&mut self, job: Job, report: Result<Report, String>) -> String {
        let report = report.unwrap_or_else(|error| {
            let mut report = Report::new();
            report.note(format!("**Could not be measured**: {error}"));
            report
        });
        let mut text = format!("\n## {}\n{}.\n", job.name(), job.about());
        if !report.lines.is_empty() {
            text.push_str(
                "\n| | Yardstick | Service | Ratio | Goal | |\n| --- | ---: | ---: | ---: | --- | --- |\n",
            );
        }
        for Line { what, yardstick, service, reported, goal, verdict } in &report.lines {
            let _ = writeln!(text, "| {what} | {yardstick} | {service} | {reported} | {goal} | {verdict} |");
        }
        if !report.notes.is_empty() {
            text.push('\n');
        }
        for note in &report.notes {
            let _ = writeln!(text, "- {note}");
        }
        self.jobs.push_str(&text);
        text
    }

    /// Writes the page, if there is a place for it.
    pub(crate) fn write(&self, place: Option<&Path>) -> Result<(), String> {
        let Some(place) = place else {
            return Ok(());
        };
        let Self { head, jobs } = self;
        std::fs::write(place, format!("{head}{jobs}")).say("the results")?;
        eprintln!("written to {}", place.display());
        Ok(())
    }
}
