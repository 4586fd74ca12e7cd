//! The ratings of aligned measures, from the real position of the plan.

use std::collections::HashMap;

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_domain::text::Note;
use waymark_domain::tracker::{AlignedRating, Tracker};
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::schema;
use super::schema::{Live, Viewer};
use crate::http::list_query::Moment;
use crate::http::problem::Problem;
use crate::reporting::status::position::{PlanPosition, When};
use crate::reporting::status::withheld;
use crate::workflow::scope::PlanScope;

/// A plan and its positions, each loaded once for its date.
pub(super) struct Ratings<'a> {
    in_plan: &'a PlanScope,
    today: NaiveDate,
    known_at: Moment,
    positions: HashMap<NaiveDate, PlanPosition>,
}

impl<'a> Ratings<'a> {
    /// Those of a plan, as they are today or as they were known at a moment.
    pub(super) fn of(in_plan: &'a PlanScope, today: NaiveDate, known_at: Moment) -> Self {
        let today = known_at.map_or(today, |moment| moment.date_naive());
        Self { in_plan, today, known_at, positions: HashMap::new() }
    }

    /// Those of the measures aligned to a tracker, as they stand at the end of its quarter or today. A measure that
    /// has left the plan is rated as it was on its last day there.
    pub(super) fn live(&mut self, connection: &mut Connection, tracker: &Tracker) -> Result<Live, Problem> {
        let as_at = tracker.quarter.as_at(self.today);
        if !self.positions.contains_key(&as_at) {
            let when = When { as_at, known_at: self.known_at, previous_report: None };
            let PlanScope { organisation, plan } = self.in_plan;
            let position = PlanPosition::load(connection, organisation, plan.clone(), when)?;
            self.positions.insert(as_at, position);
        }
        let position = self.positions.get(&as_at);
        let rated = |code: &Code| position.and_then(|position| aligned(position, code));
        Ok(Live { as_at, ratings: tracker.content.aligned_measures.iter().filter_map(rated).collect() })
    }

    /// A tracker as the viewer may see it, with ratings as they stand where none are frozen.
    pub(super) fn told(
        &mut self,
        connection: &mut Connection,
        filed: &Filed<Tracker>,
        viewer: &Viewer,
    ) -> Result<schema::Tracker, Problem> {
        let tracker = &filed.versioned.content;
        let live = match tracker.submission() {
            Some(_) => None,
            None => Some(self.live(connection, tracker)?),
        };
        Ok(schema::Tracker::of(&filed.versioned, live.as_ref(), viewer))
    }
}

fn aligned(position: &PlanPosition, code: &Code) -> Option<AlignedRating> {
    let of_plan = position.find(code)?;
    let told = position.status(of_plan);
    let explanation = &told.decisive.explanation;
    let hidden = told.decisive.is_suppressed;
    let instead = || Note::fitted(&withheld(explanation.rating().words(), position.threshold()));
    Some(AlignedRating {
        measure: code.clone(),
        title: of_plan.indicator.versioned.content.title.clone(),
        rating: told.rating(),
        computed: told.computed,
        explanation: Note::fitted(&explanation.to_string())?,
        withheld: if hidden { instead() } else { None },
    })
}
