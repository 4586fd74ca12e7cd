//! Judgements: officers' overrides and predictions, added and never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::judgement::Judgement;

use crate::db::schema::{judgements, measures};
use crate::db::types::{Id, Instant, from_document, to_document};
use crate::history::document::{JudgementDocument, Stored};
use crate::history::revision::Change;
use crate::{Connection, StoreError, new_id, versions};

const KIND: &str = "judgement";

/// A judgement as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenJudgement {
    /// Its id.
    pub id: Uuid,
    /// The measure that it is about.
    pub measure: Uuid,
    /// When it was given.
    pub recorded_at: DateTime<Utc>,
    /// What it says.
    pub judgement: Judgement,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = judgements)]
struct Row {
    id: Id,
    measure_id: Id,
    recorded_at: Instant,
    document: String,
}

/// Adds a judgement on a measure of an organisation.
///
/// # Errors
/// [`StoreError::Query`] where there is no such measure.
pub fn add(
    connection: &mut Connection,
    organisation: Uuid,
    measure: Uuid,
    judgement: &Judgement,
    change: &Change,
) -> Result<GivenJudgement, StoreError> {
    let id = new_id(change.at);
    let recorded_at = Instant::from(change.at);
    diesel::insert_into(judgements::table)
        .values((
            judgements::organisation_id.eq(Id(organisation)),
            judgements::measure_id.eq(Id(measure)),
            judgements::id.eq(Id(id)),
            judgements::recorded_at.eq(recorded_at),
            judgements::author.eq(&change.author),
            judgements::roles.eq(&change.roles),
            judgements::request_id.eq(&change.request_id),
            judgements::document.eq(to_document(KIND, &JudgementDocument::store(judgement))?),
        ))
        .execute(connection)?;
    versions::changed(connection, organisation)?;
    Ok(GivenJudgement { id, measure, recorded_at: recorded_at.into(), judgement: judgement.clone() })
}

/// The judgements on one measure in the order in which they were given, those known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where one cannot be read.
pub fn of_measure(
    connection: &mut Connection,
    organisation: Uuid,
    measure: Uuid,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<GivenJudgement>, StoreError> {
    let rows: Vec<Row> = judgements::table
        .filter(judgements::organisation_id.eq(Id(organisation)))
        .filter(judgements::measure_id.eq(Id(measure)))
        .filter(judgements::recorded_at.le(Instant::by(known_at)))
        .order((judgements::recorded_at, judgements::id))
        .select(Row::as_select())
        .load(connection)?;
    rows.into_iter().map(Row::read).collect()
}

/// The judgements on all measures of a plan by measure, each in the order in which they were given, those
/// known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where one cannot be read.
pub fn of_plan(
    connection: &mut Connection,
    organisation: Uuid,
    plan: Uuid,
    known_at: Option<DateTime<Utc>>,
) -> Result<HashMap<Uuid, Vec<GivenJudgement>>, StoreError> {
    let of_plan = measures::table.filter(measures::plan_id.eq(Id(plan))).select(measures::id);
    let rows: Vec<Row> = judgements::table
        .filter(judgements::organisation_id.eq(Id(organisation)))
        .filter(judgements::measure_id.eq_any(of_plan))
        .filter(judgements::recorded_at.le(Instant::by(known_at)))
        .order((judgements::recorded_at, judgements::id))
        .select(Row::as_select())
        .load(connection)?;
    let mut by_measure: HashMap<Uuid, Vec<GivenJudgement>> = HashMap::new();
    for row in rows {
        let given = row.read()?;
        by_measure.entry(given.measure).or_default().push(given);
    }
    Ok(by_measure)
}

impl Row {
    fn read(self) -> Result<GivenJudgement, StoreError> {
        let Self { id, measure_id, recorded_at, document } = self;
        Ok(GivenJudgement {
            id: id.0,
            measure: measure_id.0,
            recorded_at: recorded_at.into(),
            judgement: from_document::<JudgementDocument>(KIND, &document)?.restore(),
        })
    }
}
