//! Results: written in bulk so that no correction overwrites what was known, and read back as of any day and
//! as known at any moment.

mod push;
mod row;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Text};
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Breakdown;
use waymark_domain::observation::{Observation, Standing};
use waymark_domain::period::Period;
use waymark_domain::text::Name;

pub use push::{Fate, NewResult, Outcome, Push, Pushed, compare, push};
use row::{Row, text_of};

use crate::document::Named;
use crate::revision::BATCH;
use crate::schema::{indicators, results};
use crate::types::{Id, Instant};
use crate::{Connection, StoreError};

/// A result as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResult {
    /// Its id; a correction has one of its own.
    pub id: Uuid,
    /// The indicator that it is a result of.
    pub indicator: Uuid,
    /// The code of that indicator.
    pub indicator_code: Code,
    /// What was measured.
    pub observation: Observation,
    /// The submission that brought it.
    pub submission: Uuid,
    /// From when on it was known.
    pub recorded_at: DateTime<Utc>,
    /// Until when it was current; none while it is.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// The natural key of a result in its organisation, and the order in which results are listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResultKey {
    /// The indicator.
    pub indicator: Uuid,
    /// The period.
    pub period: Period,
    /// The category of a breakdown, or none for the whole.
    pub breakdown: Option<Breakdown>,
    /// The named part, or none for a result of one part.
    pub component: Option<Name>,
}

/// Which parts of something are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part<T> {
    /// All of them.
    #[default]
    Any,
    /// Only the whole.
    Whole,
    /// Only this part.
    Only(T),
}

/// Which results are wanted. The default wants all that are current.
#[derive(Debug, Clone, Default)]
pub struct ResultFilter {
    /// Only of these indicators.
    pub indicators: Option<Vec<Uuid>>,
    /// Only of this period.
    pub period: Option<Period>,
    /// Only of periods that begin on this day or later.
    pub from: Option<NaiveDate>,
    /// Only of periods that end on this day or earlier.
    pub to: Option<NaiveDate>,
    /// The breakdown.
    pub breakdown: Part<Breakdown>,
    /// The component.
    pub component: Part<Name>,
    /// Only of this standing.
    pub standing: Option<Standing>,
    /// Only those that this submission brought.
    pub submission: Option<Uuid>,
    /// The position on this day: only of periods that had ended by then.
    pub as_at: Option<NaiveDate>,
    /// What was known at this moment.
    pub known_at: Option<DateTime<Utc>>,
}

/// The results of an organisation that pass the filter, ordered by indicator, period, breakdown and
/// component, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &ResultFilter,
    after: Option<&ResultKey>,
    limit: i64,
) -> Result<Vec<StoredResult>, StoreError> {
    let mut query = results::table
        .inner_join(indicators::table.on(indicators::id.eq(results::indicator_id)))
        .filter(results::organisation_id.eq(Id(organisation)))
        .select((Row::as_select(), indicators::code))
        .into_boxed();
    match filter.known_at {
        None => query = query.filter(results::superseded_at.is_null()),
        Some(moment) => {
            let moment = Instant::from(moment);
            query = query
                .filter(results::recorded_at.le(moment))
                .filter(results::superseded_at.is_null().or(results::superseded_at.gt(moment)));
        }
    }
    if let Some(ids) = &filter.indicators {
        query = query.filter(results::indicator_id.eq_any(ids.iter().copied().map(Id)));
    }
    if let Some(period) = filter.period {
        query = query.filter(results::period.eq(period.to_string()));
    }
    if let Some(day) = filter.from {
        query = query.filter(results::period_first.ge(day));
    }
    for day in [filter.to, filter.as_at].into_iter().flatten() {
        query = query.filter(results::period_last.le(day));
    }
    match &filter.breakdown {
        Part::Any => {}
        Part::Whole => query = query.filter(results::breakdown.eq("")),
        Part::Only(breakdown) => query = query.filter(results::breakdown.eq(breakdown.to_string())),
    }
    match &filter.component {
        Part::Any => {}
        Part::Whole => query = query.filter(results::component.eq("")),
        Part::Only(component) => query = query.filter(results::component.eq(component.as_str())),
    }
    if let Some(standing) = filter.standing {
        query = query.filter(results::standing.eq(standing.name()));
    }
    if let Some(submission) = filter.submission {
        query = query.filter(results::submission_id.eq(Id(submission)));
    }
    if let Some(ResultKey { indicator, period, breakdown, component }) = after {
        // One comparison of the whole key, which both engines answer from the index.
        query = query.filter(
            sql::<Bool>("(results.indicator_id, results.period, results.breakdown, results.component) > (")
                .bind::<Binary, _>(Id(*indicator))
                .sql(", ")
                .bind::<Text, _>(period.to_string())
                .sql(", ")
                .bind::<Text, _>(text_of(breakdown.as_ref()))
                .sql(", ")
                .bind::<Text, _>(text_of(component.as_ref()))
                .sql(")"),
        );
    }
    let rows: Vec<(Row, String)> = query
        .order((results::indicator_id, results::period, results::breakdown, results::component))
        .limit(limit)
        .load(connection)?;
    rows.into_iter().map(|(row, code)| row.read(code)).collect()
}

