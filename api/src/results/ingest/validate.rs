//! Judges the rows of a push: those that are sound become results to be written, the others are told with all
//! that is wrong with them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::organisation::Organisation;
use waymark_persistence::results::NewResult;
use waymark_persistence::{Connection, Record, organisation};

use super::parse::{Reading, RowKey};
use super::raw_row::SentRow;
use super::snapshot::Known;
use crate::http::problem::{Fault, Problem};
use crate::http::validation::Faults;

/// A row with its verdict.
pub(crate) struct Judged {
    pub(crate) sent: SentRow,
    pub(crate) key: RowKey,
    /// The result, or what is wrong; pointers begin at the row.
    pub(crate) verdict: Result<NewResult, Vec<Fault>>,
}

/// How many other rows of the same key a fault names.
const NAMED: usize = 5;

/// Judges all rows of a push that is sent on `today`.
pub(crate) fn judge_sent(known: &Known, rows: Vec<SentRow>, today: NaiveDate) -> Vec<Judged> {
    let readings = readings_with(&rows, today, note_duplicates);
    judge(known, rows, readings)
}

/// Reads some rows of a push; what they have in common with others is for `note_others` to say.
pub(crate) fn readings_with(
    rows: &[SentRow],
    today: NaiveDate,
    note_others: impl FnOnce(&[SentRow], &mut [Reading]),
) -> Vec<Reading> {
    let mut readings: Vec<Reading> = rows.iter().map(|row| Reading::of(&row.cells(), today)).collect();
    note_others(rows, &mut readings);
    readings
}

/// Judges rows by what they say.
pub(crate) fn judge(known: &Known, rows: Vec<SentRow>, readings: Vec<Reading>) -> Vec<Judged> {
    rows.into_iter().zip(readings).map(|(sent, reading)| judged(known, sent, reading)).collect()
}

/// Judges a row by itself, whatever others of the push say.
pub(crate) fn judge_one(known: &Known, sent: SentRow, today: NaiveDate) -> Judged {
    let reading = Reading::of(&sent.cells(), today);
    judged(known, sent, reading)
}

fn judged(known: &Known, sent: SentRow, reading: Reading) -> Judged {
    let key = reading.key.clone();
    let indicator = key.indicator.as_ref().and_then(|code| known.indicator(code));
    Judged { sent, key, verdict: verdict(reading, indicator) }
}

/// Whose indicators the organisation's results are of: its own, and the catalogue's.
pub(crate) fn owners(
    connection: &mut Connection,
    organisation: &Record<Organisation>,
) -> Result<Vec<Uuid>, Problem> {
    let code = Code::new(Organisation::CATALOGUE).map_err(Problem::internal)?;
    let catalogue = organisation::find(connection, &code, None)?;
    let ids = [Some(organisation.versioned.id), catalogue.map(|record| record.versioned.id)];
    Ok(ids.into_iter().flatten().collect())
}

/// Of two rows with one key nobody knows which one counts, so both are at fault.
fn note_duplicates(rows: &[SentRow], readings: &mut [Reading]) {
    let mut places: HashMap<&RowKey, usize> = HashMap::with_capacity(rows.len());
    // Mostly there are none.
    let mut repeated: HashMap<&RowKey, Vec<usize>> = HashMap::new();
    for (index, reading) in readings.iter().enumerate().filter(|(_, reading)| reading.key.is_whole()) {
        if let Some(first) = places.insert(&reading.key, index) {
            repeated.entry(&reading.key).or_insert_with(|| vec![first]).push(index);
        }
    }
    let mut faults: BTreeMap<usize, String> = BTreeMap::new();
    for indexes in repeated.into_values() {
        for index in &indexes {
            let others = indexes.iter().filter(|other| *other != index).filter_map(|other| rows.get(*other));
            faults.insert(*index, of_the_same_key(others.map(|row| row.number), indexes.len() - 1));
        }
    }
    for (index, detail) in faults {
        if let Some(reading) = readings.get_mut(index) {
            reading.faults.note("", "duplicate_key", detail);
        }
    }
}

/// The fault of a row whose key stands in `count` others as well.
pub(crate) fn of_the_same_key(others: impl Iterator<Item = u32>, count: usize) -> String {
    let numbers: Vec<String> = others.take(NAMED).map(|number| number.to_string()).collect();
    let more = if count > NAMED { " and more" } else { "" };
    format!("it has the key of row {}{more}: which one counts?", numbers.join(", "))
}

fn verdict(reading: Reading, indicator: Option<&Record<Indicator>>) -> Result<NewResult, Vec<Fault>> {
    let Reading { key, value, version, standing, quality, note, is_baseline, mut faults } = reading;
    if let (Some(code), None) = (&key.indicator, indicator) {
        let detail = format_args!("neither the organisation nor the catalogue has an indicator `{code}`");
        faults.note("/indicator", "unknown_indicator", detail);
    }
    if let Some(record) = indicator {
        check_parts(&record.versioned.content, &key, &mut faults);
    }
    let version = indicator
        .zip(version)
        .and_then(|(record, version)| version_of(&record.versioned.content, version, &key, &mut faults));
    if let (Some(record), Some(value)) = (indicator, value) {
        let Indicator { unit, precision, .. } = &record.versioned.content;
        if value.figure(*unit, *precision).is_none() {
            faults.note("/numerator", "too_large", "the ratio passes the bounds of a number");
        }
    }
    let read = (|| {
        let observation = Observation {
            period: key.period?,
            breakdown: key.breakdown?,
            component: key.component?,
            figure: Figure::Value(value?),
            definition_version: version?,
            standing: standing?,
            quality: quality?,
            is_baseline: is_baseline?,
            note: note?,
        };
        Some(NewResult { indicator: indicator?.versioned.id, observation })
    })();
    let found = faults.into_found();
    match read {
        Some(result) if found.is_empty() => Ok(result),
        _ => Err(found),
    }
}

