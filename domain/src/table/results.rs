//! The results of a row.

use super::{CellReading, Column, Parsed, TableContext, definition::Definition};
use crate::framework::observation::{Figure, Observation, Standing};
use crate::notation::{Measured, Unread};
use crate::text::{Note, Title};
use crate::time::period::Period;

/// The results of a row, and what became of their cell.
pub(super) struct Results {
    pub(super) observations: Vec<Observation>,
    pub(super) cell: CellReading,
}

/// The results in the indicator's unit; one that cannot be read stands at the report's date as an unread cell.
pub(super) fn results(parsed: &Parsed<'_>, definition: &Definition, context: &TableContext<'_>) -> Results {
    let text = parsed.row.result.as_str();
    let read = parsed.result.as_ref().map_err(Unread::clone).and_then(|reading| {
        let Measured::Parts(parts) = &reading.content else {
            return Ok(Results {
                observations: Vec::new(),
                cell: CellReading::nothing(Column::Result, text),
            });
        };
        let mut assumed = reading.assumed.clone();
        let mut observations = Vec::new();
        for part in parts {
            let (value, note) = definition.settled.value(part.value, &part.sign, part.beside.as_ref())?;
            let period = part.period.map_or_else(|| report_day(context), Ok)?;
            if part.period.is_none() {
                assumed.push(format!(
                    "without a period of its own it stands at the report\u{2019}s date, {period}"
                ));
            }
            observations.push(Observation {
                period,
                breakdown: parsed.identity.breakdown.clone(),
                component: definition.component(part.name.as_ref()),
                figure: Figure::Value(value),
                definition_version: definition.version_on(period.last_day()),
                standing: part.standing,
                quality: None,
                is_baseline: part.is_baseline,
                note: notes(note, &part.notes),
            });
        }
        assumed.dedup();
        Ok(Results {
            observations,
            cell: CellReading::read(Column::Result, text, reading.text.clone(), assumed),
        })
    });
    read.unwrap_or_else(|reason| Results {
        observations: unread(parsed, definition, context, text, &reason).into_iter().collect(),
        cell: CellReading::unread(Column::Result, text, &reason),
    })
}

fn report_day(context: &TableContext<'_>) -> Result<Period, Unread> {
    Period::point(context.report_date).map_err(|_| Unread::NoSuchPeriod(context.report_date.to_string()))
}

fn unread(
    parsed: &Parsed<'_>,
    definition: &Definition,
    context: &TableContext<'_>,
    text: &str,
    reason: &Unread,
) -> Option<Observation> {
    Some(Observation {
        period: report_day(context).ok()?,
        breakdown: parsed.identity.breakdown.clone(),
        component: None,
        figure: Figure::Unread { text: kept(text)?, reason: Title::fitted(&reason.to_string())? },
        definition_version: definition.version_on(context.report_date),
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    })
}

/// The text of a cell that could not be read; one without any visible character is reported as such.
pub(super) fn kept(text: &str) -> Option<Note> {
    Note::fitted(text).or_else(|| Note::fitted("(no visible character)"))
}

/// Notes in one, without saying anything twice.
pub(super) fn notes(first: Option<String>, others: &[String]) -> Option<Note> {
    let all: Vec<&str> = first.iter().chain(others).map(String::as_str).collect();
    Note::fitted(&all.join(", "))
}