/// All that is needed to rate measures of these indicators on a day: their results of periods that had ended
/// by then, of the whole or of these breakdowns, as they were known at a moment. Ordered by indicator, last
/// day of the period, period, breakdown and component.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn for_rating(
    connection: &mut Connection,
    organisation: Uuid,
    indicators_wanted: &[Uuid],
    breakdowns: &[Breakdown],
    as_at: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<StoredResult>, StoreError> {
    let mut parts: Vec<String> = breakdowns.iter().map(Breakdown::to_string).collect();
    parts.push(String::new());
    let mut found = Vec::new();
    for batch in indicators_wanted.chunks(BATCH) {
        let mut query = results::table
            .inner_join(indicators::table.on(indicators::id.eq(results::indicator_id)))
            .filter(results::organisation_id.eq(Id(organisation)))
            .filter(results::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .filter(results::breakdown.eq_any(&parts))
            .filter(results::period_last.le(as_at))
            .select((Row::as_select(), indicators::code))
            .into_boxed();
        match known_at {
            None => query = query.filter(results::superseded_at.is_null()),
            Some(moment) => {
                let moment = Instant::from(moment);
                query = query
                    .filter(results::recorded_at.le(moment))
                    .filter(results::superseded_at.is_null().or(results::superseded_at.gt(moment)));
            }
        }
        let rows: Vec<(Row, String)> = query
            .order((
                results::indicator_id,
                results::period_last,
                results::period,
                results::breakdown,
                results::component,
            ))
            .load(connection)?;
        found.reserve(rows.len());
        for (row, code) in rows {
            found.push(row.read(code)?);
        }
    }
    Ok(found)
}

/// All that was ever recorded under a key, the latest first.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn history(
    connection: &mut Connection,
    organisation: Uuid,
    key: &ResultKey,
) -> Result<Vec<StoredResult>, StoreError> {
    let rows: Vec<(Row, String)> = results::table
        .inner_join(indicators::table.on(indicators::id.eq(results::indicator_id)))
        .filter(results::organisation_id.eq(Id(organisation)))
        .filter(results::indicator_id.eq(Id(key.indicator)))
        .filter(results::breakdown.eq(text_of(key.breakdown.as_ref())))
        .filter(results::period_last.eq(key.period.last_day()))
        .filter(results::period.eq(key.period.to_string()))
        .filter(results::component.eq(text_of(key.component.as_ref())))
        .order(results::recorded_at.desc())
        .select((Row::as_select(), indicators::code))
        .load(connection)?;
    rows.into_iter().map(|(row, code)| row.read(code)).collect()
}

impl StoredResult {
    /// Its natural key.
    pub fn key(&self) -> ResultKey {
        let (period, breakdown, component) = self.observation.key();
        ResultKey { indicator: self.indicator, period, breakdown, component }
    }
}
