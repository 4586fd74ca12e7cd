//! One import in one transaction: read the table, keep what it says, and report on every cell.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::{
    code::Code,
    indicator::Indicator,
    measure::Measure,
    notation::YearKind,
    organisation::Organisation,
    plan::Plan,
    table::{self, IndicatorReading, RowReading, TableContext, TableReading},
};
use waymark_persistence::measure::Place;
use waymark_persistence::results::{NewResult, Writing};
use waymark_persistence::submission::{Format, Mode};
use waymark_persistence::{Change, Connection, Record, indicator, measure, organisation as kept, plan};

use super::file::File;
use super::report::{ImportCounts, ImportReport};
use crate::http::problem::{Fault, Kind, Problem};
use crate::store::{entities, organisations};

/// A table and its plan.
pub(crate) struct Table {
    pub(crate) organisation: Code,
    pub(crate) plan: Code,
    /// The date of the report that the table belongs to.
    pub(crate) as_at: NaiveDate,
    /// The kind of year that `2009/10` means.
    pub(crate) year: YearKind,
    pub(crate) rows: File,
}

/// The indicators that a table may mean, by code: the organisation's own before the catalogue's.
type Known = HashMap<Code, Record<Indicator>>;

impl Table {
    /// Stores the table.
    ///
    /// # Errors
    /// 422 with every cell because of which the table is rejected; 404 if there is no such plan.
    pub(crate) fn import(
        &self,
        connection: &mut Connection,
        change: &Change,
    ) -> Result<ImportReport, Problem> {
        let id = organisations::find(connection, &self.organisation)?.versioned.id;
        let mut writing = Writing::begin(connection, id, Format::Table, Mode::Atomic, change)?;
        // Read again under the lock, so that no other request can change it.
        let organisation = organisations::find(connection, &self.organisation)?;
        let plan = entities::find_plan(connection, organisation.versioned.id, &self.plan, None)?;
        let known = known(connection, &organisation)?;
        let look_up = |code: &Code| known.get(code).map(|record| record.versioned.content.clone());
        let context = TableContext {
            report_date: self.as_at,
            year: self.year,
            plan: plan.versioned.content.span,
            known: &look_up,
        };
        let reading = table::read(&self.rows.rows, &context);
        if !reading.faults.is_empty() {
            return Err(refuse(&reading.faults));
        }
        let mut counts = ImportCounts::default();
        let (plan, themes) = with_themes(connection, plan, &reading, change)?;
        let indicators =
            keep_indicators(connection, &organisation, &known, &reading.indicators, change, &mut counts)?;
        for row in &reading.rows {
            let theme = themes.get(&row.measure.theme).unwrap_or(&row.measure.theme).clone();
            let content = Measure { theme, ..row.measure.clone() };
            keep_measure(connection, &plan, row, content, &indicators, change, &mut counts)?;
        }
        let results = results(&reading, &indicators)?;
        writing.write(connection, &results)?;
        let submission = writing.end(connection)?;
        Ok(ImportReport::of(self, &reading, &self.rows.ignored, counts, &submission))
    }
}

fn known(connection: &mut Connection, organisation: &Record<Organisation>) -> Result<Known, Problem> {
    let catalogue = Code::new(Organisation::CATALOGUE).map_err(Problem::internal)?;
    let catalogue = kept::find(connection, &catalogue, None)?;
    let mut known = Known::new();
    for from in catalogue.iter().chain([organisation]) {
        let indicators = indicator::list(connection, from.versioned.id, None, i64::MAX, None)?;
        known.extend(indicators.into_iter().map(|record| (record.code.clone(), record)));
    }
    Ok(known)
}

/// The table's themes by their codes, as the plan calls them. A theme is known by its title.
type Themes = HashMap<Code, Code>;

/// The plan with the themes of the table that it did not have.
fn with_themes(
    connection: &mut Connection,
    plan: Record<Plan>,
    reading: &TableReading,
    change: &Change,
) -> Result<(Record<Plan>, Themes), Problem> {
    let mut content = plan.versioned.content.clone();
    let mut themes = Themes::new();
    for theme in &reading.themes {
        let title = theme.title.as_str().to_lowercase();
        let same_title = content.themes.iter().find(|there| there.title.as_str().to_lowercase() == title);
        let there = same_title.or_else(|| content.theme(&theme.code)).map(|there| there.code.clone());
        if there.is_none() {
            content.themes.push(theme.clone());
        }
        themes.insert(theme.code.clone(), there.unwrap_or_else(|| theme.code.clone()));
    }
    if content == plan.versioned.content {
        return Ok((plan, themes));
    }
    let (id, revision) = (plan.versioned.id, plan.versioned.revision);
    let versioned = plan::update(connection, plan.organisation, id, revision, &content, change)?;
    Ok((Record { versioned, ..plan }, themes))
}

