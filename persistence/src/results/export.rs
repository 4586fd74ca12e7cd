//! Every result that passes a filter, one after the other, as the texts that it is kept as.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::observation::Observation;

use super::ResultFilter;
use super::read::{Place, wanted};
use super::row::Row;
use crate::{Connection, StoreError};

/// Rows that are read at once: few enough to be held, enough to make a round trip worth it.
const PIECE: usize = 4000;

/// A result as it is kept.
pub struct KeptResult(Row);

/// A result letter by letter: what a file of many is made of, without understanding each.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the columns of a result, as `StoredResult` and `Observation` tell of them")]
pub struct Texts<'a> {
    pub id: Uuid,
    pub indicator: Uuid,
    pub period: &'a str,
    /// Empty for the whole.
    pub breakdown: &'a str,
    /// Empty for a result of one part.
    pub component: &'a str,
    pub definition_version: i32,
    pub value: Option<&'a str>,
    pub numerator: Option<&'a str>,
    pub denominator: Option<&'a str>,
    pub unread: Option<&'a str>,
    pub unread_reason: Option<&'a str>,
    pub standing: &'a str,
    pub quality: Option<&'a str>,
    pub note: Option<&'a str>,
    pub is_baseline: bool,
    pub submission: Uuid,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// Gives each result that passes the filter to `take`, in the order of [`super::list`]: what belongs to one indicator
/// and one period comes together. However many there are, few are held at once.
///
/// # Errors
/// Those of `take`, which end it, and [`StoreError`]s.
pub fn each<E: From<StoreError>>(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &ResultFilter,
    mut take: impl FnMut(&mut Connection, KeptResult) -> Result<(), E>,
) -> Result<(), E> {
    let mut after: Option<Place> = None;
    loop {
        let query = wanted(organisation, filter, after.as_ref()).limit(PIECE as i64);
        let rows: Vec<Row> = query.load(connection).map_err(StoreError::from)?;
        let is_last = rows.len() < PIECE;
        after = rows.last().map(place_of);
        for row in rows {
            take(connection, KeptResult(row))?;
        }
        if is_last {
            return Ok(());
        }
    }
}

impl KeptResult {
    /// What it says, letter by letter.
    pub fn texts(&self) -> Texts<'_> {
        let row = &self.0;
        let said = &row.said;
        Texts {
            id: row.id.0,
            indicator: row.indicator_id.0,
            period: &row.period,
            breakdown: &row.breakdown,
            component: &row.component,
            definition_version: said.definition_version,
            value: said.value.as_deref(),
            numerator: said.numerator.as_deref(),
            denominator: said.denominator.as_deref(),
            unread: said.unread.as_deref(),
            unread_reason: said.unread_reason.as_deref(),
            standing: &said.standing,
            quality: said.quality.as_deref(),
            note: said.note.as_deref(),
            is_baseline: said.is_baseline,
            submission: row.submission_id.0,
            recorded_at: row.recorded_at.into(),
            superseded_at: row.superseded_at.map(DateTime::from),
        }
    }

    /// What was measured.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it cannot be read.
    pub fn observation(&self) -> Result<Observation, StoreError> {
        self.0.observation()
    }
}

fn place_of(row: &Row) -> Place {
    (row.indicator_id, row.period.clone(), row.breakdown.clone(), row.component.clone())
}
