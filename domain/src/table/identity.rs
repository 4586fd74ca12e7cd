//! Which indicator, theme and breakdown a row is about, and what refuses it.

use super::{CellReading, Column, Row, code::national_indicator};
use crate::code::Code;
use crate::framework::indicator::{Breakdown, Frequency};
use crate::framework::plan::Theme;
use crate::framework::polarity::Polarity;
use crate::number::value::Unit;
use crate::text::{Name, Note, Title};
use std::collections::{HashMap, HashSet};

/// What refuses a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row; the first one under the heading is 1.
    pub row: usize,
    /// The column.
    pub column: Column,
    /// What kind of fault.
    pub code: FaultCode,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// The kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultCode {
    /// A cell that may not be empty.
    Missing,
    /// A cell that is none of the things that its column takes.
    Invalid,
    /// The same indicator, or the same group of it, a second time.
    DuplicateRow,
    /// A code that another title has.
    CodeOfAnother,
    /// A unit, polarity or frequency unlike that of another row of the indicator.
    Disagreement,
}

crate::named!(FaultCode {
    Missing = "missing",
    Invalid = "invalid",
    DuplicateRow = "duplicate_row",
    CodeOfAnother = "code_of_another",
    Disagreement = "disagreement",
});

/// What a row is about.
pub(super) struct Identified {
    pub(super) number: usize,
    pub(super) theme: Theme,
    pub(super) title: Title,
    pub(super) code: Code,
    pub(super) national: Option<u32>,
    pub(super) measure: Code,
    pub(super) breakdown: Option<Breakdown>,
    pub(super) polarity: Option<Polarity>,
    pub(super) unit: Option<Unit>,
    pub(super) frequency: Option<Frequency>,
    pub(super) lead: Option<Name>,
    pub(super) comments: Option<Note>,
    pub(super) comments_cell: Option<CellReading>,
}

/// The code of the one dimension that a table has.
pub(super) const GROUP: &str = "group";

/// The rows that are about something, and the faults of the others.
pub(super) fn identify(rows: &[Row]) -> (Vec<(&Row, Identified)>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut identified: Vec<(&Row, Identified)> = Vec::new();
    for (row, number) in rows.iter().zip(1..) {
        let mut cells = Cells { number, faults: Vec::new() };
        match cells.identify(row) {
            Some(identity) if cells.faults.is_empty() => identified.push((row, identity)),
            Some(_) | None => faults.append(&mut cells.faults),
        }
    }
    faults.extend(between_rows(&mut identified));
    faults.sort_by_key(|fault| (fault.row, fault.column));
    (identified, faults)
}

/// The cells of one row, and what is wrong with them.
struct Cells {
    number: usize,
    faults: Vec<Fault>,
}

impl Cells {
    fn fault(&mut self, column: Column, code: FaultCode, message: impl Into<String>) {
        self.faults.push(Fault { row: self.number, column, code, message: message.into() });
    }

    fn identify(&mut self, row: &Row) -> Option<Identified> {
        let theme = self.title(Column::Theme, &row.theme);
        let title = self.title(Column::Indicator, &row.indicator);
        let polarity = self.taken(Column::Polarity, &row.polarity, polarity, POLARITIES);
        let unit = self.taken(Column::Unit, &row.unit, unit, UNITS);
        let frequency = self.taken(Column::Frequency, &row.frequency, frequency, FREQUENCIES);
        let lead = self.name(Column::Lead, &row.lead);
        let group = self.name(Column::Group, &row.group);
        let national = national_indicator(&row.comments);
        let (theme, title) = (theme?, title?);
        let code = match (row.code.trim(), national) {
            ("", None) => Ok(Code::from_title(title.as_str())),
            ("", Some(number)) => Code::new(format!("NI{number}")),
            (given, _) => Code::new(given),
        };
        let code =
            code.map_err(|error| self.fault(Column::Code, FaultCode::Invalid, error.to_string())).ok()?;
        let breakdown = group
            .and_then(|category| Code::new(GROUP).ok().map(|dimension| Breakdown { dimension, category }));
        let measure = measure_code(&code, breakdown.as_ref());
        let comments_cell = (!row.comments.trim().is_empty()).then(|| {
            let taken = national.filter(|_| row.code.trim().is_empty());
            let assumed = taken.map(|number| format!("the code NI{number} is taken from the comments"));
            CellReading::read(
                Column::Comments,
                &row.comments,
                collapsed(&row.comments),
                assumed.into_iter().collect(),
            )
        });
        Some(Identified {
            number: self.number,
            theme: Theme { code: Code::from_title(theme.as_str()), title: theme },
            title,
            code,
            national,
            measure,
            breakdown,
            polarity,
            unit,
            frequency,
            lead,
            comments: Note::fitted(&row.comments),
            comments_cell,
        })
    }

    fn title(&mut self, column: Column, text: &str) -> Option<Title> {
        let text = collapsed(text);
        if text.is_empty() {
            self.fault(column, FaultCode::Missing, format!("a row needs its {}", column.name()));
            return None;
        }
        match Title::new(&text) {
            Ok(title) => Some(title),
            Err(error) => {
                self.fault(column, FaultCode::Invalid, error.to_string());
                None
            }
        }
    }

