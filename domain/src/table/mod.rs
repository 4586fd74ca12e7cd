//! A whole performance table, row by row, read into indicators, measures and results.
//!
//! [`read`] takes the rows as texts and gives, for each, the measure with its baseline, target and trajectory, its
//! results, and a report of every cell: what it was read as, what was assumed, or why it could not be read. What no
//! officer could mean (a row without a title, one code for two titles) is a [`Fault`] and refuses the table.

mod code;
mod definition;
mod identity;
mod lines;
mod results;
#[cfg(test)]
mod tests;
mod unit;
mod words;

pub use identity::{Fault, FaultCode};

use crate::code::Code;
use crate::framework::indicator::Indicator;
use crate::framework::measure::Measure;
use crate::framework::observation::Observation;
use crate::framework::plan::Theme;
use crate::notation;
use crate::notation::{Context, Measured, Reading, Targeted, Unread, YearKind};
use crate::time::period::Period;
use chrono::NaiveDate;
use definition::Definition;
use identity::Identified;
use std::collections::HashMap;

/// One row of a table, as texts. What a table has no column for is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The theme's title.
    pub theme: String,
    /// The indicator's title.
    pub indicator: String,
    /// The category of a breakdown, for one an ethnic group.
    pub group: String,
    /// The baseline cell.
    pub baseline: String,
    /// The target cell.
    pub target: String,
    /// Remarks, which may name a national indicator.
    pub comments: String,
    /// The result cell.
    pub result: String,
    /// The indicator's code.
    pub code: String,
    /// Which way is better.
    pub polarity: String,
    /// The unit.
    pub unit: String,
    /// How often a result is due.
    pub frequency: String,
    /// The post of the officer who leads.
    pub lead: String,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `theme`
    Theme,
    /// `indicator`
    Indicator,
    /// `group`
    Group,
    /// `baseline`
    Baseline,
    /// `target`
    Target,
    /// `comments`
    Comments,
    /// `result`
    Result,
    /// `code`
    Code,
    /// `polarity`
    Polarity,
    /// `unit`
    Unit,
    /// `frequency`
    Frequency,
    /// `lead`
    Lead,
}

crate::named!(Column {
    Theme = "theme",
    Indicator = "indicator",
    Group = "group",
    Baseline = "baseline",
    Target = "target",
    Comments = "comments",
    Result = "result",
    Code = "code",
    Polarity = "polarity",
    Unit = "unit",
    Frequency = "frequency",
    Lead = "lead",
});

/// What a table does not say itself.
#[derive(Clone, Copy)]
pub struct TableContext<'k> {
    /// The date of the report, at which results without a period stand.
    pub report_date: NaiveDate,
    /// What a year written as `2009/10` is.
    pub year: YearKind,
    /// The plan, from its first to its last day.
    pub plan: Period,
    /// The indicators that are already known, by their codes.
    pub known: &'k dyn Fn(&Code) -> Option<Indicator>,
}

/// What was read from a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReading {
    /// The themes, in the order in which they first appear.
    pub themes: Vec<Theme>,
    /// The indicators, in the order in which they first appear.
    pub indicators: Vec<IndicatorReading>,
    /// The rows without a fault, in order.
    pub rows: Vec<RowReading>,
    /// What refuses the table. Empty where it can be taken.
    pub faults: Vec<Fault>,
}

/// An indicator of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorReading {
    /// Its code.
    pub code: Code,
    /// Its definition; a known one with the components and categories that the table adds.
    pub content: Indicator,
    /// Whether it was known before.
    pub known: bool,
    /// What was assumed, in sentences.
    pub assumed: Vec<String>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReading {
    /// Its number; the first row under the heading is 1.
    pub number: usize,
    /// The indicator's code.
    pub indicator: Code,
    /// The measure's code.
    pub code: Code,
    /// The measure.
    pub measure: Measure,
    /// The results, one for each component.
    pub observations: Vec<Observation>,
    /// The cells for the baseline, the target and the result, the comments if there are any, and those of polarity, unit,
    /// frequency and code that were not read, or not as they are written.
    pub cells: Vec<CellReading>,
}

