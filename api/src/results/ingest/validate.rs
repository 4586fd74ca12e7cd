//! Validates the rows of a push: valid rows become results to be written, and invalid rows are reported with all their
//! faults.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::organisation::Organisation;
use waymark_persistence::results::NewResult;
use waymark_persistence::{Connection, Record, organisation};

use super::message::{one_of, quoted};
use super::parse::{Reading, RowKey};
use super::raw_row::RawRow;
use super::snapshot::ValidationSnapshot;
use crate::http::problem::{Fault, Problem};
use crate::http::validation::Faults;

/// A row that was validated.
pub(crate) struct ValidatedRow {
    pub(crate) raw: RawRow,
    pub(crate) key: RowKey,
    /// The result, or the faults; their pointers begin at the row.
    pub(crate) result: Result<NewResult, Vec<Fault>>,
}

/// How many other rows of the same key a fault names.
const NAMED: usize = 5;

/// Validates all rows of a push that is sent on `today`.
pub(crate) fn validate_rows(
    snapshot: &ValidationSnapshot,
    rows: Vec<RawRow>,
    today: NaiveDate,
) -> Vec<ValidatedRow> {
    let readings = readings_with(&rows, today, note_duplicates);
    validate(snapshot, rows, readings)
}

/// Reads some rows of a push; `note_others` adds the faults that concern several rows.
pub(crate) fn readings_with(
    rows: &[RawRow],
    today: NaiveDate,
    note_others: impl FnOnce(&[RawRow], &mut [Reading]),
) -> Vec<Reading> {
    let mut readings: Vec<Reading> = rows.iter().map(|row| Reading::of(&row.cells(), today)).collect();
    note_others(rows, &mut readings);
    readings
}

/// Validates rows that were read.
pub(crate) fn validate(
    snapshot: &ValidationSnapshot,
    rows: Vec<RawRow>,
    readings: Vec<Reading>,
) -> Vec<ValidatedRow> {
    rows.into_iter().zip(readings).map(|(raw, reading)| validated(snapshot, raw, reading)).collect()
}

/// Validates a row by itself, without regard to the other rows of the push.
pub(crate) fn validate_row(snapshot: &ValidationSnapshot, raw: RawRow, today: NaiveDate) -> ValidatedRow {
    let reading = Reading::of(&raw.cells(), today);
    validated(snapshot, raw, reading)
}

fn validated(snapshot: &ValidationSnapshot, raw: RawRow, reading: Reading) -> ValidatedRow {
    let key = reading.key.clone();
    let indicator = key.indicator.as_ref().and_then(|code| snapshot.indicator(code));
    ValidatedRow { raw, key, result: result(reading, indicator) }
}

/// The owners of the indicators that an organisation's results may have: itself, and the catalogue.
pub(crate) fn owners(
    connection: &mut Connection,
    organisation: &Record<Organisation>,
) -> Result<Vec<Uuid>, Problem> {
    let code = Code::new(Organisation::CATALOGUE).map_err(Problem::internal)?;
    let catalogue = organisation::find(connection, &code, None)?;
    let ids = [Some(organisation.versioned.id), catalogue.map(|record| record.versioned.id)];
    Ok(ids.into_iter().flatten().collect())
}

/// Two rows with the same key contradict each other, so both are invalid.
fn note_duplicates(rows: &[RawRow], readings: &mut [Reading]) {
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

/// The fault of a row whose key `count` other rows have as well.
pub(crate) fn of_the_same_key(others: impl Iterator<Item = u32>, count: usize) -> String {
    let numbers: Vec<String> = others.take(NAMED).map(|number| number.to_string()).collect();
    let more = if count > NAMED { " and more" } else { "" };
    let (rows, have) = if count == 1 { ("row", "has") } else { ("rows", "have") };
    format!(
        "{rows} {}{more} of this push {have} the same indicator, period, breakdown and component: keep one of them",
        numbers.join(", ")
    )
}

fn result(reading: Reading, indicator: Option<&Record<Indicator>>) -> Result<NewResult, Vec<Fault>> {
    let Reading { key, value, version, standing, quality, note, is_baseline, mut faults } = reading;
    if let (Some(code), None) = (&key.indicator, indicator) {
        let detail = format_args!(
            "there is no indicator `{code}`, neither of the organisation nor in the catalogue: correct the code, or \
             create the indicator first"
        );
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
            let detail = "numerator divided by denominator is too large: correct one of them";
            faults.note("/numerator", "too_large", detail);
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
        let categories = indicator.dimensions.iter().flat_map(|dimension| {
            dimension.categories.iter().map(move |category| format!("{}={category}", dimension.code))
        });
        let categories: Vec<String> = categories.collect();
        let expected = match categories.as_slice() {
            [] => "the indicator has no breakdowns: omit the field".to_owned(),
            all => one_of(all.iter().map(String::as_str)),
        };
        let detail = format_args!("found {}; {expected}", quoted(&breakdown.to_string()));
        faults.note("/breakdown", "unknown_breakdown", detail);
    }
    if let Some(Some(component)) = &key.component
        && !indicator.components.contains(component)
    {
        let expected = match indicator.components.as_slice() {
            [] => "the indicator has no components: omit the field".to_owned(),
            all => one_of(all.iter().map(|component| component.as_str())),
        };
        let detail = format_args!("found {}; {expected}", quoted(component.as_str()));
        faults.note("/component", "unknown_component", detail);
    }
}

/// The version that is named; defaults to the one in force on the last day of the period.
fn version_of(indicator: &Indicator, named: Option<u32>, key: &RowKey, faults: &mut Faults) -> Option<u32> {
    let Some(named) = named else {
        return key.period.map(|period| indicator.version_on(period.last_day()));
    };
    if indicator.versions.iter().any(|version| version.number == named) {
        return Some(named);
    }
    let latest = indicator.versions.iter().map(|version| version.number).max().unwrap_or(1);
    let detail = format_args!("found {named}; the indicator has the versions 1 to {latest}");
    faults.note("/definition_version", "unknown_version", detail);
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

    fn row(number: u32, fields: &[(&str, &str)]) -> RawRow {
        let mut cells = Cells::default();
        for (field, text) in fields {
            cells.add(field, Some(Cell::Untyped((*text).to_owned())));
        }
        RawRow::of_cells(number, None, String::new(), cells)
    }

    fn reading(fields: &[(&str, &str)]) -> Reading {
        let sound = [("indicator", "IM1"), ("period", "CY2008"), ("value", "92.1")];
        let kept = sound.iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
        let all: Vec<_> = kept.chain(fields).copied().collect();
        Reading::of(&row(1, &all).cells(), "2010-06-30".parse().unwrap())
    }

    fn version(fields: &[(&str, &str)]) -> u32 {
        result(reading(fields), Some(&immunisation())).unwrap().observation.definition_version
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
            let faults = result(reading(&[(field, text)]), Some(&immunisation())).unwrap_err();
            let found: Vec<_> =
                faults.iter().map(|fault| (fault.pointer.as_deref(), fault.code.as_str())).collect();
            assert_eq!(found, [(Some(format!("/{field}").as_str()), code)]);
        }
        let faults = result(reading(&[]), None).unwrap_err();
        assert_eq!(faults[0].code, "unknown_indicator");
        assert!(
            result(reading(&[("breakdown", "gender=girls"), ("component", "Dose 1")]), Some(&immunisation()))
                .is_ok()
        );
    }

    #[test]
    fn two_rows_of_one_key_are_both_invalid() {
        let rows: Vec<RawRow> = (1..=3).map(|number| row(number, &[])).collect();
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
