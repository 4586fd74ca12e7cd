//! What people call the things of the trail: their codes, and the plans that they belong to.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::{Found, TrailEntry};
use crate::db::schema::{clients, indicators, measures, organisations, plan_items, plans};
use crate::db::types::{Id, from_document};
use crate::history::revision::BATCH;
use crate::{Connection, StoreError};

/// What something is called, and the plan that it belongs to.
struct Called {
    code: String,
    plan: Option<Uuid>,
}

/// The changes with the codes of what they are of: a few queries, however many changes there are.
pub(super) fn with_names(
    connection: &mut Connection,
    organisation: Uuid,
    found: Vec<Found>,
) -> Result<Vec<TrailEntry>, StoreError> {
    let mut ids: Vec<Uuid> = found.iter().map(Found::subject).collect();
    ids.sort_unstable();
    ids.dedup();
    let called = called(connection, organisation, &ids)?;
    let mut plan_ids: Vec<Uuid> = called.values().filter_map(|called| called.plan).collect();
    plan_ids.sort_unstable();
    plan_ids.dedup();
    let mut plan_codes: HashMap<Uuid, String> = HashMap::with_capacity(plan_ids.len());
    for batch in plan_ids.chunks(BATCH) {
        let rows: Vec<(Id, String)> = plans::table
            .filter(plans::id.eq_any(batch.iter().copied().map(Id)))
            .select((plans::id, plans::code))
            .load(connection)?;
        plan_codes.extend(rows.into_iter().map(|(id, code)| (id.0, code)));
    }
    let entries = found.into_iter().map(|change| {
        let name = called.get(&change.subject());
        let plan = name.and_then(|called| called.plan).and_then(|plan| plan_codes.get(&plan)).cloned();
        let Found { key, kind, author, roles, request_id, before, after, measure: _ } = change;
        let before = before.map(|text| from_document("revision", &text)).transpose()?;
        let code = name.map(|called| called.code.clone());
        Ok(TrailEntry { key, kind, plan, code, author, roles, request_id, before, after })
    });
    entries.collect()
}

impl Found {
    /// The thing whose code shows what this is about.
    fn subject(&self) -> Uuid {
        self.measure.unwrap_or(self.key.entity)
    }
}

/// Ids are unique among all things, so each is looked for in every table that has codes.
fn called(
    connection: &mut Connection,
    organisation: Uuid,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Called>, StoreError> {
    let mut called = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let wanted = || batch.iter().copied().map(Id);
        let mut alone: Vec<(Id, String)> = organisations::table
            .filter(organisations::id.eq_any(wanted()))
            .select((organisations::id, organisations::code))
            .load(connection)?;
        alone.extend(
            indicators::table
                .filter(indicators::id.eq_any(wanted()))
                .select((indicators::id, indicators::code))
                .load::<(Id, String)>(connection)?,
        );
        alone.extend(
            clients::table
                .filter(clients::id.eq_any(wanted()))
                .select((clients::id, clients::name))
                .load::<(Id, String)>(connection)?,
        );
        called.extend(alone.into_iter().map(|(id, code)| (id.0, Called { code, plan: None })));

        let mut in_plans: Vec<(Id, String, Id)> = plans::table
            .filter(plans::id.eq_any(wanted()))
            .select((plans::id, plans::code, plans::id))
            .load(connection)?;
        in_plans.extend(
            measures::table
                .filter(measures::id.eq_any(wanted()))
                .select((measures::id, measures::code, measures::plan_id))
                .load::<(Id, String, Id)>(connection)?,
        );
        in_plans.extend(
            plan_items::table
                .filter(plan_items::organisation_id.eq(Id(organisation)))
                .filter(plan_items::id.eq_any(wanted()))
                .select((plan_items::id, plan_items::item_key, plan_items::plan_id))
                .load::<(Id, String, Id)>(connection)?,
        );
        let in_plans = in_plans.into_iter();
        called.extend(in_plans.map(|(id, code, plan)| (id.0, Called { code, plan: Some(plan.0) })));
    }
    Ok(called)
}