fn check_parts(indicator: &Indicator, key: &RowKey, faults: &mut Faults) {
    if let Some(Some(breakdown)) = &key.breakdown
        && !indicator.has(breakdown)
    {
        let detail = format_args!("the indicator has no dimension and category `{breakdown}`");
        faults.note("/breakdown", "unknown_breakdown", detail);
    }
    if let Some(Some(component)) = &key.component
        && !indicator.components.contains(component)
    {
        faults.note(
            "/component",
            "unknown_component",
            format_args!("the indicator has no component `{component}`"),
        );
    }
}

/// The version that is named, else the one in force on the last day of the period.
fn version_of(indicator: &Indicator, named: Option<u32>, key: &RowKey, faults: &mut Faults) -> Option<u32> {
    let Some(named) = named else {
        return key.period.map(|period| indicator.version_on(period.last_day()));
    };
    if indicator.versions.iter().any(|version| version.number == named) {
        return Some(named);
    }
    faults.note(
        "/definition_version",
        "unknown_version",
        format_args!("the indicator has no version {named}"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::super::raw_row::{Cell, Cells};
    use super::*;
    use chrono::DateTime;
    use waymark_domain::indicator::{DefinitionVersion, Dimension};
    use waymark_domain::text::{Name, Title};
    use waymark_domain::value::Unit;
    use waymark_persistence::Versioned;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    /// Immunisation, by dose, girls and boys, with a new method from 2009 on.
    fn immunisation() -> Record<Indicator> {
        let mut content = Indicator::new(Title::new("Immunisation").unwrap(), Unit::Percent, 1);
        content.components = vec![name("Dose 1")];
        let from = "2009-01-01".parse().ok();
        content.versions.push(DefinitionVersion { number: 2, from, note: None });
        content.dimensions.push(Dimension {
            code: Code::new("gender").unwrap(),
            title: Title::new("Gender").unwrap(),
            categories: vec![name("girls"), name("boys")],
        });
        let recorded_at = DateTime::UNIX_EPOCH;
        Record {
            organisation: uuid::Uuid::nil(),
            code: Code::new("IM1").unwrap(),
            versioned: Versioned {
                id: uuid::Uuid::nil(),
                revision: 1,
                recorded_at,
                author: "a".into(),
                content,
            },
        }
    }

    fn row(number: u32, fields: &[(&str, &str)]) -> SentRow {
        let mut cells = Cells::default();
        for (field, text) in fields {
            cells.add(field, Some(Cell::Untyped((*text).to_owned())));
        }
        SentRow::of_cells(number, None, String::new(), cells)
    }

    fn reading(fields: &[(&str, &str)]) -> Reading {
        let sound = [("indicator", "IM1"), ("period", "CY2008"), ("value", "92.1")];
        let kept = sound.iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
        let all: Vec<_> = kept.chain(fields).copied().collect();
        Reading::of(&row(1, &all).cells(), "2010-06-30".parse().unwrap())
    }

    fn version(fields: &[(&str, &str)]) -> u32 {
        verdict(reading(fields), Some(&immunisation())).unwrap().observation.definition_version
    }

    #[test]
    fn the_version_is_the_one_in_force_on_the_last_day() {
        assert_eq!(version(&[]), 1);
        assert_eq!(version(&[("period", "AY2008-09")]), 2);
        assert_eq!(version(&[("period", "AY2008-09"), ("definition_version", "1")]), 1);
    }

    #[test]
    fn what_the_indicator_does_not_have_is_unknown() {
        for (field, text, code) in [
            ("breakdown", "gender=other", "unknown_breakdown"),
            ("breakdown", "district=Blaby", "unknown_breakdown"),
            ("component", "Dose 2", "unknown_component"),
            ("definition_version", "3", "unknown_version"),
        ] {
            let faults = verdict(reading(&[(field, text)]), Some(&immunisation())).unwrap_err();
            let told: Vec<_> =
                faults.iter().map(|fault| (fault.pointer.as_deref(), fault.code.as_str())).collect();
            assert_eq!(told, [(Some(format!("/{field}").as_str()), code)]);
        }
        let faults = verdict(reading(&[]), None).unwrap_err();
        assert_eq!(faults[0].code, "unknown_indicator");
        assert!(
            verdict(
                reading(&[("breakdown", "gender=girls"), ("component", "Dose 1")]),
                Some(&immunisation())
            )
            .is_ok()
        );
    }

    #[test]
    fn two_rows_of_one_key_are_both_at_fault() {
        let rows: Vec<SentRow> = (1..=3).map(|number| row(number, &[])).collect();
        let mut readings =
            vec![reading(&[]), reading(&[("component", "Dose 1")]), reading(&[("value", "not a number")])];
        note_duplicates(&rows, &mut readings);
        let codes: Vec<Vec<String>> = readings
            .into_iter()
            .map(|reading| reading.faults.into_found().into_iter().map(|fault| fault.code).collect())
            .collect();
        assert_eq!(codes, [vec!["duplicate_key"], vec![], vec!["not_a_number", "duplicate_key"]]);
    }
}
