//! Which indicator, theme and breakdown a row is about, and what refuses it.

use super::words::{self, Said};
use super::{CellReading, Column, Outcome, Row, code::national_indicator};
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
    /// The comments, and cells of the definition that were not read, or not as they are written.
    pub(super) other_cells: Vec<CellReading>,
}

/// The code of the one dimension that a table has.
pub(super) const GROUP: &str = "group";

/// The rows that are about something, and the faults of the others.
pub(super) fn identify(rows: &[Row]) -> (Vec<(&Row, Identified)>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut identified: Vec<(&Row, Identified)> = Vec::new();
    let mut theme_above: Option<&str> = None;
    for (row, number) in rows.iter().zip(1..).filter(|(row, _)| **row != Row::default()) {
        if row.is_heading() {
            theme_above = Some(&row.theme);
            continue;
        }
        let mut cells = Cells { number, faults: Vec::new(), others: Vec::new() };
        let theme = if row.theme.trim().is_empty() { theme_above } else { None };
        match cells.identify(row, theme) {
            Some(identity) if cells.faults.is_empty() => identified.push((row, identity)),
            Some(_) | None => faults.append(&mut cells.faults),
        }
        if !row.theme.trim().is_empty() {
            theme_above = Some(&row.theme);
        }
    }
    faults.extend(between_rows(&mut identified));
    faults.sort_by_key(|fault| (fault.row, fault.column));
    (identified, faults)
}

impl Row {
    /// Whether the row only names a theme, for the rows below it.
    fn is_heading(&self) -> bool {
        !self.theme.trim().is_empty() && Self { theme: String::new(), ..self.clone() } == Self::default()
    }
}

/// The cells of one row, and what is wrong with them.
struct Cells {
    number: usize,
    faults: Vec<Fault>,
    /// The cells of theme and definition that were not read, or not as they are written.
    others: Vec<CellReading>,
}

impl Cells {
    fn fault(&mut self, column: Column, code: FaultCode, message: impl Into<String>) {
        self.faults.push(Fault { row: self.number, column, code, message: message.into() });
    }

    /// `theme_above` is that of the row or heading above, for a row that has none: a merged cell has its text in the first
    /// of its rows.
    fn identify(&mut self, row: &Row, theme_above: Option<&str>) -> Option<Identified> {
        let theme = self.title(Column::Theme, theme_above.unwrap_or(&row.theme));
        if let Some(above) = theme_above {
            let assumed = vec!["the theme of the row above is taken".to_owned()];
            self.others.push(CellReading::read(Column::Theme, &row.theme, collapsed(above), assumed));
        }
        let title = self.title(Column::Indicator, &row.indicator);
        let polarity =
            self.named(Column::Polarity, &row.polarity, words::polarity(&row.polarity), POLARITIES);
        let unit = self.named(Column::Unit, &row.unit, words::unit(&row.unit), UNITS);
        let frequency =
            self.named(Column::Frequency, &row.frequency, words::frequency(&row.frequency), FREQUENCIES);
        let lead = self.name(Column::Lead, &row.lead);
        let group = self.name(Column::Group, &row.group);
        let national = national_indicator(&row.comments);
        let (theme, title) = (theme?, title?);
        let code = self.code(row, &title, national)?;
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
            other_cells: comments_cell.into_iter().chain(self.others.drain(..)).collect(),
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

    /// What a cell names, or nothing where it says nothing. Words that are not known are kept in the report; the row is
    /// taken without them.
    fn named<T>(&mut self, column: Column, text: &str, said: Said<T>, takes: &str) -> Option<T> {
        match said {
            Said::Read(value) => Some(value),
            Said::Nothing => None,
            Said::Unread => {
                let reason = format!("the {} is none of those that are known: {takes}", column.name());
                let outcome = Outcome::Unread { reason };
                self.others.push(CellReading { column, text: text.to_owned(), outcome, assumed: Vec::new() });
                None
            }
        }
    }

    /// The code of a row: as it is written, or, if no code can be so, as it can be.
    fn code(&mut self, row: &Row, title: &Title, national: Option<u32>) -> Option<Code> {
        let text = row.code.trim();
        if text.is_empty() {
            return match national {
                None => Some(Code::from_title(title.as_str())),
                Some(number) => Code::new(format!("NI{number}")).ok(),
            };
        }
        let error = match Code::new(text) {
            Ok(code) => return Some(code),
            Err(error) => error,
        };
        let normal = normal_code(text).and_then(|text| Code::new(text).ok());
        let Some(code) = normal else {
            self.fault(Column::Code, FaultCode::Invalid, error.to_string());
            return None;
        };
        let assumed = vec![format!("{} is taken as the code {code}", collapsed(text))];
        self.others.push(CellReading::read(Column::Code, &row.code, code.to_string(), assumed));
        Some(code)
    }
}

/// A code without the signs that a code cannot have: `NI 59` is `NI59`, `LAC 1.2 & 3` is `LAC-1.2-3`.
fn normal_code(text: &str) -> Option<String> {
    if let Some(number) = national_indicator(text) {
        let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        if letters.to_lowercase().trim_start_matches("ni").trim_start_matches('0') == number.to_string() {
            return Some(format!("NI{number}"));
        }
    }
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let parts: Vec<&str> = text
        .split(|c: char| !kept(c))
        .filter(|part| part.chars().any(|c| c.is_ascii_alphanumeric()))
        .collect();
    (!parts.is_empty() && text.is_ascii()).then(|| parts.join("-"))
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
const UNITS: &str = "percent, count, points, number, per_1000 (or another number)";
const FREQUENCIES: &str = "monthly, quarterly, half_yearly, financial_year, academic_year, calendar_year";

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
