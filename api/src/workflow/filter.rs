//! Filters of lists whose value names a measure, a theme, a priority or a post: a name that does not exist is 422, so
//! that a misspelt filter is never mistaken for an empty list.

use waymark_domain::code::Code;
use waymark_persistence::{Connection, measure};

use super::scope::PlanScope;
use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::http::validation::unknown_filter_value;

/// 422 if the plan has no such measure.
pub(crate) fn known_measure(
    connection: &mut Connection,
    scope: &PlanScope,
    known_at: Moment,
    code: &Code,
) -> Result<(), Problem> {
    let measures = measure::list(connection, scope.plan.versioned.id, None, i64::MAX, known_at)?;
    known("measure", "measure", code.as_str(), measures.iter().map(|measure| measure.code.as_str()))
}

/// 422 if the plan has no such theme.
pub(crate) fn known_theme(scope: &PlanScope, code: &Code) -> Result<(), Problem> {
    let themes = scope.plan.versioned.content.themes.iter();
    known("theme", "theme", code.as_str(), themes.map(|theme| theme.code.as_str()))
}

/// 422 if the plan has no such priority.
pub(crate) fn known_priority(scope: &PlanScope, code: &Code) -> Result<(), Problem> {
    let priorities = scope.plan.versioned.content.priorities.iter();
    known("priority", "priority", code.as_str(), priorities.map(|priority| priority.code.as_str()))
}

/// 422 if a value of a parameter is not among the existing ones; `what` names them.
pub(crate) fn known<'a>(
    parameter: &str,
    what: &str,
    value: &str,
    existing: impl Iterator<Item = &'a str>,
) -> Result<(), Problem> {
    let mut existing: Vec<&str> = existing.collect();
    if existing.contains(&value) {
        return Ok(());
    }
    existing.sort_unstable();
    existing.dedup();
    Err(unknown_filter_value(parameter, what, value, existing))
}
