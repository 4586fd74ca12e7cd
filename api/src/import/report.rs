//! The report of an import: what was made of the table, cell by cell.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::table::{self, Column, IndicatorReading, RowReading, TableReading};
use waymark_persistence::submission::Submission;

use super::apply::Table;
use crate::http::schema::Code;

/// The longest text of a cell in a report, in characters; a longer one is cut there.
const MAX_TEXT: usize = 4000;

/// The report of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportReport {
    /// The plan's code.
    plan: Code,
    /// The date of the report that the table belongs to.
    as_at: NaiveDate,
    /// Whether it was only tried.
    validate_only: bool,
    /// Whether it was stored.
    committed: bool,
    /// The submission of the results; null if nothing was stored.
    submission: Option<Uuid>,
    /// The counts.
    counts: ImportCounts,
    /// The cells that could not be read, with the reason: to be corrected by an officer.
    #[schema(max_items = 50_000)]
    unread: Vec<UnreadCell>,
    /// The columns that were not read at all, by their names.
    #[schema(max_items = 100)]
    ignored_columns: Vec<ColumnName>,
    /// The indicators of the table.
    #[schema(max_items = 5000)]
    indicators: Vec<IndicatorReport>,
    /// Every row of the table, cell by cell.
    #[schema(max_items = 5000)]
    rows: Vec<RowReport>,
}

/// The counts of an import.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub(crate) struct ImportCounts {
    /// Rows of the table.
    #[schema(minimum = 0, maximum = 5000)]
    pub(super) rows: usize,
    /// Indicators that were created.
    #[schema(minimum = 0, maximum = 5000)]
    pub(super) indicators_created: usize,
    /// Indicators to which components or categories were added.
    #[schema(minimum = 0, maximum = 5000)]
    pub(super) indicators_changed: usize,
    /// Measures that were created.
    #[schema(minimum = 0, maximum = 5000)]
    pub(super) measures_created: usize,
    /// Measures of which something else is said now.
    #[schema(minimum = 0, maximum = 5000)]
    pub(super) measures_changed: usize,
    /// Measures of which the same was said already.
    #[schema(minimum = 0, maximum = 5000)]
    pub(super) measures_unchanged: usize,
    /// Results that were new.
    #[schema(minimum = 0, maximum = 1000000)]
    pub(super) results_created: u32,
    /// Results that took the place of others.
    #[schema(minimum = 0, maximum = 1000000)]
    pub(super) results_superseded: u32,
    /// Results that were there already.
    #[schema(minimum = 0, maximum = 1000000)]
    pub(super) results_unchanged: u32,
    /// Cells that were read.
    #[schema(minimum = 0, maximum = 50_000)]
    pub(super) cells_read: usize,
    /// Cells that say that there is nothing.
    #[schema(minimum = 0, maximum = 50_000)]
    pub(super) cells_empty: usize,
    /// Cells that could not be read.
    #[schema(minimum = 0, maximum = 50_000)]
    pub(super) cells_unread: usize,
}

/// The name of a column, as in the table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 4000)]
pub(crate) struct ColumnName(String);

/// A cell that could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnreadCell {
    /// The row; the first one under the heading is 1.
    #[schema(minimum = 1, maximum = 5000)]
    row: usize,
    /// The column.
    column: TableColumn,
    /// The measure that waits for it.
    measure: Code,
    /// Its text.
    #[schema(max_length = 4000)]
    text: String,
    /// Why it could not be read.
    #[schema(max_length = 4000)]
    reason: String,
}

/// An indicator of a table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IndicatorReport {
    /// Its code.
    code: Code,
    /// Whether it was known before, from the organisation or from the national catalogue.
    known: bool,
    /// The assumptions, in sentences.
    #[schema(max_items = 100)]
    assumed: Vec<Assumption>,
}

/// A row of a table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowReport {
    /// Its number; the first row under the heading is 1.
    #[schema(minimum = 1, maximum = 5000)]
    row: usize,
    /// The indicator's code.
    indicator: Code,
    /// The measure's code.
    measure: Code,
    /// Its cells for baseline, target, result and remarks, and others that were not read as they are written.
    #[schema(max_items = 12)]
    cells: Vec<CellReport>,
}

/// The outcome of a cell.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellReport {
    /// The column.
    column: TableColumn,
    /// Its text.
    #[schema(max_length = 4000)]
    text: String,
    /// Whether it was read.
    outcome: CellOutcome,
    /// The value that was read, in canonical notation.
    #[schema(max_length = 4000)]
    read_as: Option<String>,
    /// Why it could not be read.
    #[schema(max_length = 4000)]
    reason: Option<String>,
    /// The assumptions, in sentences.
    #[schema(max_items = 100)]
    assumed: Vec<Assumption>,
}

