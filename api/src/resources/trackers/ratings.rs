//! The ratings of aligned measures, from the real position of the plan.

use std::collections::HashMap;

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_domain::text::Note;
use waymark_domain::tracker::{AlignedRating, Tracker};
use waymark_persistence::Connection;

use super::schema::Current;
use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::position::withheld;
use crate::position::{PlanPosition, When};
use crate::workflow::scope::PlanScope;

/// A plan and its positions, each loaded once for its date.
pub(crate) struct Ratings {
    scope: PlanScope,
    today: NaiveDate,
    known_at: Moment,
    positions: HashMap<NaiveDate, PlanPosition>,
}

impl Ratings {
    /// Those of a plan, as they are today or as they were known at a moment.
    pub(super) fn of(scope: &PlanScope, today: NaiveDate, known_at: Moment) -> Self {
        Self { scope: scope.clone(), today, known_at, positions: HashMap::new() }
    }

    /// Those of the measures aligned to a tracker, at the end of its quarter or today. A measure that has left the plan
    /// is rated as it was on its last day there.
    pub(super) fn current(
        &mut self,
        connection: &mut Connection,
        tracker: &Tracker,
    ) -> Result<Current, Problem> {
        let as_at = tracker.quarter.as_at(self.today);
        if !self.positions.contains_key(&as_at) {
            let when = When { as_at, known_at: self.known_at, previous_report: None };
            let PlanScope { organisation, plan } = &self.scope;
            let position = PlanPosition::load(connection, organisation, plan.clone(), when)?;
            self.positions.insert(as_at, position);
        }
        let position = self.positions.get(&as_at);
        let rated = |code: &Code| position.and_then(|position| aligned(position, code));
        Ok(Current { as_at, ratings: tracker.content.aligned_measures.iter().filter_map(rated).collect() })
    }
}

/// The ratings of a tracker's aligned measures at the end of its quarter, or today.
pub(crate) fn ratings_on(
    connection: &mut Connection,
    scope: &PlanScope,
    tracker: &Tracker,
    today: NaiveDate,
) -> Result<Vec<AlignedRating>, Problem> {
    Ok(Ratings::of(scope, today, None).current(connection, tracker)?.ratings)
}

fn aligned(position: &PlanPosition, code: &Code) -> Option<AlignedRating> {
    let of_plan = position.find(code)?;
    let status = position.status(of_plan);
    let explanation = &status.decisive.explanation;
    let hidden = status.decisive.is_suppressed;
    let instead = || Note::fitted(&withheld(explanation.rating().words(), position.threshold()));
    Some(AlignedRating {
        measure: code.clone(),
        title: of_plan.indicator.versioned.content.title.clone(),
        rating: status.rating(),
        computed: status.computed,
        explanation: Note::fitted(&explanation.to_string())?,
        withheld: if hidden { instead() } else { None },
    })
}
