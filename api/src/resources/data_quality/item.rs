//! Quality checks as plan items: how they are shown, made and listed.

use std::cmp::Reverse;

use waymark_domain::code::Code;
use waymark_domain::period::Period;
use waymark_domain::quality::QualityCheck;
use waymark_domain::workflow::{DateOf, Input, past};
use waymark_persistence::Connection;
use waymark_persistence::plan_item::{self, Filed};

use super::schema;
use super::schema::{Answers, QualityCheckPage};
use crate::http::known::Moment;
use crate::http::page::{Page, bad_cursor};
use crate::http::problem::Problem;
use crate::store::entities;
use crate::workflow::item::{Item, Shown, Viewer};
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;
use crate::workflow::{Failure, Pointers};

/// The inputs of a new check.
pub(super) const NEW: Pointers = Pointers(&[(Input::Period, "/period")]);

impl Item for QualityCheck {
    const NAME: &'static str = "quality check";
    const COLLECTION: &'static str = "quality-checks";
    type View = schema::QualityCheck;
    type Context = ();

    fn context(_: &mut Connection, _: &PlanScope, _: &Viewer) -> Result<(), Problem> {
        Ok(())
    }

    fn view((): &mut (), _: &mut Connection, shown: &Shown<'_, Self>) -> Result<Self::View, Problem> {
        Ok(schema::QualityCheck::from(shown.revision))
    }

    fn path(key: &str) -> String {
        let (measure, period) = key.split_once(' ').unwrap_or((key, ""));
        format!("measures/{measure}/quality-checks/{}", period.replace('/', "%2F"))
    }
}

/// The key of a check among those of its plan.
pub(crate) fn key(measure: &Code, period: Period) -> String {
    format!("{measure} {period}")
}

/// A new check with its key.
pub(super) fn make(
    step: &mut Step<'_>,
    measure: Code,
    period: Period,
    answers: Answers,
) -> Result<(String, QualityCheck), Failure> {
    must_have(step.connection, step.scope, &measure, None)?;
    past(DateOf::Period, period.last_day(), step.scope.span(), step.today())?;
    let key = key(&measure, period);
    Ok((key, answers.of(measure, period, step.actor.name.clone())))
}

/// A page of the checks of a measure, the newest period first.
pub(super) fn page(
    connection: &mut Connection,
    scope: &PlanScope,
    measure: &Code,
    page: &Page,
    known_at: Moment,
) -> Result<QualityCheckPage, Problem> {
    let after: Option<Period> = page.first_key().map(str::parse).transpose().map_err(|_| bad_cursor())?;
    must_have(connection, scope, measure, known_at)?;
    let mut checks: Vec<Filed<QualityCheck>> = plan_item::all(connection, scope.place(), known_at)?;
    checks.retain(|filed| {
        let check = &filed.versioned.content;
        check.measure == *measure && after.is_none_or(|after| check.period < after)
    });
    checks.sort_by_key(|filed| Reverse(filed.versioned.content.period));
    let next = page.cut(&mut checks, |filed| vec![filed.versioned.content.period.to_string()]);
    let items = checks.iter().map(|filed| schema::QualityCheck::from(&filed.versioned)).collect();
    Ok(QualityCheckPage { items, next })
}

/// 404 if the plan does not have the measure.
fn must_have(
    connection: &mut Connection,
    scope: &PlanScope,
    code: &Code,
    known_at: Moment,
) -> Result<(), Problem> {
    entities::find_measure(connection, scope.plan.versioned.id, code, known_at).map(drop)
}
