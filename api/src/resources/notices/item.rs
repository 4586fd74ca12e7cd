//! Improvement notices as plan items: how they are shown, and whether their terms fit the plan.

use std::collections::HashMap;

use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::notice::{Notice, Terms};
use waymark_domain::workflow::Input;
use waymark_persistence::Connection;
use waymark_persistence::measure::measures_of_plan;

use super::schema;
use crate::http::problem::Problem;
use crate::workflow::Pointers;
use crate::workflow::item::{Item, Shown, Viewer};
use crate::workflow::scope::PlanScope;

/// The inputs of a notice's content.
pub(super) const TERMS: Pointers =
    Pointers(&[(Input::IssuedOn, "/issued_on"), (Input::Requirements, "/requirements")]);
/// The inputs of a report of progress.
pub(super) const PROGRESS: Pointers =
    Pointers(&[(Input::Requirement, "/requirement"), (Input::Period, "/period")]);
/// The inputs of a decision of the authority.
pub(super) const DECISION: Pointers =
    Pointers(&[(Input::MeetingDate, "/decided_on"), (Input::DecidedItem, "/decided_on")]);

impl Item for Notice {
    const NAME: &'static str = "notice";
    const COLLECTION: &'static str = "notices";
    type View = schema::Notice;
    type Context = ();

    fn context(_: &mut Connection, _: &PlanScope, _: &Viewer) -> Result<(), Problem> {
        Ok(())
    }

    fn view((): &mut (), _: &mut Connection, shown: &Shown<'_, Self>) -> Result<Self::View, Problem> {
        schema::Notice::of(shown.key, shown.revision, shown.actor())
    }
}

/// 422 with every flaw of terms that do not fit the plan and its measures.
pub(crate) fn fits(connection: &mut Connection, scope: &PlanScope, terms: &Terms) -> Result<(), Problem> {
    let measures = measures_of_plan(connection, scope.plan.versioned.id, None)?;
    let indicators: HashMap<&Code, &Indicator> = measures
        .iter()
        .map(|of_plan| (&of_plan.measure.code, &of_plan.indicator.versioned.content))
        .collect();
    let flaws = terms.flaws(&scope.plan.versioned.content, &indicators);
    if flaws.is_empty() { Ok(()) } else { Err(schema::problem(flaws)) }
}