/// An indicator of the catalogue to which the table adds components or categories becomes one of the
/// organisation's own: the catalogue is not the organisation's to change.
fn keep_indicators(
    connection: &mut Connection,
    organisation: &Record<Organisation>,
    known: &Known,
    readings: &[IndicatorReading],
    change: &Change,
    counts: &mut ImportCounts,
) -> Result<HashMap<Code, Uuid>, Problem> {
    let own = organisation.versioned.id;
    let mut ids = HashMap::with_capacity(readings.len());
    for IndicatorReading { code, content, known: _, assumed: _ } in readings {
        let id = match known.get(code) {
            Some(record) if record.versioned.content == *content => record.versioned.id,
            Some(record) if record.organisation == own => {
                let (id, revision) = (record.versioned.id, record.versioned.revision);
                indicator::update(connection, own, id, revision, content, change)?;
                counts.indicators_changed += 1;
                id
            }
            Some(_) | None => {
                counts.indicators_created += 1;
                indicator::create(connection, own, code, content, change)?.versioned.id
            }
        };
        ids.insert(code.clone(), id);
    }
    Ok(ids)
}

fn keep_measure(
    connection: &mut Connection,
    plan: &Record<Plan>,
    row: &RowReading,
    said: Measure,
    indicators: &HashMap<Code, Uuid>,
    change: &Change,
    counts: &mut ImportCounts,
) -> Result<(), Problem> {
    let indicator = indicator_of(row, indicators)?;
    let place = Place { organisation: plan.organisation, plan: plan.versioned.id, indicator };
    let Some(found) = measure::find(connection, plan.versioned.id, &row.code, None)? else {
        measure::create(connection, place, &row.code, &said, change)?;
        counts.measures_created += 1;
        return Ok(());
    };
    if found.place.indicator != indicator {
        let detail = format_args!("the plan has a measure {} of another indicator", row.code);
        let fault = Fault::at(format!("/{}/code", row.number), "measure_of_another_indicator", detail);
        return Err(Problem::new(Kind::InvalidBody).faults([fault]));
    }
    let content = merged(&found.versioned.content, said);
    if content == found.versioned.content {
        counts.measures_unchanged += 1;
        return Ok(());
    }
    let (id, revision) = (found.versioned.id, found.versioned.revision);
    measure::update(connection, plan.organisation, id, revision, &content, change)?;
    counts.measures_changed += 1;
    Ok(())
}

/// The content of a measure from the table; what the table has no column for remains as it was.
fn merged(before: &Measure, mut said: Measure) -> Measure {
    for line in &mut said.lines {
        let own = before.lines.iter().find(|own| own.component == line.component);
        line.keep_origin(own);
        line.keep_review(own);
    }
    Measure {
        priority: before.priority.clone().filter(|_| before.theme == said.theme),
        lead: said.lead.or_else(|| before.lead.clone()),
        contact: before.contact.clone(),
        composite: before.composite.clone(),
        note: said.note.or_else(|| before.note.clone()),
        theme: said.theme,
        breakdown: said.breakdown,
        lines: said.lines,
        departures: before.departures.clone(),
    }
}

fn results(reading: &TableReading, indicators: &HashMap<Code, Uuid>) -> Result<Vec<NewResult>, Problem> {
    let mut results = Vec::new();
    for row in &reading.rows {
        let indicator = indicator_of(row, indicators)?;
        let of_row = row.observations.iter().cloned();
        results.extend(of_row.map(|observation| NewResult { indicator, observation }));
    }
    Ok(results)
}

fn indicator_of(row: &RowReading, indicators: &HashMap<Code, Uuid>) -> Result<Uuid, Problem> {
    let id = indicators.get(&row.indicator).copied();
    id.ok_or_else(|| Problem::internal("a row of a table without its indicator"))
}

fn refuse(faults: &[table::Fault]) -> Problem {
    let entries = faults.iter().map(|fault| {
        let pointer = format!("/{}/{}", fault.row, fault.column.name());
        Fault::at(pointer, fault.code.name(), &fault.message)
    });
    let detail = format_args!("{} cells refuse the table, and nothing was written", faults.len());
    Problem::new(Kind::InvalidBody).detail(detail).faults(entries)
}