/// What became of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellReading {
    /// Its column.
    pub column: Column,
    /// What stands in it.
    pub text: String,
    /// What it was read as.
    pub outcome: Outcome,
    /// What was assumed, in sentences.
    pub assumed: Vec<String>,
}

/// What a cell was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It says that there is nothing.
    Nothing,
    /// This, in the canonical notation.
    Read(String),
    /// Nothing that could be read.
    Unread {
        /// Why.
        reason: String,
    },
}

/// A row with its cells parsed, before the indicator's unit is known.
struct Parsed<'r> {
    row: &'r Row,
    identity: Identified,
    baseline: Result<Reading<Measured>, Unread>,
    target: Result<Reading<Targeted>, Unread>,
    result: Result<Reading<Measured>, Unread>,
}

/// Reads a table. [`TableReading::faults`] says whether it can be taken.
pub fn read(rows: &[Row], context: &TableContext<'_>) -> TableReading {
    let notation = Context { report_date: context.report_date, year: context.year };
    let (identified, faults) = identity::identify(rows);
    let parsed: Vec<Parsed<'_>> = identified
        .into_iter()
        .map(|(row, identity)| Parsed {
            baseline: notation::read_baseline(&row.baseline, &notation),
            target: notation::read_target(&row.target, &notation),
            result: notation::read_result(&row.result, &notation),
            row,
            identity,
        })
        .collect();
    let mut order: Vec<&Code> = Vec::new();
    let mut rows_of: HashMap<&Code, Vec<&Parsed<'_>>> = HashMap::new();
    for parsed in &parsed {
        let of_it = rows_of.entry(&parsed.identity.code).or_default();
        if of_it.is_empty() {
            order.push(&parsed.identity.code);
        }
        of_it.push(parsed);
    }
    let mut indicators = Vec::new();
    let mut rows = Vec::new();
    for code in order {
        let Some([first, others @ ..]) = rows_of.get(code).map(Vec::as_slice) else { continue };
        let definition = Definition::of(first, others, context);
        rows.extend(
            [first].into_iter().chain(others).map(|parsed| row_reading(parsed, &definition, context)),
        );
        indicators.push(definition.into_reading());
    }
    rows.sort_by_key(|row| row.number);
    let themes = themes(&parsed);
    TableReading { themes, indicators, rows, faults }
}

fn themes(parsed: &[Parsed<'_>]) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for Parsed { identity, .. } in parsed {
        if themes.iter().all(|theme| theme.code != identity.theme.code) {
            themes.push(identity.theme.clone());
        }
    }
    themes
}

fn row_reading(parsed: &Parsed<'_>, definition: &Definition, context: &TableContext<'_>) -> RowReading {
    let lines = lines::lines(parsed, definition, context);
    let results = results::results(parsed, definition, context);
    let Identified { number, code, measure, theme, breakdown, lead, comments, other_cells, .. } =
        &parsed.identity;
    let measure_content = Measure {
        theme: theme.code.clone(),
        priority: None,
        breakdown: breakdown.clone(),
        lead: lead.clone(),
        contact: None,
        lines: lines.lines,
        composite: crate::framework::measure::Composite::Worst,
        note: comments.clone(),
        departures: Vec::new(),
    };
    let mut cells = vec![lines.baseline, lines.target, results.cell];
    cells.extend(other_cells.iter().cloned());
    RowReading {
        number: *number,
        indicator: code.clone(),
        code: measure.clone(),
        measure: measure_content,
        observations: results.observations,
        cells,
    }
}

impl CellReading {
    fn unread(column: Column, text: &str, reason: &Unread) -> Self {
        let outcome = Outcome::Unread { reason: reason.to_string() };
        Self { column, text: text.to_owned(), outcome, assumed: Vec::new() }
    }

    fn nothing(column: Column, text: &str) -> Self {
        Self { column, text: text.to_owned(), outcome: Outcome::Nothing, assumed: Vec::new() }
    }

    fn read(column: Column, text: &str, canonical: String, assumed: Vec<String>) -> Self {
        Self { column, text: text.to_owned(), outcome: Outcome::Read(canonical), assumed }
    }
}