    fn name(&mut self, column: Column, text: &str) -> Option<Name> {
        let text = collapsed(text);
        if text.is_empty() {
            return None;
        }
        match Name::new(&text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.fault(column, FaultCode::Invalid, error.to_string());
                None
            }
        }
    }

    /// What a cell names, or nothing where it is empty.
    fn taken<T>(
        &mut self,
        column: Column,
        text: &str,
        read: fn(&str) -> Option<T>,
        takes: &str,
    ) -> Option<T> {
        let text = collapsed(text).to_lowercase().replace([' ', '-'], "_");
        if text.is_empty() {
            return None;
        }
        let read = read(&text);
        if read.is_none() {
            self.fault(column, FaultCode::Invalid, format!("the {} is one of: {takes}", column.name()));
        }
        read
    }
}

/// A text with single spaces.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn measure_code(code: &Code, breakdown: Option<&Breakdown>) -> Code {
    let Some(breakdown) = breakdown else { return code.clone() };
    let joined = format!("{code}-{}", Code::from_title(breakdown.category.as_str()));
    Code::new(joined.as_str()).unwrap_or_else(|_| Code::from_title(&joined))
}

const POLARITIES: &str = "higher_is_better, lower_is_better, within_range, nearest_to_point";

fn polarity(text: &str) -> Option<Polarity> {
    match text {
        "higher_is_better" | "higher" | "high" | "up" | "bigger_is_better" => Some(Polarity::HigherIsBetter),
        "lower_is_better" | "lower" | "low" | "down" | "smaller_is_better" => Some(Polarity::LowerIsBetter),
        "within_range" | "within_a_range" | "range" => Some(Polarity::WithinRange),
        "nearest_to_point" | "nearest_to_a_point" | "nearest" => Some(Polarity::NearestToPoint),
        _ => None,
    }
}

const UNITS: &str = "percent, count, points, number, per_1000 (or another number)";

fn unit(text: &str) -> Option<Unit> {
    match text {
        "%" | "percentage" | "per_cent" => Some(Unit::Percent),
        "counts" => Some(Unit::Count),
        "score" | "point" => Some(Unit::Points),
        "numbers" => Some(Unit::Number),
        other => other.replace(',', "").trim_start_matches("rate_").parse().ok(),
    }
}

const FREQUENCIES: &str = "monthly, quarterly, half_yearly, financial_year, academic_year, calendar_year";

fn frequency(text: &str) -> Option<Frequency> {
    match text {
        "monthly" | "month" => Some(Frequency::Monthly),
        "quarterly" | "quarter" => Some(Frequency::Quarterly),
        "half_yearly" | "half_year" | "six_monthly" => Some(Frequency::HalfYearly),
        "financial_year" | "annual" | "annually" | "yearly" => Some(Frequency::FinancialYear),
        "academic_year" => Some(Frequency::AcademicYear),
        "calendar_year" => Some(Frequency::CalendarYear),
        _ => None,
    }
}

/// What two rows make wrong between them. The later row is rejected.
fn between_rows(identified: &mut Vec<(&Row, Identified)>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut first_of: HashMap<Code, First> = HashMap::new();
    let mut measures: HashSet<Code> = HashSet::new();
    identified.retain(|(_, row)| {
        let mut at_fault = Vec::new();
        let mut fault =
            |column, code, message: String| at_fault.push(Fault { row: row.number, column, code, message });
        let first = first_of.entry(row.code.clone()).or_insert_with(|| First::of(row));
        if first.title != row.title {
            fault(
                Column::Indicator,
                FaultCode::CodeOfAnother,
                format!("the code {} is that of row {}, which has another title", row.code, first.number),
            );
        } else if !measures.insert(row.measure.clone()) {
            fault(
                Column::Indicator,
                FaultCode::DuplicateRow,
                format!("the measure {} stands in another row already", row.measure),
            );
        }
        for (column, agrees) in first.take(row) {
            if !agrees {
                fault(
                    column,
                    FaultCode::Disagreement,
                    format!("another row of {} has another {}", row.code, column.name()),
                );
            }
        }
        let sound = at_fault.is_empty();
        faults.append(&mut at_fault);
        sound
    });
    faults
}

/// What the rows of one indicator have said of it so far.
struct First {
    number: usize,
    title: Title,
    unit: Option<Unit>,
    polarity: Option<Polarity>,
    frequency: Option<Frequency>,
}

impl First {
    fn of(row: &Identified) -> Self {
        let Identified { number, title, unit, polarity, frequency, .. } = row;
        Self {
            number: *number,
            title: title.clone(),
            unit: *unit,
            polarity: *polarity,
            frequency: *frequency,
        }
    }

    /// Takes what a row adds, and says whether it agrees.
    fn take(&mut self, row: &Identified) -> [(Column, bool); 3] {
        [
            (Column::Unit, agree(&mut self.unit, row.unit)),
            (Column::Polarity, agree(&mut self.polarity, row.polarity)),
            (Column::Frequency, agree(&mut self.frequency, row.frequency)),
        ]
    }
}

fn agree<T: Copy + PartialEq>(known: &mut Option<T>, said: Option<T>) -> bool {
    match (*known, said) {
        (Some(known), Some(said)) => known == said,
        (None, Some(_)) => {
            *known = said;
            true
        }
        (_, None) => true,
    }
}
