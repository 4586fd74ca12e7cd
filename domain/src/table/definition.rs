//! The definition of an indicator, as all of its rows tell it.

use super::{
    IndicatorReading, Parsed, TableContext,
    identity::Identified,
    unit::{Settled, Votes, values},
};
use crate::code::Code;
use crate::framework::indicator::{DefinitionVersion, Dimension, Indicator};
use crate::notation::{Context, Measured, Targeted, change_of_method};
use crate::number::value::{Ratio, Unit, Value};
use crate::text::{Name, Note, Title};
use chrono::NaiveDate;

/// An indicator of the table.
pub(super) struct Definition {
    pub(super) code: Code,
    pub(super) content: Indicator,
    pub(super) settled: Settled,
    known: bool,
    assumed: Vec<String>,
}

/// Results are compared at two decimal places at least.
const FEWEST_PLACES: u32 = 2;

impl Definition {
    /// The definition that these rows, all of one indicator, tell; the first one has the title.
    pub(super) fn of(first: &Parsed<'_>, others: &[&Parsed<'_>], context: &TableContext<'_>) -> Self {
        let Identified { code, title, .. } = &first.identity;
        let rows: Vec<&Parsed<'_>> = [first].into_iter().chain(others.iter().copied()).collect();
        let rows = rows.as_slice();
        let known = (context.known)(code);
        let identities = || rows.iter().map(|row| &row.identity);
        let stated =
            identities().find_map(|identity| identity.unit).or(known.as_ref().map(|known| known.unit));
        let settled = Votes::of(rows).settle(stated, title.as_str());
        let is_known = known.is_some();
        let mut content = known.unwrap_or_else(|| fresh(title, settled.unit, rows));
        content.unit = settled.unit;
        content.polarity = identities().find_map(|identity| identity.polarity).or(content.polarity);
        content.frequency = identities().find_map(|identity| identity.frequency).or(content.frequency);
        if !is_known
            && let Some(number) = identities().find_map(|identity| identity.national)
            && let Ok(reference) = Name::new(&format!("NI {number}"))
            && !content.references.contains(&reference)
        {
            content.references.push(reference);
        }
        add_change_of_method(&mut content.versions, rows, context);
        add_components(&mut content.components, rows);
        add_categories(&mut content.dimensions, rows);
        let assumed = settled.assumed.clone().into_iter().collect();
        Self { code: code.clone(), content, settled, known: is_known, assumed }
    }

    pub(super) fn into_reading(self) -> IndicatorReading {
        IndicatorReading { code: self.code, content: self.content, known: self.known, assumed: self.assumed }
    }

    /// The component as the indicator spells it.
    pub(super) fn component(&self, name: Option<&Name>) -> Option<Name> {
        let name = name?;
        Some(self.content.components.iter().find(|known| alike(known, name)).unwrap_or(name).clone())
    }

    /// The version of the method in force on a day.
    pub(super) fn version_on(&self, day: NaiveDate) -> u32 {
        self.content.version_on(day)
    }
}

fn fresh(title: &Title, unit: Unit, rows: &[&Parsed<'_>]) -> Indicator {
    let places = rows.iter().flat_map(|row| places(row)).max().unwrap_or(0);
    let precision = places.clamp(FEWEST_PLACES, Indicator::MOST_PLACES);
    Indicator::new(title.clone(), unit, precision)
}

/// A remark that the method changed makes a second version of an indicator of which only one is known.
fn add_change_of_method(
    versions: &mut Vec<DefinitionVersion>,
    rows: &[&Parsed<'_>],
    context: &TableContext<'_>,
) {
    let notation = Context { report_date: context.report_date, year: context.year };
    let changed = rows
        .iter()
        .find_map(|row| change_of_method(&row.row.comments, &notation).zip(Note::fitted(&row.row.comments)));
    if let (Some((period, note)), 1) = (changed, versions.len()) {
        versions.push(DefinitionVersion { number: 2, from: Some(period.first_day()), note: Some(note) });
    }
}

fn alike(a: &Name, b: &Name) -> bool {
    a.as_str().to_lowercase() == b.as_str().to_lowercase()
}

/// The decimal places of all numbers in a row.
fn places(row: &Parsed<'_>) -> Vec<u32> {
    let mut numbers: Vec<Value> = Vec::new();
    for cell in [&row.baseline, &row.result] {
        if let Ok(reading) = cell
            && let Measured::Parts(parts) = &reading.content
        {
            numbers.extend(parts.iter().map(|part| part.value));
        }
    }
    if let Ok(reading) = &row.target
        && let Targeted::Parts(parts) = &reading.content
    {
        numbers.extend(parts.iter().flat_map(|part| values(&part.aim)));
    }
    let places = |value: Value| match value {
        Value::Number(number) => number.places(),
        Value::Ratio(ratio) => Ratio::numerator(ratio).places(),
    };
    numbers.into_iter().map(places).collect()
}

fn add_components(components: &mut Vec<Name>, rows: &[&Parsed<'_>]) {
    let mut add = |name: Option<&Name>| {
        if let Some(name) = name
            && components.iter().all(|known| !alike(known, name))
        {
            components.push(name.clone());
        }
    };
    for row in rows {
        for cell in [&row.baseline, &row.result] {
            if let Ok(reading) = cell
                && let Measured::Parts(parts) = &reading.content
            {
                parts.iter().for_each(|part| add(part.name.as_ref()));
            }
        }
        if let Ok(reading) = &row.target
            && let Targeted::Parts(parts) = &reading.content
        {
            parts.iter().for_each(|part| add(part.name.as_ref()));
        }
    }
}

fn add_categories(dimensions: &mut Vec<Dimension>, rows: &[&Parsed<'_>]) {
    for breakdown in rows.iter().filter_map(|row| row.identity.breakdown.as_ref()) {
        let known = dimensions.iter_mut().find(|dimension| dimension.code == breakdown.dimension);
        match (known, Title::new("Group")) {
            (Some(dimension), _) if dimension.categories.contains(&breakdown.category) => {}
            (Some(dimension), _) => dimension.categories.push(breakdown.category.clone()),
            (None, Ok(title)) => dimensions.push(Dimension {
                code: breakdown.dimension.clone(),
                title,
                categories: vec![breakdown.category.clone()],
            }),
            (None, Err(_)) => {}
        }
    }
}
