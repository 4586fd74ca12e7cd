//! Indicators: created, changed, found by code or id, listed.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;

use crate::db::schema::{indicators, measures};
use crate::db::types::Id;
use crate::history::entity::{Coded, Identity, Record, Slice, of_organisation, repository};
use crate::history::noun::Noun;
use crate::history::revision::{BATCH, Change, Versioned, known_by};
use crate::history::{entity, noun};
use crate::{Connection, StoreError, new_id};

of_organisation!(Indicator, indicators, "indicator code");
repository!(Indicator, Record<Indicator>, Uuid, organisation);

/// The indicators of those codes that any of the organisations has, in no particular order: a push or an
/// import names them by the hundred.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn find_many(
    connection: &mut Connection,
    organisations: &[Uuid],
    codes: &[Code],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Indicator>>, StoreError> {
    let mut identities: Vec<Identity<Id>> = Vec::with_capacity(codes.len());
    for batch in codes.chunks(BATCH) {
        let of_codes: Vec<Identity<Id>> = indicators::table
            .filter(indicators::organisation_id.eq_any(organisations.iter().copied().map(Id)))
            .filter(indicators::code.eq_any(batch.iter().map(Code::as_str)))
            .select(IDENTITY)
            .load(connection)?;
        identities.extend(of_codes);
    }
    entity::read::<Indicator>(connection, identities, known_at)
}

/// The indicators of those ids, in no particular order; ids of no indicator are left out.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn of_ids(
    connection: &mut Connection,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Indicator>>, StoreError> {
    let mut identities: Vec<Identity<Id>> = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let of_ids: Vec<Identity<Id>> = indicators::table
            .filter(indicators::id.eq_any(batch.iter().copied().map(Id)))
            .select(IDENTITY)
            .load(connection)?;
        identities.extend(of_ids);
    }
    entity::read::<Indicator>(connection, identities, known_at)
}

/// The indicators of the measures of a plan, in no particular order.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub(super) fn of_plan(
    connection: &mut Connection,
    plan: Uuid,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Indicator>>, StoreError> {
    let of_plan = measures::table.filter(measures::plan_id.eq(Id(plan))).select(measures::indicator_id);
    let identities: Vec<Identity<Id>> =
        indicators::table.filter(indicators::id.eq_any(of_plan)).select(IDENTITY).load(connection)?;
    entity::read::<Indicator>(connection, identities, known_at)
}