/// An assumption, in a sentence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 4000)]
pub(crate) struct Assumption(String);

/// Whether a cell was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CellOutcome {
    /// It was.
    Read,
    /// It says that there is nothing.
    Empty,
    /// It was not.
    Unread,
}

/// A column of a performance table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub(crate) enum TableColumn {
    Theme,
    Indicator,
    Group,
    Baseline,
    Target,
    Comments,
    Result,
    Code,
    Polarity,
    Unit,
    Frequency,
    Lead,
}

impl ImportReport {
    pub(super) fn of(
        table: &Table,
        reading: &TableReading,
        ignored: &[String],
        counts: ImportCounts,
        submission: &Submission,
    ) -> Self {
        let rows: Vec<RowReport> = reading.rows.iter().map(RowReport::from).collect();
        let count =
            |outcome| rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.outcome == outcome).count();
        let counts = ImportCounts {
            rows: rows.len(),
            results_created: submission.counts.created,
            results_superseded: submission.counts.superseded,
            results_unchanged: submission.counts.unchanged,
            cells_read: count(CellOutcome::Read),
            cells_empty: count(CellOutcome::Empty),
            cells_unread: count(CellOutcome::Unread),
            ..counts
        };
        Self {
            plan: Code::from(&table.plan),
            as_at: table.as_at,
            validate_only: false,
            committed: true,
            submission: Some(submission.id),
            counts,
            unread: reading.rows.iter().flat_map(unread).collect(),
            ignored_columns: ignored.iter().map(|name| ColumnName(cut(name))).collect(),
            indicators: reading.indicators.iter().map(IndicatorReport::from).collect(),
            rows,
        }
    }

    /// The report of an import that was undone.
    pub(super) fn rehearsed(self) -> Self {
        Self { validate_only: true, committed: false, submission: None, ..self }
    }
}

fn unread(row: &RowReading) -> impl Iterator<Item = UnreadCell> {
    row.cells.iter().filter_map(|cell| match &cell.outcome {
        table::Outcome::Nothing | table::Outcome::Read(_) => None,
        table::Outcome::Unread { reason } => Some(UnreadCell {
            row: row.number,
            column: cell.column.into(),
            measure: Code::from(&row.code),
            text: cut(&cell.text),
            reason: cut(reason),
        }),
    })
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

fn assumptions(assumed: &[String]) -> Vec<Assumption> {
    assumed.iter().map(|sentence| Assumption(cut(sentence))).collect()
}

impl From<&IndicatorReading> for IndicatorReport {
    fn from(reading: &IndicatorReading) -> Self {
        let IndicatorReading { code, content: _, known, assumed } = reading;
        Self { code: Code::from(code), known: *known, assumed: assumptions(assumed) }
    }
}

impl From<&RowReading> for RowReport {
    fn from(row: &RowReading) -> Self {
        let RowReading { number, indicator, code, measure: _, observations: _, cells } = row;
        Self {
            row: *number,
            indicator: Code::from(indicator),
            measure: Code::from(code),
            cells: cells.iter().map(CellReport::from).collect(),
        }
    }
}

impl From<&table::CellReading> for CellReport {
    fn from(cell: &table::CellReading) -> Self {
        let table::CellReading { column, text, outcome, assumed } = cell;
        let (outcome, read_as, reason) = match outcome {
            table::Outcome::Nothing => (CellOutcome::Empty, None, None),
            table::Outcome::Read(canonical) => (CellOutcome::Read, Some(cut(canonical)), None),
            table::Outcome::Unread { reason } => (CellOutcome::Unread, None, Some(cut(reason))),
        };
        Self {
            column: (*column).into(),
            text: cut(text),
            outcome,
            read_as,
            reason,
            assumed: assumptions(assumed),
        }
    }
}

impl From<Column> for TableColumn {
    fn from(column: Column) -> Self {
        match column {
            Column::Theme => Self::Theme,
            Column::Indicator => Self::Indicator,
            Column::Group => Self::Group,
            Column::Baseline => Self::Baseline,
            Column::Target => Self::Target,
            Column::Comments => Self::Comments,
            Column::Result => Self::Result,
            Column::Code => Self::Code,
            Column::Polarity => Self::Polarity,
            Column::Unit => Self::Unit,
            Column::Frequency => Self::Frequency,
            Column::Lead => Self::Lead,
        }
    }
}
